package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.SocketPeer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.DefaultChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class ServerTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(HERE, 0);

    private final List<String> events = new CopyOnWriteArrayList<>();

    @Test
    void portZeroChoosesAFreePort() throws Exception {
        AsyncChatServer closed;
        try (AsyncChatServer server = echo()) {
            closed = server;
            assertThat(server.port()).isPositive();
            assertThat(server.address()).isEqualTo(new InetSocketAddress(HERE, server.port()));
            try (SocketPeer peer = SocketPeer.connect(server.address())) {
                assertThat(peer.send("hello\n").readLine()).isEqualTo("hello");
            }
        }
        assertThat(closed.port()).as("known after the close").isPositive();
    }

    @Test
    void addressAndTransportAreLogged() throws Exception {
        try (LogLines log = new LogLines(AsyncChatServer.class, Level.INFO);
                AsyncChatServer server = echo()) {
            assertThat(log.lines())
                    .containsExactly("INFO listening on " + server.address() + " with " + Transport.best());
        }
    }

    @Test
    void busyPortIsReportedByItsAddress() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, HERE)) {
            InetSocketAddress busy = new InetSocketAddress(HERE, other.getLocalPort());

            assertThatThrownBy(() -> AsyncChatServer.bind(busy, () -> new RecordingEchoHandler(events)))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(HERE.getHostName() + ":" + other.getLocalPort() + ": ")
                    .hasMessageContaining("Address already in use");
        }
        await("its threads end").untilAsserted(() -> assertThat(serverThreads()).isEmpty());
    }

    @Test
    void unknownHostIsReportedByItsName() {
        InetSocketAddress nowhere = InetSocketAddress.createUnresolved("nowhere.invalid", 4711);

        assertThatThrownBy(() -> AsyncChatServer.bind(nowhere, () -> new RecordingEchoHandler(events)))
                .isInstanceOf(IOException.class)
                .hasMessage("nowhere.invalid:4711: unknown host");
    }

    @Test
    void unresolvedHostIsLookedUp() throws Exception {
        try (AsyncChatServer server = AsyncChatServer.bind(
                InetSocketAddress.createUnresolved("127.0.0.1", 0), () -> new RecordingEchoHandler(events))) {
            assertThat(((InetSocketAddress) server.address()).getAddress().isLoopbackAddress())
                    .isTrue();
        }
    }

    @Test
    void twoServersLiveInOneJvm() throws Exception {
        List<String> others = new CopyOnWriteArrayList<>();
        try (AsyncChatServer one = echo();
                SocketPeer peerOfOne = SocketPeer.connect(one.address())) {
            try (AsyncChatServer two = AsyncChatServer.bind(ANY_PORT, () -> new RecordingEchoHandler(others));
                    SocketPeer peerOfTwo = SocketPeer.connect(two.address())) {
                assertThat(two.port()).isNotEqualTo(one.port());
                assertThat(peerOfOne.send("one\n").readLine()).isEqualTo("one");
                assertThat(peerOfTwo.send("two\n").readLine()).isEqualTo("two");
            }
            assertThat(peerOfOne.send("still here\n").readLine()).isEqualTo("still here");
            assertThat(others).startsWith("connect", "two").doesNotContain("one");
            assertThat(events).containsExactly("connect", "one", "still here");
        }
    }

    @Test
    void eachConnectionHasItsOwnHandler() throws Exception {
        AtomicInteger made = new AtomicInteger();
        try (AsyncChatServer server = AsyncChatServer.bind(ANY_PORT, () -> {
                    made.incrementAndGet();
                    return new RecordingEchoHandler(events);
                });
                SocketPeer one = SocketPeer.connect(server.address());
                SocketPeer two = SocketPeer.connect(server.address())) {
            assertThat(one.send("a").send("b\n").readLine()).isEqualTo("ab");
            assertThat(two.send("c\n").readLine()).isEqualTo("c");
        }
        assertThat(made).hasValue(2);
    }

    @Test
    void initializerMayFillThePipeline() throws Exception {
        try (AsyncChatServer server = AsyncChatServer.bind(ANY_PORT, () -> new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new RecordingEchoHandler(events));
                    }
                });
                SocketPeer peer = SocketPeer.connect(server.address())) {
            assertThat(peer.send("hello\n").readLine()).isEqualTo("hello");
        }
    }

    @Test
    void throwingSupplierClosesItsConnectionOnly() throws Exception {
        AtomicInteger made = new AtomicInteger();
        try (LogLines netty = new LogLines(ChannelInitializer.class, Level.WARN);
                AsyncChatServer server = AsyncChatServer.bind(ANY_PORT, () -> {
                    if (made.getAndIncrement() == 1) {
                        throw new IllegalStateException("no handler today");
                    }
                    return new RecordingEchoHandler(events);
                });
                SocketPeer before = SocketPeer.connect(server.address())) {
            assertThat(before.send("a\n").readLine()).isEqualTo("a");
            try (SocketPeer unlucky = SocketPeer.connect(server.address())) {
                assertThat(unlucky.isClosed()).isTrue();
            }
            try (SocketPeer after = SocketPeer.connect(server.address())) {
                assertThat(after.send("b\n").readLine()).isEqualTo("b");
            }
            assertThat(before.send("c\n").readLine()).isEqualTo("c");
            assertThat(netty.lines()).hasSize(1);
        }
    }

    @Test
    void childInitializerRunsBeforeTheHandlerIsAdded() throws Exception {
        try (AsyncChatServer server = AsyncChatServer.builder(() -> new RecordingEchoHandler(events))
                        .childInitializer(channel -> events.add("on its loop "
                                + channel.eventLoop().inEventLoop() + ", "
                                + (channel.pipeline().get(RecordingEchoHandler.class) == null ? "before" : "after")))
                        .bind(ANY_PORT);
                SocketPeer peer = SocketPeer.connect(server.address())) {
            assertThat(peer.send("hello\n").readLine()).isEqualTo("hello");
            assertThat(events).containsExactly("on its loop true, before", "connect", "hello");
        }
    }

    @Test
    void errorInOneConnectionLeavesOthersOpen() throws Exception {
        try (LogLines log = new LogLines(DefaultChannelPipeline.class, Level.WARN);
                AsyncChatServer server = AsyncChatServer.builder(() -> new RecordingEchoHandler(events) {
                            @Override
                            protected void foundTerminator() throws Exception {
                                super.foundTerminator();
                                if (events.contains("fault")) {
                                    events.remove("fault");
                                    throw new StackOverflowError("on purpose");
                                }
                            }
                        })
                        .eventLoops(1)
                        .bind(ANY_PORT);
                SocketPeer faulty = SocketPeer.connect(server.address());
                SocketPeer other = SocketPeer.connect(server.address())) {
            assertThat(faulty.send("fault\n").readAll())
                    .as("what was pushed before")
                    .isEqualTo("fault\n");
            assertThat(other.send("fine\n").readLine()).isEqualTo("fine");
            assertThat(log.lines()).hasSize(1).first().asString().contains("reached at the tail of the pipeline");
        }
    }

    @Test
    void timeoutsAreThoseOfTheBuilder() throws Exception {
        try (AsyncChatServer server = AsyncChatServer.builder(() -> new RecordingEchoHandler(events) {
                            @Override
                            protected void handleError(Throwable cause) {
                                push(cause.getMessage() + "\n", US_ASCII);
                            }
                        })
                        .frameTimeout(Duration.ofMillis(1))
                        .idleTimeout(Duration.ofMillis(2))
                        .bind(ANY_PORT);
                SocketPeer peer = SocketPeer.connect(server.address())) {
            peer.send("slow");
            assertThat(List.of(peer.readLine(), peer.readLine()))
                    .contains("frame: not complete within 1 ms", "idle: nothing received within 2 ms");
        }
    }

    private AsyncChatServer echo() throws IOException {
        return AsyncChatServer.bind(ANY_PORT, () -> new RecordingEchoHandler(events));
    }

    private static List<String> serverThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("asynchat-server"))
                .toList();
    }

    @Test
    void bindOnAGroupThatHasEndedFailsAtOnce() {
        EventLoopGroup ended = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ended.shutdownGracefully(0, 20, TimeUnit.SECONDS).syncUninterruptibly();

        assertThatThrownBy(() -> AsyncChatServer.builder(() -> new RecordingEchoHandler(events))
                        .eventLoopGroup(ended)
                        .bind(new InetSocketAddress(HERE, 0)))
                .isInstanceOf(IOException.class)
                .hasRootCauseInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void bindThatIsCancelledBeforeItsTurnLeavesNoListener() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        CountDownLatch cancelled = new CountDownLatch(1);
        try {
            group.next().submit(() -> cancelled.await(20, TimeUnit.SECONDS));
            InetSocketAddress address;
            try (ServerSocket free = new ServerSocket(0, 1, HERE)) {
                address = new InetSocketAddress(HERE, free.getLocalPort());
            }
            Future<AsyncChatServer> bound = AsyncChatServer.builder(() -> new RecordingEchoHandler(events))
                    .eventLoopGroup(group)
                    .bindAsync(address);

            assertThat(bound.cancel(false)).isTrue();
            cancelled.countDown();

            await().until(() -> {
                try (ServerSocket again = new ServerSocket(address.getPort(), 1, HERE)) {
                    return again.isBound();
                } catch (IOException taken) {
                    return false;
                }
            });
            assertThat(bound.isCancelled()).isTrue();
        } finally {
            group.shutdownGracefully(0, 20, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
