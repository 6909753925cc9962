package io.asynchat;

import static io.asynchat.Tail.receive;
import static io.asynchat.Terminator.delimiter;
import static io.asynchat.Terminator.length;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code pause()} and {@code resume()}: what is told when. */
@ExtendWith(NoLeaks.class)
class PauseTest {
    private static final Terminator BAR = delimiter("|");

    private final Tail tail = new Tail();

    @Test
    void aPauseStopsBetweenTwoFramesOfOneBuffer() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail.on("b", ctx -> decoder.pause()));

        receive(channel, "a|b|c|d|");
        assertThat(tail.told).containsExactly("a", "b");

        decoder.resume();
        assertThat(tail.told).containsExactly("a", "b", "c", "d");
        assertThat(tail.readsCompleted).isEqualTo(2);
        channel.finishAndReleaseAll();
    }

    @Test
    void anAsyncChatHandlerIsPausedBetweenTwoFramesToo() {
        Recorder handler = new Recorder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(handler.on("found", () -> handler.pause()));

        receive(channel, "a|b|");
        assertThat(handler.events).containsExactly("connect", "a", "found");

        handler.resume();
        assertThat(handler.events).containsExactly("connect", "a", "found", "b", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void insideAFrameItStopsAtTheNextPiece() {
        TerminatorFrameDecoder decoder = TerminatorFrameDecoder.streaming(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail.on("a~", ctx -> decoder.pause()));

        receive(channel, "a");
        receive(channel, "b");
        assertThat(tail.told).containsExactly("a~");

        decoder.resume();
        receive(channel, "c|");
        assertThat(tail.told).containsExactly("a~", "b~", "c");
        channel.finishAndReleaseAll();
    }

    @Test
    void theLastPieceOfAFrameAndItsEndAreOneThing() {
        Recorder handler = new Recorder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(handler.on("data", () -> handler.pause()));

        receive(channel, "a|b|");

        assertThat(handler.events).containsExactly("connect", "a", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void whatIsReceivedMeanwhileIsKeptInOrder() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);

        decoder.pause();
        receive(channel, "a|b");
        receive(channel, "");
        receive(channel, "c|d|");
        assertThat(tail.told).isEmpty();

        decoder.resume();
        decoder.resume();
        assertThat(tail.told).containsExactly("a", "bc", "d");
        channel.finishAndReleaseAll();
    }

    @Test
    void aTerminatorSetDuringAPauseWaitsForTheResumeToo() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);

        decoder.pause();
        receive(channel, "ab");
        decoder.setTerminator(length(0));
        decoder.setTerminator(length(1));
        assertThat(tail.told).isEmpty();

        decoder.resume();
        assertThat(tail.told).containsExactly("a", "b");
        channel.finishAndReleaseAll();
    }

    @Test
    void theEndOfTheInputWaitsBehindUnreadBytes() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail.on("a", ctx -> decoder.pause()));

        receive(channel, "a|b|c");
        Tail.endInput(channel);
        assertThat(tail.told).containsExactly("a");

        decoder.resume();
        assertThat(tail.told).containsExactly("a", "b", "c!", "end of input");
        channel.finishAndReleaseAll();
    }

    @Test
    void aPauseInHandleTruncatedHoldsBackTheEndOfTheInput() {
        Recorder handler = new Recorder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(handler.on("truncated", () -> handler.pause()));

        receive(channel, "a");
        Tail.endInput(channel);
        assertThat(handler.events).containsExactly("connect", "a", "truncated");

        handler.resume();
        assertThat(handler.events).containsExactly("connect", "a", "truncated", "end", "close");
        channel.finishAndReleaseAll();
    }

    @Test
    void whatIsPausedBeforeItIsConnectedStaysSo() {
        Recorder handler = new Recorder(length(0));
        handler.pause();
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        receive(channel, "abc");
        assertThat(handler.events).containsExactly("connect");

        handler.resume();
        assertThat(handler.events).containsExactly("connect", "found", "abc");
        channel.finishAndReleaseAll();
    }

    @Test
    void aResumeAtTheEndOfAReadIsNotForgottenThoughNothingIsUnread() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        tail.on("a", ctx -> {
            decoder.pause();
            Tail.endInput((EmbeddedChannel) ctx.channel());
        });
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail.on("complete", ctx -> decoder.resume()));

        receive(channel, "a|");

        assertThat(tail.told).containsExactly("a", "end of input");
        channel.finishAndReleaseAll();
    }

    @Test
    void anEmptyFrameThatIsAskedForAtTheEndOfAReadEndsAtOnce() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        tail.on("complete", ctx -> {
            if (tail.told.size() == 1) {
                decoder.setTerminator(length(0));
            }
        });

        receive(channel, "a|");

        assertThat(tail.told).containsExactly("a", "");
        channel.finishAndReleaseAll();
    }

    @Test
    void answersToFramesThatAResumeLetsThroughGoOutAtOnce() {
        Recorder handler = new Recorder(BAR);
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
    void whatIsUnreadOrGatheredWhenThePausedChannelClosesIsReleased() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        receive(channel, "half a frame");
        decoder.pause();
        receive(channel, " and more");

        channel.close();

        assertThat(tail.told).containsExactly("inactive");
        channel.finishAndReleaseAll();
    }
}
