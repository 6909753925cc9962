package io.asynchat.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.DefaultByteBufHolder;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a transcript records, and when two entries are equal. */
@Tag("internal")
@ExtendWith(NoLeaks.class)
class TranscriptTest {

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void entriesAreShownOneALine() {
        Transcript transcript = new Transcript();
        transcript.event("open");
        transcript.frame(ascii("a\r\n"));

        assertThat(transcript).hasToString("open\n\"a\\r\\n\"\n");
    }

    @Test
    void frameCountsAsACallback() {
        Transcript transcript = new Transcript();
        List<Integer> counts = new ArrayList<>();
        transcript.atEachCallback(() -> counts.add(transcript.callbacks()), false);

        transcript.frame(ascii("a"));
        transcript.message("b");

        assertThat(counts).containsExactly(1, 2);
    }

    @Test
    void holderIsRecordedWithItsClassAndItsBytes() {
        Transcript transcript = new Transcript();
        transcript.message(new DefaultByteBufHolder(Unpooled.wrappedBuffer(ascii("x"))));

        assertThat(transcript).hasToString("DefaultByteBufHolder \"x\"\n");
    }

    @Test
    void entriesAreEqualIfNameAndBytesAre() {
        assertThat(Set.of(new Entry("a", ascii("1")), new Entry("b", ascii("1")), new Entry("a", ascii("2"))))
                .contains(new Entry("a", ascii("1")), new Entry("b", ascii("1")))
                .doesNotContain(new Entry("b", ascii("2")), new Entry("a", null));
        assertThat(new Entry("a", ascii("1"))).hasSameHashCodeAs(new Entry("a", ascii("1")));
        assertThat(new Entry("a", ascii("1")).hashCode())
                .isNotEqualTo(new Entry("b", ascii("1")).hashCode())
                .isNotEqualTo(new Entry("a", ascii("2")).hashCode())
                .isNotZero();
    }

    @Test
    void bytesFrom80OnAreShownFrom40BytesBeforeTheDifference() {
        byte[] zeros = new byte[100];
        assertThat(Entry.firstShown(new Entry("", zeros), differing(79))).isZero();
        assertThat(Entry.firstShown(new Entry("", zeros), differing(80))).isEqualTo(40);
        assertThat(Entry.firstShown(new Entry("", zeros), differing(90))).isEqualTo(50);
    }

    private static Entry differing(int at) {
        byte[] bytes = new byte[100];
        bytes[at] = 1;
        return new Entry("", bytes);
    }
}
