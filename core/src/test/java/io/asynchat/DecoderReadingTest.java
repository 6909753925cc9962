package io.asynchat;

import static io.asynchat.EmbeddedInput.buffer;
import static io.asynchat.EmbeddedInput.receive;
import static io.asynchat.Terminator.delimiter;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.RecordingTail;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** When the channel is read: not while delivery is paused, and without auto-read until who asked has got something. */
@ExtendWith(NoLeaks.class)
class DecoderReadingTest {
    private static final Terminator BAR = delimiter("|");

    private final RecordingTail tail = EmbeddedInput.tail();
    private final Reads reads = new Reads();

    /** The transport: counts the reads that reach it. */
    @ChannelHandler.Sharable
    private static final class Reads extends ChannelOutboundHandlerAdapter {
        private int asked; // since the last look

        @Override
        public void read(ChannelHandlerContext ctx) {
            asked++;
            ctx.read();
        }

        int since() {
            int since = asked;
            asked = 0;
            return since;
        }
    }

    private EmbeddedChannel channel(boolean autoRead, ChannelHandler... handlers) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAutoRead(autoRead);
        channel.pipeline().addLast(reads).addLast(handlers);
        channel.runPendingTasks();
        reads.since();
        return channel;
    }

    @Test
    void bytesFedOutsideAReadAreAnsweredAtOnce() {
        TestSocket socket = TestSocket.open();
        RecordingHandler handler = new RecordingHandler(BAR);
        handler.on("drain", () -> handler.channel().pipeline().fireChannelRead(buffer("a|")));
        handler.on("found", () -> handler.push("b", ISO_8859_1));
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);

        channel.pipeline().fireUserEventTriggered(DrainEvent.INSTANCE);

        assertThat(socket.text()).isEqualTo("b");
        channel.finishAndReleaseAll();
    }

    @Test
    void pausedChannelIsNotReadUntilTheResume() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        decoder.setReadAhead(0);
        EmbeddedChannel channel = channel(true, decoder, tail.on("a", ctx -> decoder.pause()));

        receive(channel, "a|b|");
        assertThat(channel.config().isAutoRead()).isFalse();
        channel.read();
        assertThat(reads.since()).isZero();

        decoder.resume();
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(reads.since()).isPositive();
        channel.finishAndReleaseAll();
    }

    @Test
    void channelClosedDuringAPauseIsNotReadAgain() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = channel(true, decoder, tail.on("a", ctx -> decoder.pause()));
        receive(channel, "a|b|");
        channel.read();
        reads.since();

        channel.close();
        channel.runPendingTasks();

        assertThat(reads.since()).isZero();
        channel.finishAndReleaseAll();
    }

    @Test
    void disabledAutoReadStaysOff() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = channel(false, decoder, tail);

        decoder.pause();
        decoder.resume();

        assertThat(channel.config().isAutoRead()).isFalse();
        assertThat(reads.since()).isZero();
        channel.finishAndReleaseAll();
    }

    @Test
    void readRequestedDuringAPauseIsMetByTheResume() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = channel(false, decoder, tail);

        decoder.pause();
        channel.read();
        assertThat(reads.since()).isZero();
        decoder.resume();

        assertThat(reads.since()).isOne();
        channel.finishAndReleaseAll();
    }

    @Test
    void manualReadReceivesAMessage() {
        EmbeddedChannel channel = channel(false, new TerminatorFrameDecoder(BAR), tail);

        receive(channel, "not yet");
        assertThat(reads.since()).isOne();
        receive(channel, ", now|");
        assertThat(reads.since()).isZero();
        assertThat(tail.events()).containsExactly("not yet, now");
        channel.finishAndReleaseAll();
    }

    @Test
    void autoReadNeedsNoManualRead() {
        EmbeddedChannel channel = channel(true, new TerminatorFrameDecoder(BAR), tail);

        receive(channel, "not yet");

        assertThat(reads.since()).as("auto-read's own").isOne();
        channel.finishAndReleaseAll();
    }

    @Test
    void fragmentMeetsAManualRead() {
        EmbeddedChannel channel = channel(false, TerminatorFrameDecoder.streaming(Terminator.CRLF), tail);

        receive(channel, "\r");
        assertThat(reads.since()).isOne();
        receive(channel, "a");
        assertThat(reads.since()).isZero();
        channel.finishAndReleaseAll();
    }

    @Test
    void pieceMeetsAReadOfAStreamingHandler() {
        EmbeddedChannel channel = channel(false, new RecordingHandler(BAR));

        receive(channel, "a");
        assertThat(reads.since()).isZero();
        receive(channel, "b|");
        assertThat(reads.since()).isZero();
        channel.finishAndReleaseAll();
    }

    @Test
    void frameMeetsAReadOfACollectingHandler() {
        AsyncChatHandler handler = new AsyncChatHandler() {
            {
                setTerminator(BAR);
            }

            @Override
            protected void foundTerminator() {
                tail.events().add(takeText(ISO_8859_1));
            }
        };
        EmbeddedChannel channel = channel(false, handler);

        receive(channel, "a");
        assertThat(reads.since()).isOne();
        receive(channel, "b|");
        assertThat(reads.since()).isZero();
        channel.finishAndReleaseAll();
        assertThat(tail.events()).containsExactly("ab");
    }

    @Test
    void readPausedInsideAFrameIsMetAfterTheResume() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = channel(false, decoder, tail);

        channel.pipeline().fireChannelRead(buffer("half"));
        decoder.pause();
        channel.pipeline().fireChannelReadComplete();
        assertThat(reads.since()).isZero();
        decoder.resume();

        assertThat(reads.since()).isOne();
        channel.finishAndReleaseAll();
    }

    @Test
    void removalOfAPausedDecoderReadsAgain() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = channel(true, decoder, tail);
        decoder.pause();
        receive(channel, "a|");

        channel.pipeline().remove(decoder);

        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(tail.events()).containsExactly("a|");
        channel.finishAndReleaseAll();
    }

    @Test
    void pauseHoldsThoughAnotherHandlerEnablesAutoRead() {
        RecordingHandler handler = new RecordingHandler(BAR);
        EmbeddedChannel channel = channel(true, handler);
        handler.pause();
        receive(channel, "x".repeat(20_000));
        assertThat(channel.config().isAutoRead()).isFalse();

        channel.config().setAutoRead(true);
        receive(channel, "x");

        assertThat(channel.config().isAutoRead()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void readThatIsRequestedWhileBytesAreDroppedPasses() {
        RecordingHandler handler = new RecordingHandler(BAR);
        EmbeddedChannel channel = channel(false, handler);
        handler.pushWithProducer(alloc -> Producer.NOT_YET);
        handler.closeWhenDone(Duration.ofSeconds(2));
        reads.since();

        channel.read();
        channel.read();

        assertThat(reads.since()).isEqualTo(2);
        channel.finishAndReleaseAll();
    }

    @Test
    void readThatIsRequestedBehindACorruptFramePasses() {
        EmbeddedChannel channel = channel(false, new TerminatorFrameDecoder(Terminator.varintPrefix()), tail);
        channel.read();
        receive(channel, "\u00ff\u00ff\u00ff\u00ff\u00ff");
        assertThat(tail.exceptions()).hasSize(1);
        reads.since();

        channel.read();

        assertThat(reads.since()).isOne();
        channel.finishAndReleaseAll();
    }
}
