package io.asynchat;

import static io.asynchat.EmbeddedInput.receive;
import static io.asynchat.Terminator.delimiter;
import static io.asynchat.Terminator.length;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.RecordingTail;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Verbs called by other threads, and a handler on an executor of its own. */
@ExtendWith(NoLeaks.class)
@SuppressWarnings("deprecation") // Netty discourages executors of handlers, and still has them
class DecoderOtherThreadTest {
    private static final Terminator BAR = delimiter("|");

    private final RecordingTail tail = EmbeddedInput.tail();
    private final ManualExecutor executor = new ManualExecutor();

    @Test
    void callsFromAnotherThreadTakeEffectInOrder() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(executor, decoder, tail);
        executor.runAll();
        receive(channel, "ab");
        executor.runAll();

        decoder.pause();
        decoder.setTerminator(length(5));
        decoder.setTerminator(length(0));
        decoder.setFrameLimit(7);
        decoder.resume();
        assertThat(decoder.getTerminator()).isEqualTo(BAR);
        assertThat(tail.events()).isEmpty();
        executor.runAll();

        assertThat(tail.events()).containsExactly("ab");
        assertThat(decoder.getTerminator()).isEqualTo(Terminator.none());
        assertThat(decoder.frameLimit()).isEqualTo(7);
        channel.close();
        executor.runAll();
        channel.finishAndReleaseAll();
    }

    @Test
    void handlerOnItsExecutorGovernsTheVeryNextByteOfADecoder() {
        RecordingHandler handler = new RecordingHandler(BAR);
        handler.on("found", () -> {
            boolean body = handler.matchedDelimiter() == null;
            String frame = handler.events.get(handler.events.size() - 2);
            handler.setTerminator(body ? BAR : length(Long.parseLong(frame)));
        });
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(TerminatorFrameDecoder.streaming(BAR)).addLast(executor, handler);
        run(channel);

        channel.pipeline().fireChannelRead(EmbeddedInput.buffer("3|2||1|2"));
        channel.pipeline().fireChannelReadComplete();
        assertThat(channel.config().isAutoRead()).isFalse();
        run(channel);

        assertThat(handler.events).containsExactly("connect", "3", "found", "2||", "found", "1", "found", "2", "found");
        channel.close();
        run(channel);
        assertThat(handler.events).endsWith("2", "found", "close");
        channel.finishAndReleaseAll();
    }

    private void run(EmbeddedChannel channel) {
        do {
            channel.runPendingTasks();
        } while (executor.runOne());
    }

    @Test
    void handlerOnItsExecutorDeliversTheSameFrames() {
        List<List<String>> all = new ArrayList<>();
        for (String where : List.of("next door", "elsewhere, its decoder too", "elsewhere, its decoder on the loop")) {
            RecordingHandler handler = new RecordingHandler(BAR);
            handler.on("found", () -> handler.setTerminator(handler.events.size() % 3 == 0 ? length(2) : BAR));
            EmbeddedChannel channel = new EmbeddedChannel();
            if (where.endsWith("loop")) {
                channel.pipeline().addLast(TerminatorFrameDecoder.streaming(Terminator.none()));
            }
            channel.pipeline().addLast(where.equals("next door") ? null : executor, handler);
            run(channel);
            for (String read : new String[] {"a|b", "c|de", "f||", "|x", "yz"}) {
                receive(channel, read);
                run(channel);
            }
            EmbeddedInput.endInput(channel);
            run(channel);
            all.add(handler.events);
            channel.finishAndReleaseAll();
        }
        assertThat(all.get(1)).isEqualTo(all.get(0)).contains("truncated", "end", "close");
        assertThat(all.get(2)).isEqualTo(all.get(0));
    }

    @Test
    void pushFromAnotherThreadRunsOnTheHandlersExecutor() {
        TestSocket socket = TestSocket.open();
        RecordingHandler handler = new RecordingHandler(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(socket);
        channel.pipeline().addLast(executor, handler);
        run(channel);

        ChannelFuture pushed = handler.push("a", ISO_8859_1);
        assertThat(socket.text()).isEmpty();
        run(channel);

        assertThat(socket.text()).isEqualTo("a");
        assertThat(pushed.isSuccess()).isTrue();
        channel.close();
        run(channel);
        channel.finishAndReleaseAll();
    }

    @Test
    void handlerOnItsExecutorMayBeRemoved() {
        RecordingHandler handler = new RecordingHandler(BAR);
        handler.on("found", () -> handler.channel().pipeline().remove(handler));
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(executor, handler).addLast(tail);
        run(channel);

        receive(channel, "a|b|c");
        run(channel);

        assertThat(handler.events).containsExactly("connect", "a", "found");
        assertThat(String.join("", tail.events())).isEqualTo("b|c");
        assertThat(channel.pipeline().get(TerminatorFrameDecoder.class)).isNull();
        channel.finishAndReleaseAll();
    }

    /** Reads numbers, each the length of the frame behind it, on real threads. */
    private static final class Lengths extends AsyncChatHandler {
        private final CompletableFuture<Integer> sum = new CompletableFuture<>();
        private final CompletableFuture<Void> closed = new CompletableFuture<>();
        private final int frames;
        private boolean body;
        private int bytes;
        private int ended;

        Lengths(int frames) {
            this.frames = frames;
            setTerminator(BAR);
        }

        @Override
        protected void foundTerminator() {
            String text = takeText(ISO_8859_1);
            bytes += body ? text.length() : 0;
            setTerminator(body ? BAR : length(Integer.parseInt(text)));
            body = !body;
            if (++ended == frames) {
                sum.complete(bytes);
            }
        }

        @Override
        protected void handleClose() {
            closed.complete(null);
        }
    }

    @Test
    void lengthIsInForceBeforeItsFirstByteOnRealThreads() throws Exception {
        Random random = new Random(1);
        StringBuilder wire = new StringBuilder();
        int bytes = 0;
        for (int i = 0; i < 2_000; i++) {
            int length = random.nextInt(9);
            wire.append(length).append('|').append("|".repeat(length));
            bytes += length;
        }
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, LocalIoHandler.newFactory());
        EventExecutor own = new DefaultEventExecutor();
        Lengths handler = new Lengths(4_000);
        try {
            Channel server = new ServerBootstrap()
                    .group(loops)
                    .channel(LocalServerChannel.class)
                    .childHandler(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void handlerAdded(ChannelHandlerContext ctx) {
                            ctx.pipeline().addLast(own, handler);
                        }
                    })
                    .bind(new LocalAddress(DecoderOtherThreadTest.class))
                    .sync()
                    .channel();
            Channel client = new Bootstrap()
                    .group(loops)
                    .channel(LocalChannel.class)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(server.localAddress())
                    .sync()
                    .channel();
            for (int from = 0; from < wire.length(); from += 7) {
                client.writeAndFlush(EmbeddedInput.buffer(wire.substring(from, Math.min(wire.length(), from + 7))));
            }
            assertThat(handler.sum.get(20, TimeUnit.SECONDS)).isEqualTo(bytes);
            client.close().sync();
            handler.closed.get(20, TimeUnit.SECONDS);
            await().until(() -> handler.channel().pipeline().first() == null); // Netty needs both executors to empty it
            server.close().sync();
        } finally {
            loops.shutdownGracefully(0, 20, TimeUnit.SECONDS).sync();
            own.shutdownGracefully(0, 20, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void verbCalledWhileTheHandlerIsBeingAddedTakesEffectOnItsExecutor() throws Exception {
        RecordingHandler handler = new RecordingHandler(BAR);
        List<Terminator> seen = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel() {
            private int asked;

            @Override
            public EventLoop eventLoop() {
                if (executor.inEventLoop() && ++asked == 2) {
                    CompletableFuture.runAsync(() -> handler.setTerminator(length(3)))
                            .join();
                    seen.add(handler.getTerminator());
                }
                return super.eventLoop();
            }
        };
        channel.pipeline().addLast(executor, handler);
        executor.runAll();

        assertThat(seen).containsExactly(BAR);
        assertThat(handler.getTerminator()).isEqualTo(length(3));
        channel.close();
        executor.runAll();
        channel.finishAndReleaseAll();
    }
}
