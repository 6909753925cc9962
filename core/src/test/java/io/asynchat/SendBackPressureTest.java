package io.asynchat;

import static io.asynchat.EmbeddedInput.receive;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.asynchat.testkit.NoLeaks;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** When what is pushed is flushed, and what a peer that does not read does to what comes from it: R20, W2, W13. */
@ExtendWith(NoLeaks.class)
class SendBackPressureTest {
    private static final int ENTRY = 96; // what Netty adds to each write that waits

    @Test
    void pushesOfAReadAreFlushedOnceAtItsEnd() {
        TestSocket socket = TestSocket.open();
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
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
    void pushesOutsideOfCallbacksAreFlushedOnceATurn() { // W13
        TestSocket socket = TestSocket.open();
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);

        for (int i = 0; i < 1_000; i++) {
            handler.push("a", US_ASCII);
        }
        assertThat(socket.flushes()).isZero();
        channel.runPendingTasks();

        assertThat(socket.sent()).hasSize(1_000);
        assertThat(socket.flushes()).isEqualTo(1);
        channel.finishAndReleaseAll();
    }

    @Test
    @SuppressWarnings("deprecation") // Netty discourages executors of handlers, and still has them
    void pushesOfAnotherThreadAreFlushedOnceATurn() { // W13
        TestSocket socket = TestSocket.open();
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        ManualExecutor executor = new ManualExecutor();
        EmbeddedChannel channel = new EmbeddedChannel(socket);
        channel.pipeline().addLast(executor, handler);
        executor.runAll();

        for (int i = 0; i < 1_000; i++) {
            handler.push("a", US_ASCII); // this thread is not the executor's
        }
        assertThat(socket.flushes()).isZero();
        executor.runAll();
        channel.runPendingTasks();

        assertThat(socket.sent()).hasSize(1_000);
        assertThat(socket.flushes()).isEqualTo(1);
        channel.close();
        executor.runAll();
        channel.finishAndReleaseAll();
    }

    @Test
    @SuppressWarnings("deprecation") // as above
    void pushesOfOneTurnAreFlushedTogether() {
        TestSocket socket = TestSocket.open();
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        ManualExecutor executor = new ManualExecutor();
        EmbeddedChannel channel = new EmbeddedChannel(socket);
        channel.pipeline().addLast(executor, handler);
        executor.runAll();
        AsyncChatGroup group = new AsyncChatGroup();
        group.join(handler);
        executor.runAll();

        for (int turn = 1; turn <= 3; turn++) {
            for (int i = 0; i < 40_000; i++) {
                handler.push("a", US_ASCII);
            }
            executor.runAll();
            assertThat(socket.sent()).hasSize(turn * 40_000);
            assertThat(socket.flushes()).isEqualTo(turn);
        }
        handler.pushWithProducer(new TestProducer("b", "c"));
        handler.push("d", US_ASCII);
        executor.runAll();
        assertThat(socket.text()).endsWith("abcd");
        assertThat(socket.flushes()).isLessThanOrEqualTo(5);
        int before = socket.flushes();
        group.broadcast(ascii("e"));
        group.broadcast(ascii("f"));
        executor.runAll();
        assertThat(socket.text()).endsWith("abcdef");
        assertThat(socket.flushes() - before).isLessThanOrEqualTo(2);
        channel.close();
        executor.runAll();
        channel.finishAndReleaseAll();
    }

    @Test
    void readOfManyBuffersIsOneRead() {
        TestSocket socket = TestSocket.open();
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        handler.on("found", () -> handler.push("a", US_ASCII));

        channel.writeInbound(ascii("\n\n"), ascii("\n"), ascii("x"));

        assertThat(socket.text()).isEqualTo("aaa");
        assertThat(socket.flushes()).isEqualTo(1);
        channel.finishAndReleaseAll();
    }

    @Test
    void readWithoutPushesFlushesNothing() {
        TestSocket socket = TestSocket.open();
        EmbeddedChannel channel = new EmbeddedChannel(socket, new RecordingHandler(Terminator.LF));

        channel.writeInbound(ascii("a\nb"));

        assertThat(socket.flushes()).isZero();
        channel.finishAndReleaseAll();
    }

