package io.asynchat;

import static io.asynchat.EmbeddedInput.receive;
import static io.asynchat.Terminator.delimiter;
import static io.asynchat.Terminator.length;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.RecordingTail;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code pause()} and {@code resume()}: what is delivered when. */
@ExtendWith(NoLeaks.class)
class DecoderPauseTest {
    private static final Terminator BAR = delimiter("|");

    private final RecordingTail tail = EmbeddedInput.tail();

    @Test
    void pauseStopsBetweenTwoFramesOfOneBuffer() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail.on("b", ctx -> decoder.pause()));

        receive(channel, "a|b|c|d|");
        assertThat(tail.events()).containsExactly("a", "b");

        decoder.resume();
        assertThat(tail.events()).containsExactly("a", "b", "c", "d");
        assertThat(tail.completedReads()).isEqualTo(2);
        channel.finishAndReleaseAll();
    }

    @Test
    void pauseStopsAHandlerBetweenTwoFrames() {
        RecordingHandler handler = new RecordingHandler(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(handler.on("found", () -> handler.pause()));

        receive(channel, "a|b|");
        assertThat(handler.events).containsExactly("connect", "a", "found");

        handler.resume();
        assertThat(handler.events).containsExactly("connect", "a", "found", "b", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void pauseInsideAFrameStopsAtTheNextPiece() {
        TerminatorFrameDecoder decoder = TerminatorFrameDecoder.streaming(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail.on("a~", ctx -> decoder.pause()));

        receive(channel, "a");
        receive(channel, "b");
        assertThat(tail.events()).containsExactly("a~");

        decoder.resume();
        receive(channel, "c|");
        assertThat(tail.events()).containsExactly("a~", "b~", "c");
        channel.finishAndReleaseAll();
    }

    @Test
    void pauseInTheLastPieceStopsAfterTheFrame() {
        RecordingHandler handler = new RecordingHandler(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(handler.on("data", () -> handler.pause()));

        receive(channel, "a|b|");

        assertThat(handler.events).containsExactly("connect", "a", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void bytesReceivedDuringAPauseKeepTheirOrder() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);

        decoder.pause();
        receive(channel, "a|b");
        receive(channel, "");
        receive(channel, "c|d|");
        assertThat(tail.events()).isEmpty();

        decoder.resume();
        decoder.resume();
        assertThat(tail.events()).containsExactly("a", "bc", "d");
        channel.finishAndReleaseAll();
    }

    @Test
    void terminatorSetDuringAPauseWaitsForTheResume() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);

        decoder.pause();
        receive(channel, "ab");
        decoder.setTerminator(length(0));
        decoder.setTerminator(length(1));
        assertThat(tail.events()).isEmpty();

        decoder.resume();
        assertThat(tail.events()).containsExactly("a", "b");
        channel.finishAndReleaseAll();
    }

    @Test
    void endOfInputWaitsBehindUnreadBytes() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail.on("a", ctx -> decoder.pause()));

        receive(channel, "a|b|c");
        EmbeddedInput.endInput(channel);
        assertThat(tail.events()).containsExactly("a");

        decoder.resume();
        assertThat(tail.events()).containsExactly("a", "b", "c!", "end of input");
        channel.finishAndReleaseAll();
    }

    @Test
    void pauseInHandleTruncatedHoldsTheEndOfInput() {
        RecordingHandler handler = new RecordingHandler(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(handler.on("truncated", () -> handler.pause()));

        receive(channel, "a");
        EmbeddedInput.endInput(channel);
        assertThat(handler.events).containsExactly("connect", "a", "truncated");

        handler.resume();
        assertThat(handler.events).containsExactly("connect", "a", "truncated", "end", "close");
        channel.finishAndReleaseAll();
    }

    @Test
    void pauseBeforeConnectHolds() {
        RecordingHandler handler = new RecordingHandler(length(0));
        handler.pause();
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        receive(channel, "abc");
        assertThat(handler.events).containsExactly("connect");

        handler.resume();
        assertThat(handler.events).containsExactly("connect", "found", "abc");
        channel.finishAndReleaseAll();
    }

    @Test
    void resumeWithoutUnreadBytesReadsAgain() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        tail.on("a", ctx -> {
            decoder.pause();
            EmbeddedInput.endInput((EmbeddedChannel) ctx.channel());
        });
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail.on("read complete", ctx -> decoder.resume()));

        receive(channel, "a|");

        assertThat(tail.events()).containsExactly("a", "end of input");
        channel.finishAndReleaseAll();
    }

    @Test
    void zeroLengthSetAtTheEndOfAReadEndsAtOnce() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        tail.on("read complete", ctx -> {
            if (tail.events().size() == 1) {
                decoder.setTerminator(length(0));
            }
        });

        receive(channel, "a|");

        assertThat(tail.events()).containsExactly("a", "");
        channel.finishAndReleaseAll();
    }

    @Test
    void repliesToFramesDeliveredByResumeAreFlushed() {
        RecordingHandler handler = new RecordingHandler(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        handler.on("found", () -> {
            handler.push("answer", ISO_8859_1);
            handler.pause();
        });
        receive(channel, "a|b|");
        channel.releaseOutbound();

        handler.resume();

        assertThat(channel.outboundMessages()).hasSize(1);
        channel.finishAndReleaseAll();
    }

    @Test
    void closeDuringAPauseReleasesUnreadAndGatheredBytes() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        receive(channel, "half a frame");
        decoder.pause();
        receive(channel, " and more");

        channel.close();

        assertThat(tail.events()).containsExactly("inactive");
        channel.finishAndReleaseAll();
    }
}
