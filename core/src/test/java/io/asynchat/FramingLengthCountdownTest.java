package io.asynchat;

import static io.asynchat.Terminator.length;
import static io.asynchat.Terminator.lengthPrefix;
import static io.asynchat.Terminator.none;
import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.Terminator.LengthPrefixed;
import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What {@code getTerminator()} returns while a length counts down: in {@code collectIncomingData} as in asynchat. */
@ExtendWith(NoLeaks.class)
class FramingLengthCountdownTest {
    private static final LengthPrefixed PREFIX = lengthPrefix(2, BIG_ENDIAN);

    private final List<Terminator> collecting = new ArrayList<>();
    private final List<Terminator> found = new ArrayList<>();
    private final List<String> data = new ArrayList<>();
    private @Nullable Terminator setInCollect; // once

    private final AsyncChatHandler handler = new AsyncChatHandler() {
        @Override
        protected void collectIncomingData(ByteBuf bytes) {
            data.add(bytes.toString(ISO_8859_1));
            Terminator other = setInCollect;
            if (other != null) {
                setInCollect = null;
                setTerminator(other);
            }
            collecting.add(getTerminator());
        }

        @Override
        protected void foundTerminator() {
            found.add(getTerminator());
        }
    };
    private final EmbeddedChannel channel = new EmbeddedChannel(handler);

    private void receive(String... reads) {
        for (String read : reads) {
            channel.writeInbound(EmbeddedInput.buffer(read));
        }
    }

    @Test
    void lengthInCollectStillCountsThePieceBeingDelivered() {
        handler.setTerminator(length(5));

        receive("hel");
        assertThat(handler.getTerminator()).isEqualTo(length(2));
        receive("lo rest");

        assertThat(data).containsExactly("hel", "lo", " rest");
        assertThat(collecting).containsExactly(length(5), length(2), none());
        assertThat(found).containsExactly(none());
        assertThat(handler.getTerminator()).isEqualTo(none());
        channel.finishAndReleaseAll();
    }

    @Test
    void lengthCountsDownByEachPieceWhereverItIsCut() {
        String wire = "hello";
        for (int first = 1; first < wire.length(); first++) {
            for (int second = first + 1; second < wire.length(); second++) {
                data.clear();
                collecting.clear();
                found.clear();
                handler.setTerminator(length(wire.length()));

                receive(wire.substring(0, first), wire.substring(first, second), wire.substring(second));

                assertThat(collecting)
                        .containsExactly(length(5), length(wire.length() - first), length(wire.length() - second));
                assertThat(found).containsExactly(none());
            }
        }
        channel.finishAndReleaseAll();
    }

    @Test
    void lengthThatComesInOnePieceIsWholeInCollect() {
        handler.setTerminator(length(2));

        receive("abc");

        assertThat(collecting).containsExactly(length(2), none());
        assertThat(found).containsExactly(none());
        channel.finishAndReleaseAll();
    }

    @Test
    void lengthInCollectKeepsItsLimit() {
        handler.setTerminator(length(70_000).unlimited());

        receive("x".repeat(69_999), "x");

        assertThat(collecting)
                .containsExactly(length(70_000).unlimited(), length(1).unlimited());
        assertThat(found).containsExactly(none());
        channel.finishAndReleaseAll();
    }

    @Test
    void terminatorSetInCollectIsTheOneReturned() {
        handler.setTerminator(length(5));
        setInCollect = length(4);

        receive("hel", "lo", " rest");

        assertThat(data).containsExactly("hel", "lo", " r", "est");
        assertThat(collecting).containsExactly(length(4), length(4), length(2), none());
        assertThat(found).containsExactly(none());
        channel.finishAndReleaseAll();
    }

    @Test
    void prefixIsReturnedBeforeAndWithinAndAfterItsFrame() {
        handler.setTerminator(PREFIX);

        receive("\0");
        assertThat(handler.getTerminator()).isEqualTo(PREFIX);
        receive("\5", "hel");
        assertThat(handler.getTerminator()).isEqualTo(PREFIX);
        receive("lo");

        assertThat(data).containsExactly("hel", "lo");
        assertThat(collecting).containsExactly(PREFIX, PREFIX);
        assertThat(found).containsExactly(PREFIX);
        assertThat(handler.matchedDelimiter()).isNull();
        channel.finishAndReleaseAll();
    }

    @Test
    void terminatorSetWhilePartOfThePrefixIsHeldLooksAtItAgain() {
        assertHeldPartIsReadUnder(length(3), "\0\0a|", 1);
        assertHeldPartIsReadUnder(Terminator.delimiter("|"), "\0\0a", 1);
        assertHeldPartIsReadUnder(none(), "\0\0a|", 0);
        assertHeldPartIsReadUnder(lengthPrefix(1, BIG_ENDIAN), "|", 2); // `a` announces 97 bytes
        channel.finishAndReleaseAll();
    }

    private void assertHeldPartIsReadUnder(Terminator other, String expected, int frames) {
        data.clear();
        found.clear();
        handler.setTerminator(lengthPrefix(4, BIG_ENDIAN));
        receive("\0\0");
        assertThat(data).isEmpty();

        handler.setTerminator(other);
        receive("a|");

        assertThat(String.join("", data)).as("%s", other).isEqualTo(expected);
        assertThat(found).as("%s", other).hasSize(frames);
    }

    @Test
    void noTerminatorIsReturnedAtOnceWhereItIsSetWithinAPiece() {
        handler.setTerminator(length(5));
        setInCollect = none();

        receive("hel", "lo");

        assertThat(collecting).containsExactly(none(), none());
        assertThat(data).containsExactly("hel", "lo");
        channel.finishAndReleaseAll();
    }
}
