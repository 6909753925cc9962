package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.SocketPeer;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
class TlsTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    static Path folder;

    private static Tls tls;

    private final List<String> events = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void makeAKey() throws Exception {
        tls = new Tls(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void plainSocketClientUsesTlsWithTheServer(String version) throws Exception {
        try (AsyncChatServer server = server();
                SocketPeer peer = new SocketPeer(connect(server, version))) {
            assertThat(peer.send("hello\n").readLine()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void closeNotifyIsTheEndOfInputAndTheLastReplyIsSent(String version) throws Exception {
        try (AsyncChatServer server = server();
                SSLSocket socket = connect(server, version);
                SocketPeer peer = new SocketPeer(socket)) {
            assertThat(peer.send("one\n").readLine()).isEqualTo("one");
            peer.send("two");
            socket.shutdownOutput();

            await().untilAsserted(() ->
                    assertThat(events).containsExactly("connect", "one", "truncated two", "end", "close"));
            assertThat(peer.readAll()).isEmpty();
        }
    }

    @Test
    void replyToCloseNotifyIsSent() throws Exception {
        try (AsyncChatServer server = AsyncChatServer.builder(() -> new RecordingEchoHandler(events) {
                            @Override
                            protected void handleEndOfInput() {
                                push("so long", US_ASCII);
                                closeWhenDone();
                            }
                        })
                        .ssl(tls.server())
                        .bind(ANY_PORT);
                SSLSocket socket = connect(server, "TLSv1.3");
                SocketPeer peer = new SocketPeer(socket)) {
            peer.send("one\n");
            socket.shutdownOutput();

            assertThat(peer.readAll()).isEqualTo("one\nso long");
        }
    }

    @Test
    void lingeringCloseLetsThePeerReadEverything() throws Exception {
        String last = "x".repeat(300_000);
        try (AsyncChatServer server = AsyncChatServer.builder(() -> new RecordingEchoHandler(events) {
                    @Override
                    protected void foundTerminator() {
                        push(last, US_ASCII);
                        closeWhenDone(Duration.ofMinutes(10));
                    }
                })
                .ssl(tls.server())
                .bind(ANY_PORT)) {
            try (SocketPeer peer = new SocketPeer(connect(server, "TLSv1.3"))) {
                peer.send("bye\n").send(new byte[100_000]);
                assertThat(peer.readAll()).isEqualTo(last);
            }
            await().untilAsserted(() -> assertThat(events).containsExactly("connect", "close"));
        }
    }

    @Test
    void closeNotifyNeedsNoFin() throws Exception {
        List<String> ours = new CopyOnWriteArrayList<>();
        try (AsyncChatServer server = server();
                AsyncChatClient<RecordingEchoHandler> client = client(ours)) {
            Channel channel = client.connect(server.address()).sync().getNow().channel();
            channel.pipeline().get(SslHandler.class).closeOutbound().sync();

            await().untilAsserted(() -> assertThat(events).containsExactly("connect", "end", "close"));
            await().untilAsserted(() -> assertThat(ours).containsExactly("connect", "end", "close"));
        }
    }

    @Test
    void bothEndsCompleteALingeringClose() throws Exception {
        List<String> ours = new CopyOnWriteArrayList<>();
        try (AsyncChatServer server = server();
                AsyncChatClient<RecordingEchoHandler> client = AsyncChatClient.<RecordingEchoHandler>builder(
                                () -> new RecordingEchoHandler(ours) {
                                    @Override
                                    protected void handleConnect() {
                                        push("bye\n", US_ASCII);
                                        closeWhenDone(Duration.ofMinutes(10));
                                    }
                                })
                        .ssl(tls.client())
                        .build()) {
            client.connect(server.address()).sync();
            await().untilAsserted(() -> assertThat(events).containsExactly("connect", "bye", "end", "close"));
            await().untilAsserted(() -> assertThat(ours).containsExactly("close"));
        }
    }

    @Test
    void clientVerifiesTheHostName() throws Exception {
        try (AsyncChatServer server = server();
                AsyncChatClient<RecordingEchoHandler> client = client(new CopyOnWriteArrayList<>())) {
            Future<RecordingEchoHandler> right =
                    client.connect(host("localhost", server)).await();
            assertThat(right.isSuccess()).isTrue();

            Future<RecordingEchoHandler> wrong =
                    client.connect(host("wrong.example", server)).await();
            assertThat(wrong.cause()).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void plainTextOnATlsPortClosesThatConnectionOnly() throws Exception {
        try (AsyncChatServer server = server()) {
            try (SocketPeer plain = SocketPeer.connect(server.address())) {
                plain.send("GET / HTTP/1.1\r\n\r\n");
                assertThat(plain.readAll()).doesNotContain("GET");
            }
            await().untilAsserted(() -> assertThat(events).contains("close"));
            try (SocketPeer peer = new SocketPeer(connect(server, "TLSv1.3"))) {
                assertThat(peer.send("hello\n").readLine()).isEqualTo("hello");
            }
        }
    }

    @Test
    void drainSendsCloseNotify() throws Exception {
        AsyncChatServer server = server();
        try (SocketPeer peer = new SocketPeer(connect(server, "TLSv1.3"))) {
            assertThat(peer.send("hello\n").readLine()).isEqualTo("hello");
            server.close();
            assertThat(peer.readAll())
                    .as("and no exception for a missing close_notify")
                    .isEmpty();
        }
        assertThat(events).containsExactly("connect", "hello", "drain", "close");
    }

    private AsyncChatServer server() throws Exception {
        return AsyncChatServer.builder(() -> new RecordingEchoHandler(events))
                .ssl(tls.server())
                .bind(ANY_PORT);
    }

    private static AsyncChatClient<RecordingEchoHandler> client(List<String> events) throws Exception {
        return AsyncChatClient.<RecordingEchoHandler>builder(() -> new RecordingEchoHandler(events))
                .ssl(tls.client())
                .build();
    }

    /** An address with that name, without asking anybody. */
    private static InetSocketAddress host(String name, AsyncChatServer server) throws Exception {
        byte[] address = ((InetSocketAddress) server.address()).getAddress().getAddress();
        return new InetSocketAddress(InetAddress.getByAddress(name, address), server.port());
    }

    private static SSLSocket connect(AsyncChatServer server, String version) throws Exception {
        Socket plain = new Socket(((InetSocketAddress) server.address()).getAddress(), server.port());
        SSLSocket socket = (SSLSocket) tls.jdk().getSocketFactory().createSocket(plain, "localhost", 0, true);
        socket.setEnabledProtocols(new String[] {version});
        socket.startHandshake();
        return socket;
    }
}
