package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.SocketPeer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class ServerCloseTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final List<String> events = new CopyOnWriteArrayList<>();

    @Test
    void everyConnectionIsAskedToDrain() throws Exception {
        AsyncChatServer server = server(() -> new RecordingEchoHandler(events));
        List<SocketPeer> peers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            peers.add(SocketPeer.connect(server.address()));
        }
        for (SocketPeer peer : peers) {
            assertThat(peer.send("hello\n").readLine()).isEqualTo("hello");
        }
        server.close();

        assertThat(Collections.frequency(events, "drain")).isEqualTo(50);
        assertThat(Collections.frequency(events, "close")).isEqualTo(50);
        assertThat(events).doesNotContain("end");
        for (SocketPeer peer : peers) {
            assertThat(peer.readAll()).isEmpty();
            peer.close();
        }
    }

    @Test
    void queuedBytesAreSentDuringTheDrain() throws Exception {
        String last = "x".repeat(900_000);
        AsyncChatServer server = server(() -> new RecordingEchoHandler(events) {
            @Override
            protected void foundTerminator() {
                push(last, US_ASCII);
                events.add("pushed");
            }
        });
        try (SocketPeer peer = SocketPeer.connect(server.address())) {
            peer.send("hello\n");
            await().until(() -> events.contains("pushed"));
            var closed = server.closeAsync();
            assertThat(peer.readAll()).isEqualTo(last);
            closed.sync();
        }
    }

    @Test
    void handlerMayDrainInItsOwnWay() throws Exception {
        AsyncChatServer server = server(() -> new RecordingEchoHandler(events) {
            @Override
            protected void handleDrain() {
                push("say your last\n", US_ASCII);
            }

            @Override
            protected void foundTerminator() throws Exception {
                super.foundTerminator();
                closeWhenDone();
            }
        });
        try (SocketPeer peer = SocketPeer.connect(server.address())) {
            await().until(() -> events.contains("connect"));
            var closed = server.closeAsync();
            assertThat(peer.readLine()).isEqualTo("say your last");
            assertThat(closed.isDone()).isFalse();
            assertThat(peer.send("bye\n").readAll()).isEqualTo("bye\n");
            closed.sync();
        }
    }

    @Test
    void waitingConnectionIsReadBeforeItIsAskedToDrainOnAnotherLoopThanTheListeners() throws Exception {
        Queue<Channel> channels = new ConcurrentLinkedQueue<>();
        EventLoopGroup loops =
                new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory()); // the listener on the first
        AsyncChatServer server = AsyncChatServer.builder(() -> new RecordingEchoHandler(events))
                .childInitializer(channels::add)
                .eventLoopGroup(loops)
                .bind(ANY_PORT);
        SocketPeer onSecond = SocketPeer.connect(server.address());
        assertThat(onSecond.send("first\n").readLine()).isEqualTo("first");
        CountDownLatch allWait = new CountDownLatch(1);
        channels.remove().eventLoop().submit(() -> {
            allWait.await();
            return null;
        });
        SocketPeer onFirst = SocketPeer.connect(server.address());
        assertThat(onFirst.send("second\n").readLine()).isEqualTo("second");
        SocketPeer waiting = SocketPeer.connect(server.address()).send("hello\n");

        var closed = server.closeAsync();
        assertThat(onFirst.readAll()).isEmpty(); // all are asked to drain
        allWait.countDown();

        assertThat(waiting.readAll()).isEqualTo("hello\n");
        closed.sync();
        for (SocketPeer peer : List.of(onFirst, onSecond, waiting)) {
            peer.close();
        }
        loops.shutdownGracefully(0, 20, TimeUnit.SECONDS).sync();
    }

    @Test
    void waitingConnectionIsServedDuringTheDrain() throws Exception {
        Queue<Channel> channels = new ConcurrentLinkedQueue<>();
        AsyncChatServer server = AsyncChatServer.builder(() -> new RecordingEchoHandler(events) {
                    @Override
                    protected void handleDrain() {} // closes when it has answered

                    @Override
                    protected void foundTerminator() throws Exception {
                        super.foundTerminator();
                        closeWhenDone();
                    }
                })
                .childInitializer(channels::add)
                .eventLoops(1)
                .bind(ANY_PORT);
        SocketPeer.connect(server.address()).send("first\n").readAll();
        CountDownLatch allWait = new CountDownLatch(1);
        channels.remove().eventLoop().submit(() -> {
            allWait.await();
            return null;
        });
        List<SocketPeer> waiting = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            waiting.add(SocketPeer.connect(server.address()).send("hello\n"));
        }
        var closed = server.closeAsync();
        allWait.countDown();
        for (SocketPeer peer : waiting) {
            assertThat(peer.readAll()).isEqualTo("hello\n");
            peer.close();
        }
        closed.sync();
    }

    @Test
    void connectionThatNeverDrainsIsClosedAtTheBound() throws Exception {
        AsyncChatServer server = AsyncChatServer.builder(() -> new RecordingEchoHandler(events) {
                    @Override
                    protected void handleDrain() {
                        events.add("so what");
                    }
                })
                .drainTimeout(Duration.ofMillis(50))
                .bind(ANY_PORT);
        try (SocketPeer peer = SocketPeer.connect(server.address())) {
            peer.send("half a fra");
            await().until(() -> events.contains("connect"));
            server.close();
            assertThat(peer.isClosed()).isTrue();
        }
        assertThat(events).containsExactly("connect", "so what", "close");
    }

    @Test
    void handlerThatSwallowsTheCloseDoesNotDelayTheServer() throws Exception {
        AsyncChatServer server = AsyncChatServer.builder(() -> new RecordingEchoHandler(events))
                .childInitializer(channel -> channel.pipeline().addLast(new ChannelOutboundHandlerAdapter() {
                    @Override
                    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
                        events.add("swallowed");
                    }
                }))
                .drainTimeout(Duration.ZERO)
                .bind(ANY_PORT);
        try (SocketPeer peer = SocketPeer.connect(server.address())) {
            await().until(() -> events.contains("connect"));
            server.close();
            assertThat(peer.isClosed()).isTrue();
        }
        assertThat(events).contains("swallowed").endsWith("close");
    }

    @Test
    void peerThatDoesNotReadIsClosedAtTheBound() throws Exception {
        AsyncChatServer server = AsyncChatServer.builder(() -> new RecordingEchoHandler(events) {
                    @Override
                    protected void foundTerminator() {
                        setSendLimit(Long.MAX_VALUE);
                        push(new byte[20_000_000]);
                        events.add("pushed");
                    }
                })
                .drainTimeout(Duration.ofMillis(50))
                .bind(ANY_PORT);
        try (SocketPeer peer = SocketPeer.connect(server.address())) {
            peer.send("much, please\n");
            await().until(() -> events.contains("pushed"));
            server.close();
        }
        assertThat(events).containsExactly("connect", "pushed", "drain", "close");
    }

    @Test
    void closedServerAcceptsNoConnection() throws Exception {
        AsyncChatServer server = server(() -> new RecordingEchoHandler(events) {
            @Override
            protected void handleDrain() {
                events.add("drain");
            }
        });
        try (SocketPeer peer = SocketPeer.connect(server.address())) {
            await().until(() -> events.contains("connect"));
            var closed = server.closeAsync();
            await().until(() -> events.contains("drain"));
            assertThatThrownBy(() -> new Socket(((InetSocketAddress) server.address()).getAddress(), server.port()))
                    .isInstanceOf(ConnectException.class);
            assertThat(peer.send("still served\n").readLine()).isEqualTo("still served");
            peer.endOutput();
            closed.sync();
        }
    }

    @Test
    void secondCloseWaitsForTheFirst() throws Exception {
        AsyncChatServer server = server(() -> new RecordingEchoHandler(events));
        try (SocketPeer peer = SocketPeer.connect(server.address())) {
            assertThat(peer.send("hello\n").readLine()).isEqualTo("hello");
            server.closeAsync();
            server.close();
            assertThat(events).containsExactly("connect", "hello", "drain", "close");
            server.close();
        }
    }

    @Test
    void closeWithoutConnectionsReturnsAtOnce() throws Exception {
        server(() -> new RecordingEchoHandler(events)).close();
        assertThat(events).isEmpty();
    }

    @Test
    void eventLoopThreadsEnd() throws Exception {
        Queue<Thread> threads = new ConcurrentLinkedQueue<>();
        AsyncChatServer server = AsyncChatServer.builder(() -> new RecordingEchoHandler(events))
                .childInitializer(channel -> threads.add(Thread.currentThread()))
                .eventLoops(3)
                .bind(ANY_PORT);
        try (SocketPeer one = SocketPeer.connect(server.address());
                SocketPeer two = SocketPeer.connect(server.address());
                SocketPeer three = SocketPeer.connect(server.address())) {
            await().until(() -> threads.size() == 3);
            server.close();
            assertThat(one.isClosed() && two.isClosed() && three.isClosed()).isTrue();
        }
        await().untilAsserted(() -> assertThat(threads).noneMatch(Thread::isAlive));
    }

    @Test
    void closeOnAnEventLoopOfTheServerIsRefused() throws Exception {
        Queue<Channel> channels = new ConcurrentLinkedQueue<>();
        AsyncChatServer server = AsyncChatServer.builder(() -> new RecordingEchoHandler(events))
                .childInitializer(channels::add)
                .bind(ANY_PORT);
        try (SocketPeer peer = SocketPeer.connect(server.address())) {
            assertThat(peer.send("hello\n").readLine()).isEqualTo("hello");
            var close = channels.remove().eventLoop().submit(server::close);
            assertThat(close.await().cause())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("close: on an event loop of the server (expected: closeAsync there)");
            assertThat(peer.send("still open\n").readLine()).isEqualTo("still open");
        }
        server.close();
    }

    private static AsyncChatServer server(Supplier<RecordingEchoHandler> handlers) throws IOException {
        return AsyncChatServer.bind(ANY_PORT, handlers);
    }

    @Test
    void builderChangesAfterBindAsyncApplyToTheNextServer() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        CountDownLatch changed = new CountDownLatch(1);
        group.next().execute(() -> awaitUninterruptibly(changed));
        AsyncChatServer.Builder builder = AsyncChatServer.builder(
                        () -> new RecordingHandler(Terminator.LF).on("drain", () -> events.add("drain")))
                .eventLoopGroup(group)
                .drainTimeout(Duration.ZERO);
        Future<AsyncChatServer> bound = builder.bindAsync(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        builder.drainTimeout(Duration.ofHours(1));
        changed.countDown();

        AsyncChatServer server = bound.sync().getNow();
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            CompletableFuture.runAsync(server::close).get(20, TimeUnit.SECONDS);

            assertThat(client.getInputStream().read()).isEqualTo(-1);
        } finally {
            group.shutdownGracefully(0, 20, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    @Test
    void cancelledCloseFutureStillCloses() throws Exception {
        AsyncChatServer server = server(() -> new RecordingEchoHandler(events));

        assertThat(server.closeAsync().cancel(false)).isFalse();
        server.close();

        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), server.port()))
                .isInstanceOf(ConnectException.class);
    }
}
