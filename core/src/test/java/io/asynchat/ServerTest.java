package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.asynchat.testkit.NoLeaks;
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
    void portZeroIsAnyThatIsFreeAndTold() throws Exception {
        AsyncChatServer closed;
        try (AsyncChatServer server = echo()) {
            closed = server;
            assertThat(server.port()).isPositive();
            assertThat(server.address()).isEqualTo(new InetSocketAddress(HERE, server.port()));
            try (Peer peer = Peer.of(server)) {
                assertThat(peer.send("hello\n").line()).isEqualTo("hello");
            }
        }
        assertThat(closed.port()).as("known after the close").isPositive();
    }

    @Test
    void theAddressAndTheTransportAreLogged() throws Exception {
        try (LogLines log = new LogLines(AsyncChatServer.class, Level.INFO);
                AsyncChatServer server = echo()) {
            assertThat(log.lines())
                    .containsExactly("INFO listening on " + server.address() + " with " + Transport.best());
        }
    }

    @Test
    void aBusyPortIsRefusedByItsName() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, HERE)) {
            InetSocketAddress busy = new InetSocketAddress(HERE, other.getLocalPort());

            assertThatThrownBy(() -> AsyncChatServer.bind(busy, () -> new Witness(events)))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(HERE.getHostName() + ":" + other.getLocalPort() + ": ")
                    .hasMessageContaining("Address already in use");
        }
        await("its threads end").untilAsserted(() -> assertThat(serverThreads()).isEmpty());
    }

    @Test
    void anUnknownHostIsRefusedByItsName() {
        InetSocketAddress nowhere = InetSocketAddress.createUnresolved("nowhere.invalid", 4711);

        assertThatThrownBy(() -> AsyncChatServer.bind(nowhere, () -> new Witness(events)))
                .isInstanceOf(IOException.class)
                .hasMessage("nowhere.invalid:4711: unknown host");
    }

    @Test
    void aHostThatIsNotResolvedYetIsLookedUp() throws Exception {
        try (AsyncChatServer server =
                AsyncChatServer.bind(InetSocketAddress.createUnresolved("127.0.0.1", 0), () -> new Witness(events))) {
            assertThat(Peer.address(server).getAddress().isLoopbackAddress()).isTrue();
        }
    }

    @Test
    void twoServersLiveInOneJvm() throws Exception {
        List<String> others = new CopyOnWriteArrayList<>();
        try (AsyncChatServer one = echo();
                Peer peerOfOne = Peer.of(one)) {
            try (AsyncChatServer two = AsyncChatServer.bind(ANY_PORT, () -> new Witness(others));
                    Peer peerOfTwo = Peer.of(two)) {
                assertThat(two.port()).isNotEqualTo(one.port());
                assertThat(peerOfOne.send("one\n").line()).isEqualTo("one");
                assertThat(peerOfTwo.send("two\n").line()).isEqualTo("two");
            }
            assertThat(peerOfOne.send("still here\n").line()).isEqualTo("still here");
            assertThat(others).startsWith("connect", "two").doesNotContain("one");
            assertThat(events).containsExactly("connect", "one", "still here");
        }
    }

    @Test
    void eachConnectionHasAHandlerOfItsOwn() throws Exception {
        AtomicInteger made = new AtomicInteger();
        try (AsyncChatServer server = AsyncChatServer.bind(ANY_PORT, () -> {
                    made.incrementAndGet();
                    return new Witness(events);
                });
                Peer one = Peer.of(server);
                Peer two = Peer.of(server)) {
            assertThat(one.send("a").send("b\n").line()).isEqualTo("ab");
            assertThat(two.send("c\n").line()).isEqualTo("c");
        }
        assertThat(made).hasValue(2);
    }

    @Test
    void anInitializerMayFillThePipelineItself() throws Exception {
        try (AsyncChatServer server = AsyncChatServer.bind(ANY_PORT, () -> new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Witness(events));
                    }
                });
                Peer peer = Peer.of(server)) {
            assertThat(peer.send("hello\n").line()).isEqualTo("hello");
        }
    }

    @Test
    void aSupplierThatThrowsClosesThatConnectionOnly() throws Exception {
        AtomicInteger made = new AtomicInteger();
        try (LogLines netty = new LogLines(ChannelInitializer.class, Level.WARN);
                AsyncChatServer server = AsyncChatServer.bind(ANY_PORT, () -> {
                    if (made.getAndIncrement() == 1) {
                        throw new IllegalStateException("no handler today");
                    }
                    return new Witness(events);
                });
                Peer before = Peer.of(server)) {
            assertThat(before.send("a\n").line()).isEqualTo("a");
            try (Peer unlucky = Peer.of(server)) {
                assertThat(unlucky.isClosed()).isTrue();
            }
            try (Peer after = Peer.of(server)) {
                assertThat(after.send("b\n").line()).isEqualTo("b");
            }
            assertThat(before.send("c\n").line()).isEqualTo("c");
            assertThat(netty.lines()).hasSize(1);
        }
    }

    @Test
    void whatRunsPerChannelRunsBeforeTheHandlerIsAdded() throws Exception {
        try (AsyncChatServer server = AsyncChatServer.builder(() -> new Witness(events))
                        .childInitializer(channel ->
                                events.add("on its loop " + channel.eventLoop().inEventLoop() + ", "
                                        + (channel.pipeline().get(Witness.class) == null ? "before" : "after")))
                        .bind(ANY_PORT);
                Peer peer = Peer.of(server)) {
            assertThat(peer.send("hello\n").line()).isEqualTo("hello");
            assertThat(events).containsExactly("on its loop true, before", "connect", "hello");
        }
    }

    @Test
    void aFaultInOneConnectionDoesNotHurtAnother() throws Exception {
        try (LogLines log = new LogLines(DefaultChannelPipeline.class, Level.WARN);
                AsyncChatServer server = AsyncChatServer.builder(() -> new Witness(events) {
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
                Peer faulty = Peer.of(server);
                Peer other = Peer.of(server)) {
            assertThat(faulty.send("fault\n").rest())
                    .as("what was pushed before")
                    .isEqualTo("fault\n");
            assertThat(other.send("fine\n").line()).isEqualTo("fine");
            assertThat(log.lines()).hasSize(1).first().asString().contains("reached at the tail of the pipeline");
        }
    }

    @Test
    void theDeadlinesAreThoseOfTheBuilder() throws Exception {
        try (AsyncChatServer server = AsyncChatServer.builder(() -> new Witness(events) {
                            @Override
                            protected void handleError(Throwable cause) {
                                push(cause.getMessage() + "\n", US_ASCII);
                            }
                        })
                        .frameTimeout(Duration.ofMillis(1))
                        .idleTimeout(Duration.ofMillis(2))
                        .bind(ANY_PORT);
                Peer peer = Peer.of(server)) {
            peer.send("slow");
            assertThat(List.of(peer.line(), peer.line()))
                    .contains("frame: not complete within 1 ms", "idle: nothing received within 2 ms");
        }
    }

    private AsyncChatServer echo() throws IOException {
        return AsyncChatServer.bind(ANY_PORT, () -> new Witness(events));
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

        assertThatThrownBy(() -> AsyncChatServer.builder(() -> new Witness(events))
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
            Future<AsyncChatServer> bound = AsyncChatServer.builder(() -> new Witness(events))
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
