package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.asynchat.testkit.NoLeaks;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
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
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class ClientTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final List<String> theirs = new CopyOnWriteArrayList<>();
    private final List<String> ours = new CopyOnWriteArrayList<>();
    private final Queue<Channel> connected = new ConcurrentLinkedQueue<>();

    @Test
    void sameHandlersWorkAtBothEnds() throws Exception {
        try (AsyncChatServer server = server();
                AsyncChatClient<Asker> client =
                        AsyncChatClient.<Asker>builder(Asker::new).build()) {
            client.connect(server.address())
                    .sync()
                    .getNow()
                    .channel()
                    .closeFuture()
                    .sync();
            await().untilAsserted(() -> assertThat(theirs).containsExactly("connect", "hello", "end", "close"));
        }
        assertThat(ours).containsExactly("hello", "close");
    }

    @Test
    void allConnectionsRunOnItsExecutor() throws Exception {
        try (AsyncChatServer server = server();
                AsyncChatClient<Asker> client =
                        AsyncChatClient.<Asker>builder(Asker::new).build()) {
            for (int i = 0; i < 3; i++) {
                Channel channel =
                        client.connect(server.address()).sync().getNow().channel();
                assertThat(channel.eventLoop()).isSameAs(client.executor());
                channel.closeFuture().sync();
            }
        }
    }

    @Test
    void clientConnectsRepeatedly() throws Exception {
        try (AsyncChatServer server = server();
                AsyncChatClient<Asker> client =
                        AsyncChatClient.<Asker>builder(Asker::new).build()) {
            List<Future<Asker>> connections = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                connections.add(client.connect(server.address()));
            }
            for (Future<Asker> connection : connections) {
                connection.sync().getNow().channel().closeFuture().sync();
            }
        }
        assertThat(Collections.frequency(ours, "hello")).isEqualTo(100);
        assertThat(Collections.frequency(ours, "close")).isEqualTo(100);
    }

    @Test
    void unresolvedHostIsLookedUp() throws Exception {
        try (AsyncChatServer server = server();
                AsyncChatClient<Asker> client =
                        AsyncChatClient.<Asker>builder(Asker::new).build()) {
            client.connect(InetSocketAddress.createUnresolved(HERE.getHostAddress(), server.port()))
                    .sync()
                    .getNow()
                    .channel()
                    .closeFuture()
                    .sync();
        }
        assertThat(ours).containsExactly("hello", "close");
    }

    @Test
    void refusedConnectionFailsItsFuture() throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket closed = new ServerSocket(0, 1, HERE)) {
            nobody = new InetSocketAddress(HERE, closed.getLocalPort());
        }
        try (AsyncChatClient<RecordingEchoHandler> client = client()) {
            assertThat(client.connect(nobody).await().cause()).isInstanceOf(ConnectException.class);
        }
        assertThat(ours).doesNotContain("connect");
    }

    @Test
    void connectTimeoutFailsItsFuture() throws Exception {
        List<Socket> queued = new ArrayList<>();
        try (ServerSocket deaf = new ServerSocket(0, 1, HERE);
                AsyncChatClient<RecordingEchoHandler> client = AsyncChatClient.<RecordingEchoHandler>builder(
                                () -> new RecordingEchoHandler(ours))
                        .connectTimeout(Duration.ofMillis(20))
                        .build()) {
            fill(deaf, queued);
            assertThat(client.connect(new InetSocketAddress(HERE, deaf.getLocalPort()))
                            .await()
                            .cause())
                    .isInstanceOf(ConnectTimeoutException.class);
        } finally {
            for (Socket socket : queued) {
                socket.close();
            }
        }
        assertThat(ours).doesNotContain("connect");
    }

    /** Connects until the queue of those that wait to be accepted is full, and the kernel answers nobody any more. */
    private static void fill(ServerSocket deaf, List<Socket> queued) throws IOException {
        try {
            while (true) {
                Socket socket = new Socket();
                queued.add(socket);
                socket.connect(new InetSocketAddress(HERE, deaf.getLocalPort()), 200);
            }
        } catch (SocketTimeoutException full) {
            // as intended
        }
    }

    @Test
    void throwingSupplierFailsItsConnection() throws Exception {
        try (LogLines netty = new LogLines(ChannelInitializer.class, Level.WARN);
                AsyncChatServer server = server();
                AsyncChatClient<RecordingEchoHandler> client = AsyncChatClient.<RecordingEchoHandler>builder(() -> {
                            throw new IllegalStateException("no handler today");
                        })
                        .build()) {
            assertThat(client.connect(server.address()).await().cause()).hasMessage("no handler today");
            await().untilAsserted(() -> assertThat(netty.lines()).hasSize(1));
        }
    }

    @Test
    void closeClosesOpenConnections() throws Exception {
        try (AsyncChatServer server = server()) {
            AsyncChatClient<RecordingEchoHandler> client = client();
            Channel one = client.connect(server.address()).sync().getNow().channel();
            Channel two = client.connect(server.address()).sync().getNow().channel();
            client.close();
            assertThat(one.isOpen() || two.isOpen()).isFalse();
            assertThat(ours).containsExactlyInAnyOrder("connect", "connect", "close", "close");
            client.close();
            await().untilAsserted(() ->
                    assertThat(Collections.frequency(theirs, "close")).isEqualTo(2));
        }
    }

    @Test
    void closedClientRefusesToConnect() throws Exception {
        try (AsyncChatServer server = server()) {
            AsyncChatClient<RecordingEchoHandler> client = client();
            client.close();
            assertThatThrownBy(() -> client.connect(server.address()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("connect: after close (expected: before)");
        }
        assertThat(ours).isEmpty();
    }

    @Test
    void connectionBegunWhileTheClientClosesIsClosedToo() throws Exception {
        AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
        CompletableFuture<Channel> connecting = new CompletableFuture<>();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()) {
            @Override
            public IoEventLoop next() {
                meanwhile.getAndSet(() -> {}).run();
                return super.next();
            }
        };
        try (AsyncChatServer server = server()) {
            AsyncChatClient<RecordingEchoHandler> client = AsyncChatClient.<RecordingEchoHandler>builder(
                            () -> new RecordingEchoHandler(ours))
                    .eventLoopGroup(group)
                    .initializer(connecting::complete)
                    .build();
            meanwhile.set(client::close);
            client.connect(server.address());

            assertThat(connecting.get(20, TimeUnit.SECONDS).closeFuture().await(20, TimeUnit.SECONDS))
                    .isTrue();
        } finally {
            group.shutdownGracefully(0, 20, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    @Test
    void connectOnAGroupThatHasEndedFailsAtOnce() throws Exception {
        EventLoopGroup ended = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ended.shutdownGracefully(0, 20, TimeUnit.SECONDS).syncUninterruptibly();
        try (AsyncChatServer server = server();
                AsyncChatClient<RecordingEchoHandler> client = AsyncChatClient.<RecordingEchoHandler>builder(
                                () -> new RecordingEchoHandler(ours))
                        .eventLoopGroup(ended)
                        .build()) {
            assertThat(client.connect(server.address()).await(20, TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    @Test
    void closeOnItsOwnEventLoopIsRefused() throws Exception {
        try (AsyncChatServer server = server();
                AsyncChatClient<RecordingEchoHandler> client = client()) {
            Channel channel = client.connect(server.address()).sync().getNow().channel();
            assertThat(channel.eventLoop().submit(client::close).await().cause())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("close: on the event loop of the client (expected: another thread)");
            assertThat(channel.isOpen()).isTrue();
        }
    }

    @Test
    @SuppressWarnings("deprecation")
    void clientsThreadEndsBehindTheHandlersOnOtherExecutors() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        DefaultEventExecutorGroup own = new DefaultEventExecutorGroup(1);
        AsyncChatClient<ChannelHandler> client = AsyncChatClient.<ChannelHandler>builder(
                        ChannelInboundHandlerAdapter::new)
                .initializer(channel -> {
                    connected.add(channel);
                    channel.pipeline().addLast(own, new RecordingEchoHandler(ours));
                })
                .build();
        try (AsyncChatServer server = server()) {
            client.connect(server.address()).sync();
            Channel channel = connected.remove();
            own.submit(() -> {}).sync();
            own.submit(() -> {
                busy.await();
                return null;
            });
            channel.pipeline().firstContext().close().sync(); // not by way of the handler, which is busy
            Thread closing = new Thread(client::close);
            closing.start();
            await().until(() -> closing.getState() == Thread.State.WAITING);

            assertThat(channel.eventLoop().isShuttingDown()).isFalse();
            busy.countDown();
            closing.join();
            assertThat(channel.pipeline().first()).isNull();
            own.submit(() -> {}).sync(); // it lives
        }
        own.shutdownGracefully(0, 20, TimeUnit.SECONDS).sync();
    }

    private AsyncChatServer server() throws IOException {
        return AsyncChatServer.bind(new InetSocketAddress(HERE, 0), () -> new RecordingEchoHandler(theirs));
    }

    private AsyncChatClient<RecordingEchoHandler> client() {
        return AsyncChatClient.<RecordingEchoHandler>builder(() -> new RecordingEchoHandler(ours))
                .build();
    }

    /** Says hello, and goodbye when it has been answered. */
    private final class Asker extends AsyncChatHandler {
        Asker() {
            setTerminator(Terminator.LF);
        }

        @Override
        protected void handleConnect() {
            push("hello\n", US_ASCII);
        }

        @Override
        protected void foundTerminator() {
            ours.add(takeText(US_ASCII));
            closeWhenDone();
        }

        @Override
        protected void handleClose() {
            ours.add("close");
        }
    }
}
