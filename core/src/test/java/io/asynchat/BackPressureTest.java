package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** When what is pushed is flushed, and what a peer that does not read does to what comes from it: R20, W2. */
@ExtendWith(NoLeaks.class)
class BackPressureTest {
    private static final int ENTRY = 96; // what Netty adds to each write that waits

    @Test
    void whatIsPushedDuringAReadIsFlushedOnceAtItsEnd() {
        TestSocket socket = TestSocket.open();
        Recorder handler = new Recorder(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        handler.on("found", () -> {
            handler.push("a", US_ASCII);
            handler.push("b", US_ASCII);
            assertThat(socket.sent()).isEmpty();
        });

        channel.writeInbound(ascii("\n\n\n"));

        assertThat(socket.text()).isEqualTo("ababab");
        assertThat(socket.flushes()).isEqualTo(1);
        channel.finishAndReleaseAll();
    }

    @Test
    void aReadOfManyBuffersIsOneRead() {
        TestSocket socket = TestSocket.open();
        Recorder handler = new Recorder(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        handler.on("found", () -> handler.push("a", US_ASCII));

        channel.writeInbound(ascii("\n\n"), ascii("\n"), ascii("x"));

        assertThat(socket.text()).isEqualTo("aaa");
        assertThat(socket.flushes()).isEqualTo(1);
        channel.finishAndReleaseAll();
    }

    @Test
    void aReadThatPushesNothingFlushesNothing() {
        TestSocket socket = TestSocket.open();
        EmbeddedChannel channel = new EmbeddedChannel(socket, new Recorder(Terminator.LF));

        channel.writeInbound(ascii("a\nb"));

        assertThat(socket.flushes()).isZero();
        channel.finishAndReleaseAll();
    }

    @Test
    void aProducerThatWaitsIsNoReasonToFlush() {
        TestSocket socket = TestSocket.open();
        Recorder handler = new Recorder(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        socket.writable(false);
        handler.pushWithProducer(new TestProducer("a"));
        handler.push("b", US_ASCII);
        handler.closeWhenDone();

        assertThat(socket.flushes()).isZero();
        channel.finishAndReleaseAll();
    }

    @Test
    void whatIsPushedInHandleConnectIsFlushedThen() {
        TestSocket socket = TestSocket.open();
        Recorder handler = new Recorder(Terminator.LF);
        handler.on("connect", () -> {
            handler.push("a", US_ASCII);
            handler.push("b", US_ASCII);
        });
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);

        assertThat(socket.text()).isEqualTo("ab");
        assertThat(socket.flushes()).isEqualTo(1);
        channel.finishAndReleaseAll();
    }

    @Test
    void whatIsPushedInAFrameThatResumeDeliversIsFlushedThen() {
        TestSocket socket = TestSocket.open();
        Recorder handler = new Recorder(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        handler.on("found", () -> handler.push("a", US_ASCII));
        handler.pause();
        channel.writeInbound(ascii("\n\n"));
        assertThat(socket.sent()).isEmpty();

        handler.resume();

        assertThat(socket.text()).isEqualTo("aa");
        assertThat(socket.flushes()).isEqualTo(1);
        channel.finishAndReleaseAll();
    }

    @Test
    void whatIsPushedInAFrameThatANewTerminatorEndsIsFlushedThen() {
        TestSocket socket = TestSocket.open();
        Recorder handler = new Recorder(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        handler.on("found", () -> handler.push("a", US_ASCII));

        handler.setTerminator(Terminator.length(0));

        assertThat(socket.text()).isEqualTo("a");
        channel.finishAndReleaseAll();
    }

    @Test
    void aWatermarksWorthOfPushesGoesAtOnce() {
        TestSocket socket = TestSocket.open();
        Recorder handler = new Recorder(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        int high = channel.config().getWriteBufferHighWaterMark();
        handler.on("found", () -> {
            handler.push(new byte[high - 1]);
            assertThat(socket.flushes()).isZero();
            handler.push(new byte[1]);
            assertThat(socket.flushes()).isEqualTo(1);
            handler.push(new byte[1]);
            assertThat(socket.flushes()).isEqualTo(1);
        });

        channel.writeInbound(ascii("\n"));

        assertThat(socket.sent()).hasSize(high + 1);
        assertThat(socket.flushes()).isEqualTo(2);
        channel.finishAndReleaseAll();
    }

    @Test
    void whatHasGoneDoesNotCountForTheNextWatermarksWorth() {
        TestSocket socket = TestSocket.open();
        Recorder handler = new Recorder(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        int most = channel.config().getWriteBufferHighWaterMark() - 1;
        handler.on("found", () -> {
            int before = socket.flushes();
            handler.push(new byte[most]);
            assertThat(socket.flushes()).isEqualTo(before);
        });

        for (int read = 0; read < 3; read++) {
            channel.writeInbound(ascii("\n"));
        }

        assertThat(handler.errors).isEmpty();
        assertThat(socket.flushes()).isEqualTo(3);
        channel.finishAndReleaseAll();
    }

    @Test
    void whileThePeerDoesNotReadNothingIsDeliveredAndNothingIsRead() {
        TestSocket socket = TestSocket.stalled();
        Recorder handler = new Recorder(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        socket.writable(false);

        channel.writeInbound(ascii("a\nb\n"));
        assertThat(handler.events).containsExactly("connect");
        assertThat(channel.config().isAutoRead()).isFalse();
        socket.writable(true);

        assertThat(handler.events).containsExactly("connect", "a", "found", "b", "found");
        assertThat(channel.config().isAutoRead()).isTrue();
        channel.finishAndReleaseAll();
    }

    @Test
    void whoReadsByHandIsNotReadForOnceACallbackHasCome() {
        int[] reads = new int[1];
        ChannelOutboundHandlerAdapter counter = new ChannelOutboundHandlerAdapter() {
            @Override
            public void read(ChannelHandlerContext ctx) throws Exception {
                reads[0]++;
                super.read(ctx);
            }
        };
        Recorder handler = new Recorder(Terminator.CRLF);
        EmbeddedChannel channel = new EmbeddedChannel(counter, handler);
        channel.config().setAutoRead(false);
        reads[0] = 0;

        channel.writeInbound(ascii("a\r\n"));
        assertThat(reads[0]).isZero();
        channel.writeInbound(ascii("\r")); // held back: nobody has been told

        assertThat(reads[0]).isEqualTo(1);
        channel.finishAndReleaseAll();
    }

    @Test
    void aHandlerThatIsAddedWhileThePeerDoesNotReadWaitsToo() {
        TestSocket socket = TestSocket.stalled();
        EmbeddedChannel channel = new EmbeddedChannel(socket);
        socket.writable(false);
        Recorder handler = new Recorder(Terminator.LF);
        channel.pipeline().addLast(handler);

        channel.writeInbound(ascii("a\n"));
        assertThat(handler.events).containsExactly("connect");
        socket.writable(true);

        assertThat(handler.events).containsExactly("connect", "a", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void soDoesOneThatAdoptsADecoder() {
        TestSocket socket = TestSocket.stalled();
        EmbeddedChannel channel = new EmbeddedChannel(socket, TerminatorFrameDecoder.streaming(Terminator.LF));
        socket.writable(false);
        Recorder handler = new Recorder();
        channel.pipeline().addLast(handler);

        channel.writeInbound(ascii("a\n"));
        assertThat(handler.events).containsExactly("connect");
        socket.writable(true);

        assertThat(handler.events).containsExactly("connect", "a", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void inTheMiddleOfABufferDeliveryStopsAtTheEndOfTheFrameThatFilledTheQueue() {
        Stall stall = new Stall();
        Recorder handler = new Recorder(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel(stall, handler);
        stall.watermarks(100 + ENTRY, 200 + ENTRY);
        handler.on("found", () -> handler.push(new byte[150]));

        channel.writeInbound(ascii("\n\n\n\n\n"));
        assertThat(handler.events).containsExactly("connect", "found", "found");
        stall.go();

        assertThat(handler.events).hasSize(6);
        assertThat(channel.config().isAutoRead()).isTrue();
        channel.finishAndReleaseAll();
    }

    @Test
    void aProducerOfOneGibibyteTakesNoMoreMemoryThanTwoWatermarksAndAPiece() {
        int piece = 1 << 16;
        int pieces = (1 << 30) / piece;
        Stall stall = new Stall();
        Recorder handler = new Recorder(Terminator.none());
        EmbeddedChannel channel = new EmbeddedChannel(stall, new Drain(), handler);
        ByteBuf shared = ByteBufAllocator.DEFAULT.buffer(piece).writeZero(piece);
        int[] asked = new int[1];
        int[] closed = new int[1];
        int[] mostAlive = new int[1];
        Producer producer = new Producer() {
            @Override
            public ByteBuf more(ByteBufAllocator alloc) {
                if (asked[0]++ == pieces) {
                    return null;
                }
                mostAlive[0] = Math.max(mostAlive[0], shared.refCnt());
                return shared.retainedDuplicate();
            }

            @Override
            public void close() {
                closed[0]++;
            }
        };

        ChannelFuture future = handler.pushWithProducer(producer);
        long most = 2L * channel.config().getWriteBufferHighWaterMark() + piece;
        assertThat(stall.pending()).isLessThan(most);
        int before = asked[0];
        channel.runPendingTasks();
        assertThat(asked[0]).isEqualTo(before); // the peer does not read, so there is nothing to ask for
        assertThat(closed[0]).isZero();
        stall.go();

        assertThat(future.isSuccess()).isTrue();
        assertThat(asked[0]).isEqualTo(pieces + 1);
        assertThat((long) mostAlive[0] * piece).isLessThanOrEqualTo(most);
        assertThat(closed[0]).isEqualTo(1);
        assertThat(shared.release()).isTrue();
        channel.finishAndReleaseAll();
    }

    private static ByteBuf ascii(String text) {
        return ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, text);
    }

    /** Takes what has been sent out of the channel at each flush. */
    private static final class Drain extends ChannelOutboundHandlerAdapter {
        @Override
        public void flush(ChannelHandlerContext ctx) {
            ctx.flush();
            ((EmbeddedChannel) ctx.channel()).releaseOutbound();
        }
    }
}
