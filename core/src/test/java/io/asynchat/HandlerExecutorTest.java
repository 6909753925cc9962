package io.asynchat;

import static io.asynchat.EmbeddedInput.buffer;
import static io.asynchat.EmbeddedInput.receive;
import static io.asynchat.Terminator.LF;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.RecordingTail;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A handler on an executor of its own: what waits there, what it may push in a turn, how it comes and goes. */
@ExtendWith(NoLeaks.class)
@SuppressWarnings("deprecation") // Netty discourages executors of handlers, and still has them
class HandlerExecutorTest {
    private static final int LIMIT = 100;

    private final ManualExecutor executor = new ManualExecutor();
    private final RecordingHandler handler = new RecordingHandler(LF);
    private final RecordingTail tail = EmbeddedInput.tail();

    private static void run(ManualExecutor executor, EmbeddedChannel channel) {
        do {
            channel.runPendingTasks();
        } while (executor.runOne());
    }

    /** Creates a channel with these handlers, then the recording one on the executor. */
    private EmbeddedChannel channel(ChannelHandler... before) {
        EmbeddedChannel channel = new EmbeddedChannel(before);
        channel.pipeline().addLast(executor, handler);
        run(executor, channel);
        return channel;
    }

    private void end(EmbeddedChannel channel) {
        channel.close();
        run(executor, channel);
        channel.finishAndReleaseAll();
    }

    // ---- what waits for it

    /** A peer that sends as long as it is read: a buffer for each read that is asked for. */
    private static final class Flood extends ChannelDuplexHandler {
        private int wanted; // reads that are not answered
        private int sent;

        @Override
        public void read(ChannelHandlerContext ctx) {
            wanted++;
        }

        /** Answers all reads, and whatever auto-read asks for, up to so many buffers. */
        void pour(EmbeddedChannel channel, int most) {
            while (sent < most && (wanted > 0 || channel.config().isAutoRead())) {
                wanted = 0;
                sent++;
                channel.pipeline().fireChannelRead(buffer(sent + "\n"));
                channel.pipeline().fireChannelReadComplete();
            }
        }
    }

    @Test
    void oneBufferWaitsForABusyHandler() {
        Flood flood = new Flood();
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(flood).addLast(executor, handler);
        executor.runAll();
        int[] most = new int[1];
        handler.on("found", () -> {
            int handled = (handler.events.size() - 1) / 2;
            flood.pour(channel, 1_000); // while it works
            most[0] = Math.max(most[0], flood.sent - handled);
        });

        flood.pour(channel, 1_000);
        assertThat(flood.sent).as("waiting before it works").isEqualTo(1);
        while (flood.sent < 1_000) {
            int before = flood.sent;
            run(executor, channel);
            flood.pour(channel, 1_000);
            assertThat(flood.sent - before).isLessThanOrEqualTo(1);
        }
        run(executor, channel);

        assertThat(most[0]).as("waiting while it works").isLessThanOrEqualTo(1);
        assertThat(handler.events).hasSize(1 + 2 * 1_000);
        end(channel);
    }

    @Test
    void pausedHandlerIsNotReadBeyondTheReadAhead() {
        Flood flood = new Flood();
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(flood).addLast(executor, handler);
        executor.runAll();
        handler.on("found", handler::pause);
        handler.setReadAhead(20);
        for (int i = 0; i < 1_000; i++) {
            flood.pour(channel, 1_000);
            run(executor, channel);
        }
        assertThat(flood.sent).isBetween(2, 12); // two bytes each

        handler.on("found", () -> {});
        handler.resume();
        for (int i = 0; i < 1_000; i++) {
            run(executor, channel);
            flood.pour(channel, 1_000);
        }

        assertThat(flood.sent).isEqualTo(1_000);
        end(channel);
    }

    @Test
    void removalRestoresAutoRead() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(executor, handler).addLast(tail);
        executor.runAll();
        assertThat(channel.config().isAutoRead()).isFalse();

        channel.pipeline().remove(handler);
        run(executor, channel);

