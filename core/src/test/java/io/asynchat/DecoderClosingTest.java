package io.asynchat;

import static io.asynchat.EmbeddedInput.receive;
import static io.asynchat.Terminator.CRLF;
import static io.asynchat.Terminator.delimiter;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.RecordingTail;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is delivered after a close, a reset, and the loss of the connection. */
@ExtendWith(NoLeaks.class)
class DecoderClosingTest {
    private static final Terminator BAR = delimiter("|");

    private final RecordingTail tail = EmbeddedInput.tail();

    @Test
    void deliveryEndsWithTheCloseOfAnyHandler() {
        assertNothingAfter(ChannelHandlerContext::close);
        assertNothingAfter(ctx -> ctx.channel().close());
        assertNothingAfter(ctx -> ctx.channel().disconnect());
        assertNothingAfter(
                ctx -> ctx.channel().unsafe().close(ctx.voidPromise())); // as the transport does, which no handler sees
        assertNothingAfter(ctx -> ctx.pipeline().firstContext().close());
    }

    private void assertNothingAfter(Consumer<ChannelHandlerContext> close) {
        tail.events().clear();
        EmbeddedChannel channel = new EmbeddedChannel(
                new ChannelInboundHandlerAdapter(), new TerminatorFrameDecoder(BAR), tail.on("b", close));

        receive(channel, "a|b|c|d");

        assertThat(tail.events()).containsExactly("a", "b", "inactive");
        channel.finishAndReleaseAll();
    }

    @Test
    void closeInsideAFrameLeavesNothingToLaterHandlers() {
        RecordingHandler handler = new RecordingHandler(BAR) {
            @Override
            protected void collectIncomingData(ByteBuf data) {
                closeWhenDone();
            }
        };
        EmbeddedChannel channel = new EmbeddedChannel(handler, tail);

        receive(channel, "a|b|");

        assertThat(tail.events()).containsExactly("inactive");
        channel.finishAndReleaseAll();
    }

