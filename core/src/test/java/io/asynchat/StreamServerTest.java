package io.asynchat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.asynchat.testkit.NoLeaks;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.CorruptedFrameException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The protocols of a server: where they run, how they end, and how a drain awaits them. */
@ExtendWith(NoLeaks.class)
@Timeout(60)
class StreamServerTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final ChatStream.Protocol ECHO = stream -> {
        for (String line; (line = stream.readText(Terminator.LINE, UTF_8)) != null; ) {
            stream.write(line + "\n", UTF_8);
        }
    };

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AsyncChatClient<?> client = AsyncChatClient.streams().build();

    @AfterEach
    void close() throws Exception {
        client.close();
        threads.shutdownNow();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    private String say(AsyncChatServer server, String line) throws Exception {
        try (ChatStream stream = client.open(server.address())) {
            return ask(stream, line);
        }
    }

    private static String ask(ChatStream stream, String line) throws Exception {
        stream.write(line + "\n", UTF_8);
        return stream.readText(Terminator.LINE, UTF_8);
    }

    @Test
    void eachConnectionHasAProtocol() throws Exception {
        try (AsyncChatServer server = AsyncChatServer.streams(threads, ECHO).bind(ANY);
                ChatStream first = client.open(server.address());
                ChatStream second = client.open(server.address())) {
            assertThat(ask(first, "a")).isEqualTo("a");
            assertThat(ask(second, "b")).isEqualTo("b");
            assertThat(ask(first, "c")).isEqualTo("c");
        }
    }

    @Test
    void virtualThreadsServe() throws Exception {
        ExecutorService virtual;
        try {
            virtual = (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException none) {
            Assumptions.abort("this JDK has no virtual threads");
            return;
        }
        try (AsyncChatServer server = AsyncChatServer.streams(virtual, ECHO).bind(ANY)) {
            for (int i = 0; i < 200; i++) {
                assertThat(say(server, "line " + i)).isEqualTo("line " + i);
            }
        } finally {
            virtual.shutdown();
        }
    }

    @Test
    void returnSendsAllThatIsWrittenAndCloses() throws Exception {
        try (AsyncChatServer server = AsyncChatServer.streams(threads, stream -> stream.write(new byte[2 << 20]))
                        .bind(ANY);
                Socket peer = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            assertThat(peer.getInputStream().readAllBytes()).hasSize(2 << 20);
        }
    }

    @Test
    void poolOfOneThreadServesOneConnectionAfterTheOther() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try (AsyncChatServer server = AsyncChatServer.streams(one, ECHO).bind(ANY);
                ChatStream served = client.open(server.address())) {
            assertThat(ask(served, "a")).isEqualTo("a"); // so it has the thread
            try (ChatStream waiting = client.open(server.address())) {
                waiting.write("b\n", UTF_8);
                waiting.flush();
                assertThat(ask(served, "c")).isEqualTo("c");
                served.channel().close();

                assertThat(waiting.readText(Terminator.LINE, UTF_8)).isEqualTo("b");
            }
        } finally {
            one.shutdown();
        }
    }

    @Test
    void protocolThatHasNotBegunWhenItsConnectionClosesIsNotRun() throws Exception {
        BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch closed = new CountDownLatch(1);
        try (AsyncChatServer server = AsyncChatServer.streams(tasks::add, stream -> runs.incrementAndGet())
                .onConnectionClosed(channel -> closed.countDown())
                .bind(ANY)) {
            Socket peer = new Socket(InetAddress.getLoopbackAddress(), server.port());
            Runnable task = tasks.take();
            peer.setSoLinger(true, 0);
            peer.close();
            closed.await();
            task.run();
        }
        assertThat(runs).hasValue(0);
    }

    @Test
    void executorThatRejectsClosesTheConnectionAndTheNextIsServed() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Executor full = task -> {
            if (asked.getAndIncrement() == 0) {
                throw new RejectedExecutionException("full");
            }
            threads.execute(task);
        };
        try (AsyncChatServer server = AsyncChatServer.streams(full, ECHO).bind(ANY)) {
            try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                assertThat(peer.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(say(server, "a")).isEqualTo("a");
        }
    }

    @Test
    void eventLoopsAreRefusedAsExecutor() {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            assertThatThrownBy(() -> AsyncChatServer.streams(loops, ECHO))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected: threads that may block");
        } finally {
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    @Test
    void protocolOnTheEventLoopIsRefusedAndItsConnectionClosed() throws Exception {
        CompletableFuture<Throwable> fault = new CompletableFuture<>();
        try (AsyncChatServer server = AsyncChatServer.builder(() -> new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                channel.pipeline().addLast(ChatStream.handler(Runnable::run, ECHO), new Faults(fault));
                            }
                        })
                        .bind(ANY);
                Socket peer = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(fault.get(30, TimeUnit.SECONDS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("protocol: on an event loop");
    }

    private static final class Faults extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Throwable> fault;

        Faults(CompletableFuture<Throwable> fault) {
            this.fault = fault;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            fault.complete(cause);
        }
    }

    @Test
    void exceptionThatLeavesTheProtocolClosesItsConnectionAlone() throws Exception {
        CompletableFuture<Throwable> fault = new CompletableFuture<>();
        ChatStream.Protocol protocol = stream -> {
            String line = stream.readText(Terminator.LINE, UTF_8);
            if ("throw".equals(line)) {
                throw new IllegalStateException("a bug");
            }
            stream.write(line + "\n", UTF_8);
        };
        try (AsyncChatServer server = AsyncChatServer.builder(() -> new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(ChatStream.handler(threads, protocol), new Faults(fault));
                    }
                })
                .bind(ANY)) {
            assertThat(say(server, "throw")).isNull();
            assertThat(say(server, "a")).isEqualTo("a");
        }
        assertThat(fault.get(30, TimeUnit.SECONDS)).hasMessage("a bug");
    }

    @Test
    void faultOfThePeerThatLeavesTheProtocolIsLoggedAtDebug() throws Exception {
        try (LogLines log = new LogLines(AsyncChatHandler.class, Level.DEBUG);
                AsyncChatServer server = AsyncChatServer.streams(threads, stream -> {
                            throw new CorruptedFrameException("nonsense");
                        })
                        .bind(ANY)) {
            assertThat(say(server, "a")).isNull();
            await().untilAsserted(() ->
                    assertThat(log.lines()).anyMatch(line -> line.startsWith("DEBUG") && line.contains("nonsense")));
        }
    }

    // ---- drain

    @Test
    void drainWaitsForTheProtocolToReturn() throws Exception {
        CountDownLatch finish = new CountDownLatch(1);
        CountDownLatch draining = new CountDownLatch(1);
        AsyncChatServer server = AsyncChatServer.streams(threads, stream -> {
                    stream.readText(Terminator.LINE, UTF_8);
                    while (!stream.isDraining()) {
                        Thread.onSpinWait();
                    }
                    draining.countDown();
                    finish.await();
                    stream.write("done\n", UTF_8);
                })
                .drainTimeout(Duration.ofSeconds(60))
                .bind(ANY);
        try (ChatStream stream = client.open(server.address())) {
            stream.write("work\n", UTF_8);
            stream.flush();
            io.netty.util.concurrent.Future<Void> closed = server.closeAsync();
            draining.await();
            assertThat(closed.isDone()).isFalse();
            finish.countDown();

            assertThat(stream.readText(Terminator.LINE, UTF_8)).isEqualTo("done");
            closed.syncUninterruptibly();
        }
    }

    @Test
    void drainInterruptsProtocolsWhenItsTimeIsOver() throws Exception {
        CompletableFuture<Throwable> fault = new CompletableFuture<>();
        CountDownLatch running = new CountDownLatch(1);
        AsyncChatServer server = AsyncChatServer.streams(threads, stream -> {
                    running.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException interrupt) {
                        fault.complete(interrupt);
                        throw interrupt;
                    }
                })
                .drainTimeout(Duration.ofMillis(50))
                .bind(ANY);
        try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            running.await();
            server.close();

            assertThat(fault).isCompleted();
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void drainEndsAReadThatWaits() throws Exception {
        CompletableFuture<Throwable> fault = new CompletableFuture<>();
        CountDownLatch running = new CountDownLatch(1);
        AsyncChatServer server = AsyncChatServer.streams(threads, stream -> {
                    running.countDown();
                    try {
                        stream.readText(Terminator.LINE, UTF_8);
                    } catch (Exception ended) {
                        fault.complete(ended);
                        throw ended;
                    }
                })
                .drainTimeout(Duration.ZERO)
                .bind(ANY);
        try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            running.await();
            server.close();

            assertThat(fault.get(30, TimeUnit.SECONDS)).isInstanceOfAny(IOException.class, InterruptedException.class);
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void drainWaitsForAProtocolWhosePeerHasGone() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        AtomicInteger finished = new AtomicInteger();
        AsyncChatServer server = AsyncChatServer.streams(threads, stream -> {
                    running.countDown();
                    finish.await();
                    finished.incrementAndGet();
                })
                .drainTimeout(Duration.ofSeconds(60))
                .bind(ANY);
        Socket peer = new Socket(InetAddress.getLoopbackAddress(), server.port());
        running.await();
        peer.setSoLinger(true, 0);
        peer.close();
        io.netty.util.concurrent.Future<Void> closed = server.closeAsync();
        Future<?> release = threads.submit(finish::countDown);
        closed.syncUninterruptibly();
        release.get();

        assertThat(finished).hasValue(1);
    }

    @Test
    void protocolThatIgnoresItsInterruptIsNotAwaitedForEver() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        AsyncChatServer server = AsyncChatServer.streams(threads, stream -> {
                    running.countDown();
                    while (finish.getCount() > 0) {
                        try {
                            finish.await();
                        } catch (InterruptedException ignored) {
                            // as a protocol that catches everything
                        }
                    }
                })
                .drainTimeout(Duration.ZERO)
                .bind(ANY);
        try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), server.port());
                LogLines log = new LogLines(AsyncChatServer.class, Level.WARN)) {
            running.await();
            server.close();

            assertThat(peer.getInputStream().read()).isEqualTo(-1);
            assertThat(log.lines()).isEqualTo(List.of("WARN closed while 1 protocols or callbacks run on"));
        } finally {
            finish.countDown();
        }
    }
}