    @Test
    void waitingProducerCausesNoFlush() {
        TestSocket socket = TestSocket.open();
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        socket.writable(false);
        handler.pushWithProducer(new TestProducer("a"));
        handler.push("b", US_ASCII);
        handler.closeWhenDone();
        channel.runPendingTasks();

        assertThat(socket.flushes()).isZero();
        channel.finishAndReleaseAll();
    }

    @Test
    void pushInHandleConnectIsFlushedAtOnce() {
        TestSocket socket = TestSocket.open();
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
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
    void pushInAFrameDeliveredByResumeIsFlushedAtOnce() {
        TestSocket socket = TestSocket.open();
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
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
    void pushInAFrameEndedByANewTerminatorIsFlushedAtOnce() {
        TestSocket socket = TestSocket.open();
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        handler.on("found", () -> handler.push("a", US_ASCII));

        handler.setTerminator(Terminator.length(0));

        assertThat(socket.text()).isEqualTo("a");
        channel.finishAndReleaseAll();
    }

    @Test
    void pushesAboveTheHighWatermarkAreFlushedAtOnce() {
        TestSocket socket = TestSocket.open();
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
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
    void sentBytesDoNotCountAgainstTheWatermark() {
        TestSocket socket = TestSocket.open();
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
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
    void unwritableChannelIsNeitherReadNorDelivered() {
        TestSocket socket = TestSocket.stalled();
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
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
    void manualReadIsMetByOneCallback() {
        int[] reads = new int[1];
        ChannelOutboundHandlerAdapter counter = new ChannelOutboundHandlerAdapter() {
            @Override
            public void read(ChannelHandlerContext ctx) throws Exception {
                reads[0]++;
                super.read(ctx);
            }
        };
        RecordingHandler handler = new RecordingHandler(Terminator.CRLF);
        EmbeddedChannel channel = new EmbeddedChannel(counter, handler);
        channel.config().setAutoRead(false);
        reads[0] = 0;

        channel.writeInbound(ascii("a\r\n"));
        assertThat(reads[0]).isZero();
        channel.read();
        assertThat(reads[0]).isEqualTo(1);
        channel.writeInbound(ascii("\r")); // held back: that read is not met

        assertThat(reads[0]).isEqualTo(2);
        channel.finishAndReleaseAll();
    }

    @Test
    void handlerAddedToAnUnwritableChannelWaits() {
        TestSocket socket = TestSocket.stalled();
        EmbeddedChannel channel = new EmbeddedChannel(socket);
        socket.writable(false);
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        channel.pipeline().addLast(handler);

        channel.writeInbound(ascii("a\n"));
        assertThat(handler.events).containsExactly("connect");
        socket.writable(true);

        assertThat(handler.events).containsExactly("connect", "a", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void handlerThatTakesADecoderOverWaitsOnAnUnwritableChannel() {
        TestSocket socket = TestSocket.stalled();
        EmbeddedChannel channel = new EmbeddedChannel(socket, TerminatorFrameDecoder.streaming(Terminator.LF));
        socket.writable(false);
        RecordingHandler handler = new RecordingHandler();
        channel.pipeline().addLast(handler);

        channel.writeInbound(ascii("a\n"));
        assertThat(handler.events).containsExactly("connect");
        socket.writable(true);

        assertThat(handler.events).containsExactly("connect", "a", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void deliveryStopsAfterTheFrameThatFilledTheQueue() {
        WriteBlocker stall = new WriteBlocker();
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
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
    void producerOfOneGibibyteNeedsTwoWatermarksAndAPieceOfMemory() {
        int piece = 1 << 16;
        int pieces = (1 << 30) / piece;
        WriteBlocker stall = new WriteBlocker();
        RecordingHandler handler = new RecordingHandler(Terminator.none());
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
        channel.runPendingTasks();
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

    @Test
    void frameThatWaitsIsNotDeliveredWhereHandleWritableFillsTheChannelAgain() {
        WriteBlocker stall = new WriteBlocker();
        RecordingHandler handler = new RecordingHandler(Terminator.LF) {
            @Override
            protected void handleWritable() {
                events.add("writable");
                stall.stop();
                push(new byte[300]);
            }
        };
        EmbeddedChannel channel = new EmbeddedChannel(stall, handler);
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(5, 20));
        handler.push(new byte[30]);
        channel.runPendingTasks();
        assertThat(channel.isWritable()).isFalse();
        receive(channel, "a\nb\n");

        stall.go();
        channel.runPendingTasks();

        assertThat(handler.events).containsExactly("connect", "writable");
        assertThat(channel.isWritable()).isFalse();
        stall.go();
        channel.finishAndReleaseAll();
    }

    @Test
    void handleWritableComesOnceWhenAProducerHasBeenSent() {
        WriteBlocker stall = new WriteBlocker();
        String[] pieces = new String[20];
        Arrays.fill(pieces, "x".repeat(30));
        TestProducer producer = new TestProducer(pieces);
        RecordingHandler handler = new RecordingHandler(Terminator.LF) {
            @Override
            protected void handleWritable() {
                events.add("writable, producer closed: " + producer.closed());
            }
        };
        EmbeddedChannel channel = new EmbeddedChannel(stall, handler);
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(5, 20));
        handler.pushWithProducer(producer);
        channel.runPendingTasks();
        receive(channel, "a\n");

        stall.go();
        channel.runPendingTasks();

        assertThat(handler.events).containsExactly("connect", "writable, producer closed: 1", "a", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void callbackThatFillsTheChannelOutsideAReadDoesNotKeepTheLoopBusy() {
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        handler.on("found", () -> handler.push(new byte[100_000]));

        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            channel.pipeline().fireChannelRead(EmbeddedInput.buffer("\n"));
            channel.pipeline().fireChannelReadComplete();
            channel.runPendingTasks();
        });

        assertThat(handler.events).startsWith("connect", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void handleWritableWaitsForAProducerThatIsPushedBehindAFullBuffer() {
        String[] pieces = new String[20];
        Arrays.fill(pieces, "x".repeat(48 << 10));
        TestProducer producer = new TestProducer(pieces);
        RecordingHandler handler = new RecordingHandler(Terminator.LF) {
            @Override
            protected void handleWritable() {
                events.add("writable, producer closed: " + producer.closed());
            }
        };
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        handler.on("found", () -> {
            handler.push(new byte[64 << 10]);
            handler.pushWithProducer(producer);
        });

        receive(channel, "\n");
        channel.runPendingTasks();

        assertThat(handler.events).containsExactly("connect", "found", "writable, producer closed: 1");
        channel.finishAndReleaseAll();
    }

    @Test
    void otherTasksHaveTheirTurnBetweenTwoCallsOfHandleWritable() throws Exception {
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
        CompletableFuture<Integer> callsBeforeTheTask = new CompletableFuture<>();
        Supplier<AsyncChatHandler> pushing = () -> new AsyncChatHandler() {
            private int calls;

            @Override
            protected void handleConnect() {
                push(new byte[128 << 10]);
            }

            @Override
            protected void handleWritable() {
                calls++;
                if (calls == 1) {
                    executor().execute(() -> callsBeforeTheTask.complete(calls));
                }
                if (calls < 1_000) {
                    push(new byte[128 << 10]);
                }
            }

            @Override
            protected void foundTerminator() {}
        };
        LocalAddress address = new LocalAddress("back-pressure");
        try {
            new ServerBootstrap()
                    .group(loop)
                    .channel(LocalServerChannel.class)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(pushing.get());
                        }
                    })
                    .bind(address)
                    .sync();
            Channel client = new Bootstrap()
                    .group(loop)
                    .channel(LocalChannel.class)
                    .handler(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelRead(ChannelHandlerContext ctx, Object message) {
                            ReferenceCountUtil.release(message);
                        }
                    })
                    .connect(address)
                    .sync()
                    .channel();

            assertThat(callsBeforeTheTask.get(20, TimeUnit.SECONDS)).isLessThan(10);
            client.close().sync(); // an event loop that is shut down while it runs tasks may leave it open
        } finally {
            loop.shutdownGracefully(0, 20, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