    @Test
    void drainClosesWhenEverythingIsSent() {
        TestSocket socket = TestSocket.stalled();
        RecordingHandler handler = new RecordingHandler(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        handler.push("bye", ISO_8859_1);

        channel.pipeline().fireUserEventTriggered(DrainEvent.INSTANCE);
        assertThat(channel.isOpen()).isTrue();
        socket.openUp();

        assertThat(socket.text()).isEqualTo("bye");
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void bytesAfterAResetAreDropped() {
        EmbeddedChannel channel = new EmbeddedChannel(TerminatorFrameDecoder.streaming(BAR), tail);
        receive(channel, "a");

        channel.pipeline().fireExceptionCaught(new IOException("reset"));
        receive(channel, "b|");
        EmbeddedInput.disconnect(channel);

        assertThat(tail.events()).containsExactly("a~", "IOException", "inactive");
        channel.finishAndReleaseAll();
    }

    @Test
    void resetDropsUnreadAndHeldBytes() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(CRLF);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        receive(channel, "half\r");
        decoder.pause();
        receive(channel, "\nb\r\n");

        channel.pipeline().fireExceptionCaught(new IOException("reset"));
        decoder.resume();
        EmbeddedInput.disconnect(channel);

        assertThat(tail.events()).containsExactly("IOException", "inactive");
        channel.finishAndReleaseAll();
    }

    @Test
    void resetClosesWithHalfClosureToo() {
        EmbeddedChannel channel = new EmbeddedChannel(new TerminatorFrameDecoder(BAR), tail);
        receive(channel, "half");

        channel.pipeline().fireExceptionCaught(new IOException("reset"));
        EmbeddedInput.endInput(channel);

        assertThat(channel.isOpen()).isFalse();
        assertThat(tail.events()).containsExactly("IOException", "inactive");
        channel.finishAndReleaseAll();
    }

    @Test
    void otherExceptionsDropNothing() {
        EmbeddedChannel channel = new EmbeddedChannel(new TerminatorFrameDecoder(BAR), tail);
        receive(channel, "ha");

        channel.pipeline().fireExceptionCaught(new IllegalStateException("of a handler before"));
        receive(channel, "lf|");

        assertThat(tail.events()).containsExactly("IllegalStateException", "half");
        channel.finishAndReleaseAll();
    }

    @Test
    void closeNotifyEndsTheInput() {
        EmbeddedChannel channel = new EmbeddedChannel(new TerminatorFrameDecoder(CRLF), tail);
        receive(channel, "half");

        channel.pipeline().fireUserEventTriggered(SslCloseCompletionEvent.SUCCESS);

        assertThat(tail.events()).hasSize(3).endsWith("half!", "end of input");
        channel.finishAndReleaseAll();
    }

    @Test
    void connectionLossWithoutHalfClosureEndsTheInput() {
        EmbeddedChannel streaming = new EmbeddedChannel(TerminatorFrameDecoder.streaming(CRLF), tail);
        receive(streaming, "a\r\nb\r");
        EmbeddedInput.disconnect(streaming);
        assertThat(tail.events()).containsExactly("a", "b~", "\r~", "!", "inactive");

        RecordingTail whole = EmbeddedInput.tail();
        EmbeddedChannel channel = new EmbeddedChannel(new TerminatorFrameDecoder(CRLF), whole);
        receive(channel, "a\r\nb\r");
        EmbeddedInput.disconnect(channel);
        assertThat(whole.events()).containsExactly("a", "b\r!", "inactive");
        streaming.finishAndReleaseAll();
        channel.finishAndReleaseAll();
    }

    @Test
    void endOfInputAndConnectionLossAreReportedOnceEach() {
        EmbeddedChannel channel = new EmbeddedChannel(new TerminatorFrameDecoder(BAR), tail);
        receive(channel, "half");

        EmbeddedInput.endInput(channel);
        receive(channel, "after the end|");
        EmbeddedInput.disconnect(channel);

        assertThat(tail.events()).containsExactly("half!", "end of input", "inactive");
        channel.finishAndReleaseAll();
    }

    @Test
    void connectionLossDuringAPauseIsReportedWithoutUnreadBytes() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        decoder.pause();
        receive(channel, "a|b");

        EmbeddedInput.disconnect(channel);

        assertThat(tail.events()).containsExactly("inactive");
        channel.finishAndReleaseAll();
    }

    @Test
    void bytesGatheredWithoutATerminatorAreDeliveredAtTheEnd() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        receive(channel, "half");
        decoder.setTerminator(Terminator.none());

        EmbeddedInput.endInput(channel);

        assertThat(tail.events()).containsExactly("half", "end of input");
        channel.finishAndReleaseAll();
    }

    @Test
    void truncatedFrameHasItsTerminatorAsItWasSet() {
        Terminator[] missing = new Terminator[1];
        EmbeddedChannel channel = new EmbeddedChannel(
                new TerminatorFrameDecoder(Terminator.length(7).atMost(9)), new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                        missing[0] = ((TruncatedFrame) message).terminator();
                        ((TruncatedFrame) message).release();
                    }
                });
        receive(channel, "abc");

        EmbeddedInput.endInput(channel);

        assertThat(missing[0]).isEqualTo(Terminator.length(7).atMost(9));
        channel.finishAndReleaseAll();
    }

    @Test
    void outOfMemoryForAFrameClosesTheChannel() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        channel.config().setAllocator(new NoMemory());
        decoder.pause();
        receive(channel, "half");
        receive(channel, "a|b|");

        decoder.resume();
        channel.runPendingTasks();

        assertThat(channel.isOpen()).isFalse();
        assertThat(tail.events()).containsExactly("OutOfMemoryError", "inactive");
        channel.finishAndReleaseAll();
    }

    private static final class NoMemory extends AbstractByteBufAllocator {
        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            throw new OutOfMemoryError("planted");
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            throw new OutOfMemoryError("planted");
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }
}