        assertThat(channel.config().isAutoRead()).isTrue();
        end(channel);
    }

    @Test
    void oneBufferWaitsForABusyHandlerOverTcp() throws Exception {
        int bytes = 8 << 20;
        DefaultEventExecutorGroup group = new DefaultEventExecutorGroup(1);
        AtomicInteger waiting = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ChannelInboundHandlerAdapter counter = new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                int now = waiting.incrementAndGet();
                most.accumulateAndGet(now, Math::max);
                ctx.fireChannelRead(message);
            }
        };
        AsyncChatHandler taking = new AsyncChatHandler() {
            private int taken;

            @Override
            protected void collectIncomingData(ByteBuf data) {
                taken += data.readableBytes();
                waiting.decrementAndGet(); // under none() each buffer is one piece
                if (taken == bytes) {
                    push("done", US_ASCII);
                    closeWhenDone();
                }
            }

            @Override
            protected void foundTerminator() {}
        };
        try (Loopback loopback = new Loopback(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(counter).addLast(group, taking);
            }
        })) {
            OutputStream out = loopback.peer().getOutputStream();
            for (int i = 0; i < bytes; i += 1 << 16) {
                out.write(new byte[1 << 16]);
            }
            assertThat(new String(loopback.read(4), US_ASCII)).isEqualTo("done");
        } finally {
            group.shutdownGracefully(0, 20, TimeUnit.SECONDS).syncUninterruptibly();
        }
        assertThat(most.get())
                .as("those that come before it is added count too")
                .isLessThanOrEqualTo(3);
    }

    // ---- what it may push

    @Test
    void pushIsRefusedOnlyForWhatWaitedWhenItsTurnBegan() {
        TestSocket socket = TestSocket.stalled();
        EmbeddedChannel channel = channel(socket);
        handler.setSendLimit(LIMIT);
        List<ChannelFuture> pushed = new ArrayList<>();
        handler.on("slow", () -> {});
        handler.on("found", () -> {
            for (int i = 0; i < 10; i++) {
                pushed.add(handler.push(new byte[LIMIT]));
            }
        });

        receive(channel, "a\nb\n"); // two frames, one turn
        run(executor, channel);
        assertThat(pushed).hasSize(20).noneMatch(ChannelFuture::isDone);
        receive(channel, "c\n");
        run(executor, channel);

        assertThat(pushed.subList(20, 30)).allMatch(refused -> refused.cause() instanceof IllegalStateException);
        assertThat(handler.events).contains("slow");
        socket.openUp();
        run(executor, channel);
        receive(channel, "d\n");
        run(executor, channel);
        assertThat(pushed.subList(30, 40)).allMatch(ChannelFuture::isSuccess);
        end(channel);
    }

    @Test
    void pushOfAnotherThreadIsRefusedOnlyForWhatWaitedWhenItsTurnBegan() {
        TestSocket socket = TestSocket.stalled();
        EmbeddedChannel channel = channel(socket);
        handler.setSendLimit(LIMIT);
        handler.on("slow", () -> {});
        List<ChannelFuture> pushed = new ArrayList<>();

        for (int i = 0; i < 10; i++) {
            pushed.add(handler.push(new byte[LIMIT]));
        }
        run(executor, channel);
        assertThat(pushed).noneMatch(ChannelFuture::isDone);
        ChannelFuture refused = handler.push(new byte[1]);
        run(executor, channel);

        assertThat(refused.cause()).isInstanceOf(IllegalStateException.class);
        end(channel);
    }

    @Test
    void deliveryStopsWhileTheChannelIsNotWritable() {
        TestSocket socket = TestSocket.open();
        EmbeddedChannel channel = channel(socket);
        handler.on("found", () -> {
            if (handler.events.size() == 3) {
                socket.writable(false); // its event waits in the executor's queue behind the frames
            }
        });

        receive(channel, "a\nb\nc\n");
        run(executor, channel);
        assertThat(handler.events).containsExactly("connect", "a", "found");
        socket.writable(true);
        run(executor, channel);

        assertThat(handler.events).containsExactly("connect", "a", "found", "b", "found", "c", "found");
        end(channel);
    }

    /** As while Netty passes a write to the event loop: it is not sent, and the channel counts it as little as this socket does. */
    @Test
    void deliveryStopsWhileTheTransportIsFullThoughTheChannelIsWritable() {
        TestSocket socket = TestSocket.stalled();
        EmbeddedChannel channel = channel(socket);
        handler.setSendLimit(LIMIT);
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(LIMIT, 2 * LIMIT));
        handler.on("found", () -> handler.push(new byte[2 * LIMIT + 1]));

        receive(channel, "a\n");
        receive(channel, "b\n");
        receive(channel, "c\n");
        run(executor, channel);
        assertThat(channel.isWritable()).isTrue();
        assertThat(handler.events).containsExactly("connect", "a", "found");
        for (int sent = 0; sent < 3; sent++) {
            socket.take(2 * LIMIT + 1);
            run(executor, channel);
        }

        assertThat(handler.events).containsExactly("connect", "a", "found", "b", "found", "c", "found");
        end(channel);
    }

    @Test
    void deliveryGoesOnWhenTheTransportIsNoLongerFullThoughItHoldsMore() {
        TestSocket socket = TestSocket.stalled();
        EmbeddedChannel channel = channel(socket);
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(LIMIT, LIMIT));
        handler.on("found", () -> {
            for (int i = 0; i < 3; i++) {
                handler.push(new byte[LIMIT]);
            }
        });

        receive(channel, "a\n");
        receive(channel, "b\n");
        run(executor, channel);
        assertThat(handler.events).containsExactly("connect", "a", "found");
        socket.take(2 * LIMIT); // the third is under way
        run(executor, channel);

        assertThat(handler.events).containsExactly("connect", "a", "found", "b", "found");
        end(channel);
    }

    @Test
    void transportIsNotFullWithPushesThatHaveNotBeenFlushed() {
        TestSocket socket = TestSocket.stalled();
        EmbeddedChannel channel = channel(socket);
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(LIMIT, LIMIT));
        handler.on("found", () -> handler.push(new byte[LIMIT / 3]));

        receive(channel, "a\nb\nc\n");
        run(executor, channel);

        assertThat(handler.events).endsWith("c", "found");
        assertThat(socket.flushes()).isEqualTo(1);
        end(channel);
    }

    @Test
    void transportIsNotFullWithBytesThatWereSentThoughTheirCompletionIsStillQueued() {
        TestSocket socket = TestSocket.stalled();
        EmbeddedChannel channel = channel(socket);
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(LIMIT, LIMIT));
        handler.push(new byte[LIMIT]);
        run(executor, channel);

        receive(channel, "a\nb\n");
        socket.take(LIMIT); // its completion is queued behind the frames
        executor.runOne();

        assertThat(handler.events).containsExactly("connect", "a", "found", "b", "found");
        run(executor, channel);
        end(channel);
    }

    @Test
    void bytesThatWereSentNoLongerWaitThoughTheirCompletionIsStillQueued() {
        TestSocket socket = TestSocket.stalled();
        EmbeddedChannel channel = channel(socket);
        handler.setSendLimit(LIMIT);
        List<ChannelFuture> pushed = new ArrayList<>();
        executor.execute(() -> pushed.add(handler.push(new byte[LIMIT + 1])));
        executor.runAll();

        executor.execute(() -> pushed.add(handler.push(new byte[LIMIT + 1])));
        socket.take(LIMIT + 1); // all is sent; its completion is queued behind the second push
        executor.runAll();
        socket.take(LIMIT + 1);
        run(executor, channel);

        assertThat(handler.events).doesNotContain("slow");
        assertThat(pushed).hasSize(2).allMatch(ChannelFuture::isSuccess);
        end(channel);
    }

    @Test
    void limitHoldsAgainOnceACompletionThatWasQueuedIsReported() {
        TestSocket socket = TestSocket.stalled();
        EmbeddedChannel channel = channel(socket);
        handler.setSendLimit(LIMIT);
        handler.on("slow", () -> {});
        handler.push(new byte[LIMIT]);
        run(executor, channel);
        socket.take(LIMIT); // its completion is queued
        run(executor, channel);

        handler.push(new byte[LIMIT + 1]);
        run(executor, channel);
        handler.push(new byte[1]);
        run(executor, channel);

        assertThat(handler.events).endsWith("slow");
        end(channel);
    }

    @Test
    void callFromOutsideWaitsForTheExecutor() {
        EmbeddedChannel channel = channel();

        handler.close();
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        run(executor, channel);

        assertThat(channel.isOpen()).isFalse();
        end(channel);
    }

    @ParameterizedTest
    @CsvSource({"400, 65536", "20, 2097152"}) // one that the transport is full with, and one beyond the send limit
    void peerThatReadsIsNeverASlowReader(int answers, int bytes) throws Exception {
        DefaultEventExecutorGroup group = new DefaultEventExecutorGroup(1);
        handler.on("found", () -> handler.push(Unpooled.wrappedBuffer(new byte[bytes])));
        try (Loopback loopback = new Loopback(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(group, handler);
            }
        })) {
            loopback.peer().getOutputStream().write("\n".repeat(answers).getBytes(US_ASCII));

            assertThat(loopback.read(answers * bytes).length).isEqualTo(answers * bytes);
        } finally {
            group.shutdownGracefully(0, 20, TimeUnit.SECONDS).syncUninterruptibly();
        }
        assertThat(handler.events).doesNotContain("slow");
    }

    // ---- how it comes and goes

    @Test
    void removalBeforeHandlerAddedIsNoError() {
        for (boolean replaced : new boolean[] {true, false}) {
            ManualExecutor own = new ManualExecutor();
            RecordingHandler removed = new RecordingHandler(LF);
            RecordingHandler next = new RecordingHandler(LF);
            RecordingTail behind = EmbeddedInput.tail();
            EmbeddedChannel channel = new EmbeddedChannel();
            channel.pipeline().addLast(own, removed).addLast(behind);
            if (replaced) {
                channel.pipeline().replace(removed, null, next);
            } else {
                channel.pipeline().remove(removed);
            }
            receive(channel, "a\nb\n");
            run(own, channel);
            receive(channel, "c\n");
            run(own, channel);

            assertThat(removed.errors).isEmpty();
            assertThat(behind.exceptions()).isEmpty();
            if (replaced) {
                assertThat(next.events).containsExactly("connect", "a", "found", "b", "found", "c", "found");
            } else {
                assertThat(String.join("", behind.events())).isEqualTo("a\nb\nc\n");
            }
            assertThat(channel.config().isAutoRead())
                    .as("read by others than the handler")
                    .isEqualTo(!replaced);
            assertThat(channel.isOpen()).isTrue();
            channel.finishAndReleaseAll();
        }
    }

    @Test
    void removalBeforeTheTakeoverOfADecoderIsNoError() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline()
                .addLast(new TerminatorFrameDecoder(LF))
                .addLast(executor, handler)
                .addLast(tail);
        channel.pipeline().remove(handler);
        run(executor, channel);
        receive(channel, "a\nb\n");
        run(executor, channel);

        assertThat(handler.errors).isEmpty();
        assertThat(tail.exceptions()).isEmpty();
        assertThat(tail.events().toString().replaceAll("\\W", "")).isEqualTo("ab"); // as bytes, or as frames
        end(channel);
    }

    @Test
    void handlerReadsFromAReplacedSupplierOfBytes() {
        for (boolean own : new boolean[] {true, false}) {
            RecordingHandler living = new RecordingHandler(LF);
            EmbeddedChannel channel = new EmbeddedChannel();
            channel.pipeline().addLast("supplier", new ChannelInboundHandlerAdapter());
            channel.pipeline().addLast(own ? executor : null, living);
            run(executor, channel);
            receive(channel, "a\nb");
            run(executor, channel);

            channel.pipeline().replace("supplier", "supplier", new ChannelInboundHandlerAdapter());
            receive(channel, "c\n");
            run(executor, channel);
            channel.pipeline().remove("supplier");
            receive(channel, "d\n");
            run(executor, channel);

            assertThat(living.events).containsExactly("connect", "a", "found", "b", "c", "found", "d", "found");
            end(channel);
        }
    }

    @Test
    void handlerReadsFromAReplacedDecoder() {
        RecordingHandler living = new RecordingHandler(Terminator.none());
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast("decoder", new TerminatorFrameDecoder(LF));
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter());
        channel.pipeline().addLast(living);
        receive(channel, "a\nb");

        channel.pipeline().replace("decoder", "decoder", new TerminatorFrameDecoder(LF));
        receive(channel, "c\nd\n");

        assertThat(living.events).containsExactly("connect", "a", "bc", "d");
        channel.finishAndReleaseAll();
    }
}
