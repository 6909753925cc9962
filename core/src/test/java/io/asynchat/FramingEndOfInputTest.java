package io.asynchat;

import static io.asynchat.Terminator.CRLF;
import static io.asynchat.Terminator.anyOf;
import static io.asynchat.Terminator.delimiter;
import static io.asynchat.Terminator.length;
import static io.asynchat.Terminator.lengthPrefix;
import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.RandomStream.Way;
import io.asynchat.testkit.NoLeaks;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the end of the input makes of a frame that has begun. */
@ExtendWith(NoLeaks.class)
class FramingEndOfInputTest {
    @ParameterizedTest
    @EnumSource(Way.class)
    void endBetweenFramesTruncatesNothing(Way way) {
        CutScript.of("a\r\nb\r\n", way, CRLF).endingInput().delivers("a<end>b<end><end of input>");
        CutScript.of("", way, CRLF).endingInput().delivers("<end of input>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void heldBytesAreDataOfTheTruncatedFrame(Way way) {
        String truncated = "<truncated delimiter \"\\r\\n\"><end of input>";
        CutScript.of("a\r\nbc", way, CRLF).endingInput().delivers("a<end>bc" + truncated);
        CutScript.of("a\r\nbc\r", way, CRLF).endingInput().delivers("a<end>bc\r" + truncated);
        CutScript.of("\r", way, CRLF).endingInput().delivers("\r" + truncated);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void heldPrefixOfOneOfSeveralDelimitersIsData(Way way) {
        CutScript.of("xaabaab", way, anyOf(delimiter("aabaac"), delimiter("q")))
                .endingInput()
                .delivers("xaabaab<truncated any of [delimiter \"aabaac\", delimiter \"q\"]><end of input>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void outstandingLengthIsTruncatedWithoutAByte(Way way) {
        CutScript.of("a\r\n", way, CRLF, length(3)).endingInput().delivers("a<end><truncated length 3><end of input>");
        CutScript.of("a\r\nbc", way, CRLF, length(3))
                .endingInput()
                .delivers("a<end>bc<truncated length 3><end of input>");
        CutScript.of("a\r\nbcd", way, CRLF, length(3)).endingInput().delivers("a<end>bcd<end><end of input>");
        CutScript.of("a\r\n", way, CRLF, length(0)).endingInput().delivers("a<end><end><end of input>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void endWithoutATerminatorTruncatesNothing(Way way) {
        CutScript.of("abc\r", way, Terminator.none()).endingInput().delivers("abc\r<end of input>");
        CutScript.of("a\r\nbc\r", way, CRLF, Terminator.none()).endingInput().delivers("a<end>bc\r<end of input>");
    }

    @Test
    void hashCodesOfTruncatedFramesDifferAsTheFramesDo() {
        Set<Integer> codes = new HashSet<>();
        for (Terminator terminator : new Terminator[] {CRLF, length(3)}) {
            for (String bytes : new String[] {"a", "b"}) {
                TruncatedFrame frame = new TruncatedFrame(EmbeddedInput.buffer(bytes), terminator);
                TruncatedFrame same = new TruncatedFrame(EmbeddedInput.buffer(bytes), terminator);
                assertThat(frame).isEqualTo(same).hasSameHashCodeAs(same);
                codes.add(frame.hashCode());
                frame.release();
                same.release();
            }
        }
        assertThat(codes).hasSize(4);
    }

    @Test
    void nothingIsUnreadAfterALengthPrefixThatTheEndOfTheInputHasCutOff() {
        RecordingHandler handler = new RecordingHandler(lengthPrefix(4, BIG_ENDIAN));
        handler.on("end", () -> {}); // it stays open
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        EmbeddedInput.receive(channel, "\0\0");

        EmbeddedInput.endInput(channel);

        assertThat(handler.events).containsExactly("connect", "truncated", "end");
        assertThat(handler.hasUnread()).isFalse();
        channel.finishAndReleaseAll();
    }
}
