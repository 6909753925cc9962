package io.asynchat;

import static io.asynchat.Tail.receive;
import static io.asynchat.Terminator.CRLF;
import static io.asynchat.Terminator.delimiter;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
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
class ClosingTest {
    private static final Terminator BAR = delimiter("|");

    private final Tail tail = new Tail();

    @Test
    void nothingIsDeliveredAfterACloseWhoeverCloses() {
        assertNothingAfter(ChannelHandlerContext::close);
        assertNothingAfter(ctx -> ctx.channel().close());
        assertNothingAfter(ctx -> ctx.channel().disconnect());
        assertNothingAfter(
                ctx -> ctx.channel().unsafe().close(ctx.voidPromise())); // as the transport does: none is told
        assertNothingAfter(ctx -> ctx.pipeline().firstContext().close());
    }

    private void assertNothingAfter(Consumer<ChannelHandlerContext> close) {
        tail.told.clear();
        EmbeddedChannel channel = new EmbeddedChannel(
                new ChannelInboundHandlerAdapter(), new TerminatorFrameDecoder(BAR), tail.on("b", close));

        receive(channel, "a|b|c|d");

        assertThat(tail.told).containsExactly("a", "b", "inactive");
        channel.finishAndReleaseAll();
    }

    @Test
    void whoClosesBeforeTheEndOfItsFrameLeavesNothingToThoseBehind() {
        Recorder handler = new Recorder(BAR) {
            @Override
            protected void collectIncomingData(ByteBuf data) {
                closeWhenDone();
            }
        };
        EmbeddedChannel channel = new EmbeddedChannel(handler, tail);

        receive(channel, "a|b|");

        assertThat(tail.told).containsExactly("inactive");
        channel.finishAndReleaseAll();
    }

    @Test
    void byDefaultADrainClosesWhenAllIsSent() {
        TestSocket socket = TestSocket.stalled();
        Recorder handler = new Recorder(BAR);
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
    void whatIsReceivedAfterAResetIsDropped() {
        EmbeddedChannel channel = new EmbeddedChannel(TerminatorFrameDecoder.streaming(BAR), tail);
        receive(channel, "a");

        channel.pipeline().fireExceptionCaught(new IOException("reset"));
        receive(channel, "b|");
        Tail.disconnect(channel);

        assertThat(tail.told).containsExactly("a~", "IOException", "inactive");
        channel.finishAndReleaseAll();
    }

    @Test
    void aResetDropsWhatIsUnreadAndHeldBack() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(CRLF);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        receive(channel, "half\r");
        decoder.pause();
        receive(channel, "\nb\r\n");

        channel.pipeline().fireExceptionCaught(new IOException("reset"));
        decoder.resume();
        Tail.disconnect(channel);

        assertThat(tail.told).containsExactly("IOException", "inactive");
        channel.finishAndReleaseAll();
    }

    @Test
    void whereHalfClosureIsAllowedAResetClosesAllTheSame() {
        EmbeddedChannel channel = new EmbeddedChannel(new TerminatorFrameDecoder(BAR), tail);
        receive(channel, "half");

        channel.pipeline().fireExceptionCaught(new IOException("reset"));
        Tail.endInput(channel);

        assertThat(channel.isOpen()).isFalse();
        assertThat(tail.told).containsExactly("IOException", "inactive");
        channel.finishAndReleaseAll();
    }

    @Test
    void anExceptionOfAnotherKindDropsNothing() {
        EmbeddedChannel channel = new EmbeddedChannel(new TerminatorFrameDecoder(BAR), tail);
        receive(channel, "ha");

        channel.pipeline().fireExceptionCaught(new IllegalStateException("of a handler before"));
        receive(channel, "lf|");

        assertThat(tail.told).containsExactly("IllegalStateException", "half");
        channel.finishAndReleaseAll();
    }

    @Test
    void theEndOfTlsEndsTheInputThoughTcpSaysNothing() {
        EmbeddedChannel channel = new EmbeddedChannel(new TerminatorFrameDecoder(CRLF), tail);
        receive(channel, "half");

        channel.pipeline().fireUserEventTriggered(SslCloseCompletionEvent.SUCCESS);

        assertThat(tail.told).hasSize(3).endsWith("half!", "end of input");
        channel.finishAndReleaseAll();
    }

    @Test
    void withoutHalfClosureTheLossOfTheConnectionEndsTheInput() {
        EmbeddedChannel streaming = new EmbeddedChannel(TerminatorFrameDecoder.streaming(CRLF), tail);
        receive(streaming, "a\r\nb\r");
        Tail.disconnect(streaming);
        assertThat(tail.told).containsExactly("a", "b~", "\r~", "!", "inactive");

        Tail whole = new Tail();
        EmbeddedChannel channel = new EmbeddedChannel(new TerminatorFrameDecoder(CRLF), whole);
        receive(channel, "a\r\nb\r");
        Tail.disconnect(channel);
        assertThat(whole.told).containsExactly("a", "b\r!", "inactive");
        streaming.finishAndReleaseAll();
        channel.finishAndReleaseAll();
    }

    @Test
    void theEndOfTheInputAndTheLossOfTheConnectionAreToldOnceEach() {
        EmbeddedChannel channel = new EmbeddedChannel(new TerminatorFrameDecoder(BAR), tail);
        receive(channel, "half");

        Tail.endInput(channel);
        receive(channel, "after the end|");
        Tail.disconnect(channel);

        assertThat(tail.told).containsExactly("half!", "end of input", "inactive");
        channel.finishAndReleaseAll();
    }

    @Test
    void aConnectionLostDuringAPauseIsToldButNotWhatWasUnread() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        decoder.pause();
        receive(channel, "a|b");

        Tail.disconnect(channel);

        assertThat(tail.told).containsExactly("inactive");
        channel.finishAndReleaseAll();
    }

    @Test
    void underNoTerminatorWhatWasGatheredGoesOutAtTheEnd() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        receive(channel, "half");
        decoder.setTerminator(Terminator.none());

        Tail.endInput(channel);

        assertThat(tail.told).containsExactly("half", "end of input");
        channel.finishAndReleaseAll();
    }

    @Test
    void aTruncatedFrameTellsWhatShouldHaveEndedItAsItWasSet() {
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

        Tail.endInput(channel);

        assertThat(missing[0]).isEqualTo(Terminator.length(7).atMost(9));
        channel.finishAndReleaseAll();
    }

    @Test
    void whereNoMemoryIsLeftForAFrameTheChannelClosesAndNothingMoreIsDelivered() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        channel.config().setAllocator(new NoMemory());
        decoder.pause();
        receive(channel, "half");
        receive(channel, "a|b|");

        decoder.resume();
        channel.runPendingTasks();

        assertThat(channel.isOpen()).isFalse();
        assertThat(tail.told).containsExactly("OutOfMemoryError", "inactive");
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
