package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.SocketPeer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user may give to the builders of server and client, over sockets. */
@ExtendWith(NoLeaks.class)
class ServerBuilderTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());

    @TempDir
    Path folder;

    @AfterEach
    void endGroup() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private AsyncChatServer.Builder server() {
        return AsyncChatServer.builder(() -> new RecordingEchoHandler(events));
    }

    @Test
    void serverAndClientShareAGroupAndLeaveItRunning() throws Exception {
        AtomicReference<EventLoopGroup> loop = new AtomicReference<>();
        try (AsyncChatServer server = server().eventLoopGroup(group.next())
                        .childInitializer(channel -> loop.set(channel.eventLoop()))
                        .bind(ANY_PORT);
                AsyncChatClient<Line> client = AsyncChatClient.<Line>builder(Line::new)
                        .eventLoopGroup(group)
                        .build()) {
            Line line = client.connect(server.address()).sync().getNow();
            await().until(() -> line.answer != null);
            assertThat(group).contains(line.channel().eventLoop(), loop.get().next());
        }
        assertThat(group.isShuttingDown()).isFalse();
        await().untilAsserted(() -> assertThat(events).contains("close"));
    }

    @Test
    void serverIsClosedWhenItsUserEndsTheGroupFirst() throws Exception {
        AsyncChatServer server = server().eventLoopGroup(group).bind(ANY_PORT);
        endGroup();
        server.close();
    }

    @Test
    void bindOnALoopOfTheGroupIsRefusedAndBindAsyncIsNot() throws Exception {
        AsyncChatServer.Builder builder = server().eventLoopGroup(group);
        assertThat(group.next().submit(() -> builder.bind(ANY_PORT)).await().cause())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("expected: bindAsync");
        Future<AsyncChatServer> bound = group.next()
                .submit(() -> builder.bindAsync(ANY_PORT))
                .sync()
                .getNow()
                .sync();
        try (AsyncChatServer server = bound.getNow();
                SocketPeer peer = SocketPeer.connect(server.address())) {
            assertThat(peer.send("hello\n").readLine()).isEqualTo("hello");
        }
    }

    @Test
    void bindAsyncFailsWithTheNameOfTheAddress() throws Exception {
        try (AsyncChatServer first = server().bind(ANY_PORT)) {
            assertThat(server().bindAsync(first.address()).await().cause())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(":" + first.port() + ": ");
        }
    }

    static Stream<SocketAddress> unixAddresses() {
        return Stream.of(UnixDomainSocketAddress.of("jdk"), new DomainSocketAddress("netty"));
    }

    @ParameterizedTest
    @MethodSource("unixAddresses")
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "was never run there")
    void unixSocketsOfBothKindsAreServedAndConnectedTo(SocketAddress kind) throws Exception {
        Path path = folder.resolve("s");
        SocketAddress address = kind instanceof UnixDomainSocketAddress
                ? UnixDomainSocketAddress.of(path)
                : new DomainSocketAddress(path.toFile());
        try (AsyncChatServer server = server().maxConnectionsPerAddress(1).bind(address);
                AsyncChatClient<Line> client =
                        AsyncChatClient.<Line>builder(Line::new).build()) {
            Line one = client.connect(address).sync().getNow();
            Line two = client.connect(server.address()).sync().getNow();
            await().until(() -> one.answer != null && two.answer != null);
            assertThatThrownBy(server::port)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageEndingWith("(expected: an internet address)");
        }
    }

    @Test
    void optionsReachTheirChannels() throws Exception {
        AtomicReference<Integer> linger = new AtomicReference<>();
        try (AsyncChatServer server = server().option(ChannelOption.SO_BACKLOG, 7)
                        .childOption(ChannelOption.SO_LINGER, 3)
                        .childInitializer(channel -> linger.set(channel.config().getOption(ChannelOption.SO_LINGER)))
                        .bind(ANY_PORT);
                AsyncChatClient<Line> client = AsyncChatClient.<Line>builder(Line::new)
                        .option(ChannelOption.SO_LINGER, 4)
                        .build()) {
            Line line = client.connect(server.address()).sync().getNow();
            assertThat(line.channel().config().getOption(ChannelOption.SO_LINGER))
                    .isEqualTo(4);
            await().untilAsserted(() -> assertThat(linger).hasValue(3));
        }
    }

    @Test
    void connectionEventsAreReportedOnceEach() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (AsyncChatServer server = server().maxConnections(1)
                .onConnectionOpened(channel -> {
                    seen.add("opened");
                    throw new IllegalStateException("on purpose");
                })
                .onConnectionClosed(channel -> seen.add("closed"))
                .onRejected(reason -> seen.add(reason.name()))
                .bind(ANY_PORT)) {
            try (SocketPeer peer = SocketPeer.connect(server.address())) {
                assertThat(peer.send("hello\n").readLine()).isEqualTo("hello");
                try (SocketPeer other = SocketPeer.connect(server.address())) {
                    assertThat(other.isClosed()).isTrue();
                }
            }
            await().untilAsserted(() -> assertThat(seen).containsExactly("opened", "TOO_MANY_CONNECTIONS", "closed"));
        }
    }

    @Test
    void frameTimeoutIsAnAttributeOfEachChannel() throws Exception {
        AtomicReference<Long> nanos = new AtomicReference<>();
        try (AsyncChatServer server = server().frameTimeout(java.time.Duration.ofSeconds(10))
                        .childInitializer(channel -> nanos.set(
                                channel.attr(FrameTimeout.DEFAULT_NANOS).get()))
                        .bind(ANY_PORT);
                SocketPeer peer = SocketPeer.connect(server.address())) {
            peer.send("hello\n").readLine();
            assertThat(nanos).hasValue(10_000_000_000L);
        }
    }

    @Test
    void cancelledConnectClosesItsConnection() throws Exception {
        try (AsyncChatServer server = server().bind(ANY_PORT);
                AsyncChatClient<Line> client =
                        AsyncChatClient.<Line>builder(Line::new).build()) {
            client.connect(server.address()).cancel(true);
            Line line = client.connect(server.address()).sync().getNow();
            await().until(() -> line.answer != null);
        }
    }

    /** Says hello, and keeps the answer. */
    private static final class Line extends AsyncChatHandler {
        private volatile String answer;

        Line() {
            setTerminator(Terminator.LF);
        }

        @Override
        protected void handleConnect() {
            push("hello\n", US_ASCII);
        }

        @Override
        protected void foundTerminator() {
            answer = takeText(US_ASCII);
        }
    }
}
