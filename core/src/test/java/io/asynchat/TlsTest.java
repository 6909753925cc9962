package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asynchat.testkit.NoLeaks;
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
    void aPlainClientSpeaksTlsWithTheServer(String version) throws Exception {
        try (AsyncChatServer server = server();
                Peer peer = new Peer(connect(server, version))) {
            assertThat(peer.send("hello\n").line()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void theEndOfTlsIsTheEndOfInputAndTheLastAnswerIsStillSent(String version) throws Exception {
        try (AsyncChatServer server = server();
                SSLSocket socket = connect(server, version);
                Peer peer = new Peer(socket)) {
            assertThat(peer.send("one\n").line()).isEqualTo("one");
            peer.send("two");
            socket.shutdownOutput();

            await().untilAsserted(() ->
                    assertThat(events).containsExactly("connect", "one", "truncated two", "end", "close"));
            assertThat(peer.rest()).isEmpty();
        }
    }

    @Test
    void anAnswerToTheEndOfTlsIsSent() throws Exception {
        try (AsyncChatServer server = AsyncChatServer.builder(() -> new Witness(events) {
                            @Override
                            protected void handleEndOfInput() {
                                push("so long", US_ASCII);
                                closeWhenDone();
                            }
                        })
                        .ssl(tls.server())
                        .bind(ANY_PORT);
                SSLSocket socket = connect(server, "TLSv1.3");
                Peer peer = new Peer(socket)) {
            peer.send("one\n");
            socket.shutdownOutput();

            assertThat(peer.rest()).isEqualTo("one\nso long");
        }
    }

    @Test
    void aLingeringCloseLetsThePeerReadAllAndEnd() throws Exception {
        String last = "x".repeat(300_000);
        try (AsyncChatServer server = AsyncChatServer.builder(() -> new Witness(events) {
                    @Override
                    protected void foundTerminator() {
                        push(last, US_ASCII);
                        closeWhenDone(Duration.ofMinutes(10));
                    }
                })
                .ssl(tls.server())
                .bind(ANY_PORT)) {
            try (Peer peer = new Peer(connect(server, "TLSv1.3"))) {
                peer.send("bye\n").send(new byte[100_000]);
                assertThat(peer.rest()).isEqualTo(last);
            }
            await().untilAsserted(() -> assertThat(events).containsExactly("connect", "close"));
        }
    }

    @Test
    void theEndOfTlsNeedsNoEndOfTcp() throws Exception {
        List<String> ours = new CopyOnWriteArrayList<>();
        try (AsyncChatServer server = server();
                AsyncChatClient<Witness> client = client(ours)) {
            Channel channel = client.connect(server.address()).sync().getNow().channel();
            channel.pipeline().get(SslHandler.class).closeOutbound().sync();

            await().untilAsserted(() -> assertThat(events).containsExactly("connect", "end", "close"));
            await().untilAsserted(() -> assertThat(ours).containsExactly("connect", "end", "close"));
        }
    }

    @Test
    void twoEndsOfOursEndALingeringCloseTogether() throws Exception {
        List<String> ours = new CopyOnWriteArrayList<>();
        try (AsyncChatServer server = server();
                AsyncChatClient<Witness> client = AsyncChatClient.<Witness>builder(() -> new Witness(ours) {
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
    void ourClientTrustsTheRightHostAndNoOther() throws Exception {
        try (AsyncChatServer server = server();
                AsyncChatClient<Witness> client = client(new CopyOnWriteArrayList<>())) {
            Future<Witness> right = client.connect(host("localhost", server)).await();
            assertThat(right.isSuccess()).isTrue();

            Future<Witness> wrong =
                    client.connect(host("wrong.example", server)).await();
            assertThat(wrong.cause()).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void whoDoesNotSpeakTlsIsClosedAndTheServerLives() throws Exception {
        try (AsyncChatServer server = server()) {
            try (Peer plain = Peer.of(server)) {
                plain.send("GET / HTTP/1.1\r\n\r\n");
                assertThat(plain.rest()).doesNotContain("GET");
            }
            await().untilAsserted(() -> assertThat(events).contains("close"));
            try (Peer peer = new Peer(connect(server, "TLSv1.3"))) {
                assertThat(peer.send("hello\n").line()).isEqualTo("hello");
            }
        }
    }

    @Test
    void aDrainEndsTlsProperly() throws Exception {
        AsyncChatServer server = server();
        try (Peer peer = new Peer(connect(server, "TLSv1.3"))) {
            assertThat(peer.send("hello\n").line()).isEqualTo("hello");
            server.close();
            assertThat(peer.rest())
                    .as("and no exception for a missing close_notify")
                    .isEmpty();
        }
        assertThat(events).containsExactly("connect", "hello", "drain", "close");
    }

    private AsyncChatServer server() throws Exception {
        return AsyncChatServer.builder(() -> new Witness(events))
                .ssl(tls.server())
                .bind(ANY_PORT);
    }

    private static AsyncChatClient<Witness> client(List<String> events) throws Exception {
        return AsyncChatClient.<Witness>builder(() -> new Witness(events))
                .ssl(tls.client())
                .build();
    }

    /** An address with that name, without asking anybody. */
    private static InetSocketAddress host(String name, AsyncChatServer server) throws Exception {
        byte[] address = Peer.address(server).getAddress().getAddress();
        return new InetSocketAddress(InetAddress.getByAddress(name, address), server.port());
    }

    private static SSLSocket connect(AsyncChatServer server, String version) throws Exception {
        Socket plain = new Socket(Peer.address(server).getAddress(), server.port());
        SSLSocket socket = (SSLSocket) tls.jdk().getSocketFactory().createSocket(plain, "localhost", 0, true);
        socket.setEnabledProtocols(new String[] {version});
        socket.startHandshake();
        return socket;
    }
}
