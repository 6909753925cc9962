package io.asynchat;

import static io.asynchat.EmbeddedInput.buffer;
import static io.asynchat.EmbeddedInput.receive;
import static io.asynchat.Terminator.delimiter;
import static io.asynchat.Terminator.length;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.RecordingTail;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Callbacks that feed the pipeline or set a terminator: never nested, nothing lost, repeated or reordered. */
@ExtendWith(NoLeaks.class)
class DecoderReentryTest {
    private static final Terminator BAR = delimiter("|");
    private static final int DEEP = 1_000;

    private final RecordingTail tail = EmbeddedInput.tail();

    @Test
    void nestedReadIsQueuedBehindTheUnreadRest() {
        EmbeddedChannel channel = new EmbeddedChannel(new TerminatorFrameDecoder(BAR), tail);
        tail.on("a", ctx -> {
            receive(channel, "d|e");
            tail.events().add("a is over");
        });

        receive(channel, "a|b|c|");
        receive(channel, "f|");

        assertThat(tail.events()).containsExactly("a", "a is over", "b", "c", "d", "ef");
        channel.finishAndReleaseAll();
    }

    /** Feeds the next frame in the callback of the one before, and watches that none is called inside another. */
    private static final class FeedsItself extends AsyncChatHandler {
        private final List<String> frames = new ArrayList<>();
        private final boolean inCollect;
        private int depth;

        FeedsItself(boolean inCollect) {
            this.inCollect = inCollect;
            setTerminator(BAR);
        }

        private void feed() {
            assertThat(++depth).isOne();
            if (frames.size() < DEEP) {
                channel().pipeline().fireChannelRead(buffer(frames.size() + "|"));
                channel().pipeline().fireChannelReadComplete();
            }
            depth--;
        }

        @Override
        protected void collectIncomingData(ByteBuf data) {
            frames.add(data.toString(ISO_8859_1));
            if (inCollect) {
                feed();
            }
        }

        @Override
        protected void foundTerminator() {
            if (!inCollect) {
                feed();
            }
        }
    }

    @Test
    void nestedReadsAreFramedInOrder() {
        List<String> numbers =
                IntStream.range(0, DEEP).mapToObj(String::valueOf).toList();
        for (boolean inCollect : new boolean[] {true, false}) {
            FeedsItself handler = new FeedsItself(inCollect);
            EmbeddedChannel channel = new EmbeddedChannel(handler);

            receive(channel, "0|");

            assertThat(handler.frames.subList(0, 1)).containsExactly("0");
            assertThat(handler.frames.subList(1, DEEP)).isEqualTo(numbers.subList(1, DEEP));
            channel.finishAndReleaseAll();
        }
    }

    @Test
    void emptyFramesInARowDoNotRecurse() {
        RecordingHandler handler = new RecordingHandler(length(0));
        handler.on("found", () -> {
            if (handler.events.size() < DEEP) {
                handler.setTerminator(length(0));
            }
        });

        EmbeddedChannel channel = new EmbeddedChannel(handler);

        assertThat(handler.events).hasSize(DEEP).startsWith("connect", "found", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void setTerminatorOutsideACallbackMayDeliverInsideTheCall() {
        TerminatorFrameDecoder decoder = TerminatorFrameDecoder.streaming(Terminator.CRLF);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        receive(channel, "a\r");
        assertThat(tail.events()).containsExactly("a~");

        decoder.setTerminator(delimiter("\r"));
        assertThat(tail.events()).containsExactly("a~", "");
        decoder.setTerminator(length(0));
        assertThat(tail.events()).containsExactly("a~", "", "");
        assertThat(tail.completedReads()).isEqualTo(3);
        channel.finishAndReleaseAll();
    }

    @Test
    void newLengthCountsFromTheHeldBytes() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(Terminator.BLANK_LINE);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        receive(channel, "ab\r\n\r");

        decoder.setTerminator(length(4));
        receive(channel, "\n123");

        assertThat(tail.events()).containsExactly("ab\r\n\r\n", "123");
        assertThat(decoder.getTerminator()).isEqualTo(Terminator.none());
        channel.finishAndReleaseAll();
    }

    @Test
    void terminatorMayBeSetInEveryCallback() {
        RecordingHandler handler = new RecordingHandler(length(1));
        for (String callback : List.of("connect", "data", "found", "truncated", "error", "close", "end")) {
            handler.on(callback, () -> handler.setTerminator(BAR));
        }
        EmbeddedChannel channel = new EmbeddedChannel(handler);

        receive(channel, "ab|c");
        channel.pipeline().fireExceptionCaught(new IllegalStateException("on purpose"));
        EmbeddedInput.endInput(channel);
        channel.finishAndReleaseAll();

        assertThat(handler.events).containsExactly("connect", "ab", "found", "c", "error", "truncated", "end", "close");
        assertThat(handler.getTerminator()).isEqualTo(BAR);
    }

    @Test
    void lastOfSeveralTerminatorsWins() {
        RecordingHandler handler = new RecordingHandler(BAR);
        handler.on("data", () -> handler.setTerminator(length(2)));
        handler.on("found", () -> handler.setTerminator(delimiter(";")));
        EmbeddedChannel channel = new EmbeddedChannel(handler);

        receive(channel, "a|b|c;");

        assertThat(handler.events).containsExactly("connect", "a", "found", "b|c", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void terminatorSetInsideAFrameGovernsTheBytesAfterThePiece() {
        RecordingHandler handler = new RecordingHandler(BAR);
        handler.on("data", () -> handler.setTerminator(length(2)));
        handler.on("found", () -> handler.on("data", () -> {}));
        EmbeddedChannel channel = new EmbeddedChannel(handler);

        receive(channel, "abc");
        receive(channel, "|d|");

        assertThat(handler.events).containsExactly("connect", "abc", "|d", "found", "|");
        channel.finishAndReleaseAll();
    }

    @Test
    void zeroLengthSetBeforeConnectEndsAtChannelActive() {
        ConnectingChannel channel = new ConnectingChannel(new TerminatorFrameDecoder(length(0)), tail);
        channel.runPendingTasks();
        assertThat(tail.events()).isEmpty();

        channel.connect();

        assertThat(tail.events()).containsExactly("");
        channel.finishAndReleaseAll();
    }

    @Test
    void nullTerminatorIsRefused() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);

        assertThatNullPointerException()
                .isThrownBy(() -> decoder.setTerminator(null))
                .withMessage("terminator: null (expected: a value)");
        assertThatNullPointerException()
                .isThrownBy(() -> new TerminatorFrameDecoder(null))
                .withMessage("terminator: null (expected: a value)");
        assertThatNullPointerException()
                .isThrownBy(() -> TerminatorFrameDecoder.streaming(null))
                .withMessage("terminator: null (expected: a value)");
        assertThat(decoder.getTerminator()).isEqualTo(BAR);
    }
}
