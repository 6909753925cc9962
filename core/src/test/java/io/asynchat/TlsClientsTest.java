package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.SocketPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways in which the JDK's TLS client begins, ends and does not end a connection, with each version of TLS. */
@ExtendWith(NoLeaks.class)
class TlsClientsTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final String LONG_ANSWER = "x".repeat(8 << 20);

    @TempDir
    static Path folder;

    private static Tls tls;

    private final List<String> events = new CopyOnWriteArrayList<>();
    private AsyncChatServer server;

    @BeforeAll
    static void makeAKey() throws Exception {
        tls = new Tls(folder);
    }

    /** Answers {@code long} with several MiB, anything else with itself. */
    private static final class Server extends RecordingEchoHandler {
        Server(List<String> events) {
            super(events);
            setSendLimit(2L * LONG_ANSWER.length());
        }

        @Override
        protected String answerTo(String line) {
            return line.equals("long") ? LONG_ANSWER : super.answerTo(line);
        }
    }

    @BeforeEach
    void serve() throws Exception {
        server = AsyncChatServer.builder(() -> new Server(events))
                .ssl(tls.server())
                .bind(ANY_PORT);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Socket plain() throws IOException {
        return new Socket(((InetSocketAddress) server.address()).getAddress(), server.port());
    }

    private static SSLSocket secure(Socket plain, SSLContext context, String version) throws IOException {
        return secure(plain, context, version, true);
    }

    private static SSLSocket secure(Socket plain, SSLContext context, String version, boolean ownsPlain)
            throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", 0, ownsPlain);
        socket.setEnabledProtocols(new String[] {version});
        return socket;
    }

    /** How a client ends its side. */
    private enum End {
        CLOSE_NOTIFY,
        CLOSE_NOTIFY_AND_FIN,
        FIN;

        /** The JDK ends TCP's side with TLS's if the socket of TLS owns the plain one. */
        SSLSocket secure(Socket plain, String version) throws Exception {
            return TlsClientsTest.secure(plain, tls.jdk(), version, this != CLOSE_NOTIFY);
        }

        void of(SSLSocket socket, Socket plain) throws IOException {
            if (this == FIN) {
                plain.shutdownOutput();
            } else {
                socket.shutdownOutput();
                assertThat(plain.isOutputShutdown()).isEqualTo(this == CLOSE_NOTIFY_AND_FIN);
            }
        }
    }

    static Stream<Arguments> ends() {
        return Stream.of("TLSv1.2", "TLSv1.3")
                .flatMap(version -> Stream.of(End.values()).map(end -> Arguments.of(version, end)));
    }

    /** TLS 1.2 drops what is not sent when close_notify comes (RFC 5246, 7.2.1), so the answers are awaited before it. */
    @ParameterizedTest
    @MethodSource("ends")
    void endOfInputIsReportedOnceBehindWhatCameBefore(String version, End end) throws Exception {
        try (Socket plain = plain();
                SSLSocket socket = end.secure(plain, version);
                SocketPeer peer = new SocketPeer(socket)) {
            assertThat(peer.send("one\n").readLine()).isEqualTo("one");
            assertThat(peer.send("two\nthr").readLine()).isEqualTo("two");
            end.of(socket, plain);
            assertThat(peer.readAll()).isEmpty();
            await().untilAsserted(() ->
                    assertThat(events).containsExactly("connect", "one", "two", "truncated thr", "end", "close"));
        }
    }

    @ParameterizedTest
    @MethodSource("ends")
    void endOfInputDuringAnAnswerLosesNothingOfIt(String version, End end) throws Exception {
        try (Socket plain = plain();
                SSLSocket socket = end.secure(plain, version);
                SocketPeer peer = new SocketPeer(socket)) {
            peer.send("long\n");
            assertThat(peer.readText(1)).isEqualTo("x"); // the rest is under way
            end.of(socket, plain);
            assertThat(peer.readAll().length()).isEqualTo(LONG_ANSWER.length() - 1);
            await().untilAsserted(() -> assertThat(events).containsExactly("connect", "long", "end", "close"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void recordsOfOneByteAreOneStream(String version) throws Exception {
        try (SocketPeer peer = new SocketPeer(secure(plain(), tls.jdk(), version))) {
            for (int i = 0; i < 100; i++) {
                for (char next : ("line " + i + "\n").toCharArray()) {
                    peer.send(String.valueOf(next));
                }
            }
            for (int i = 0; i < 100; i++) {
                assertThat(peer.readLine()).isEqualTo("line " + i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void secondConnectionResumesTheSession(String version) throws Exception {
        SSLContext context = tls.jdk();
        long firstMade;
        try (SSLSocket first = secure(plain(), context, version);
                SocketPeer peer = new SocketPeer(first)) {
            assertThat(peer.send("one\n").readLine()).isEqualTo("one"); // a ticket of TLS 1.3 comes with the answer
            firstMade = first.getSession().getCreationTime();
        }
        await().until(() -> System.currentTimeMillis() > firstMade);
        try (SSLSocket second = secure(plain(), context, version);
                SocketPeer peer = new SocketPeer(second)) {
            assertThat(peer.send("two\n").readLine()).isEqualTo("two");
            assertThat(second.getSession().getCreationTime())
                    .as("of a resumed session")
                    .isEqualTo(firstMade);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "other.example"})
    void nameThatTheClientAsksForDoesNotMatterWithOneCertificate(String name) throws Exception {
        try (SSLSocket socket = secure(plain(), tls.jdk(), "TLSv1.3");
                SocketPeer peer = new SocketPeer(socket)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
            assertThat(peer.send("hello\n").readLine()).isEqualTo("hello");
        }
    }

    @Test
    void clientWithAnOldVersionIsRefusedAndOthersAreServed() throws Exception {
        try (SSLSocket old = secure(plain(), tls.jdk(), "TLSv1.1")) {
            assertThatThrownBy(old::startHandshake).isInstanceOf(IOException.class);
        }
        try (SocketPeer peer = new SocketPeer(secure(plain(), tls.jdk(), "TLSv1.3"))) {
            assertThat(peer.send("hello\n").readLine()).isEqualTo("hello");
        }
    }

    @Test
    void closeOfTheServerDoesNotWaitForStalledHandshakes() throws Exception {
        try (SocketPeer silent = new SocketPeer(plain());
                SocketPeer half = new SocketPeer(plain())) {
            half.send(new byte[] {22, 3, 1, 2, 0, 1}); // the beginning of a ClientHello of 512 bytes
            try (SocketPeer peer = new SocketPeer(secure(plain(), tls.jdk(), "TLSv1.3"))) {
                assertThat(peer.send("hello\n").readLine()).isEqualTo("hello");
            }
            server.close();
            assertThat(silent.isClosed()).isTrue();
            assertThat(half.isClosed()).isTrue();
        }
    }

    @Test
    @Tag("proof") // Netty's timeout of the handshake is 10 s
    void stalledHandshakesAreClosed() throws Exception {
        try (SocketPeer silent = new SocketPeer(plain());
                SocketPeer half = new SocketPeer(plain())) {
            half.send(new byte[] {22, 3, 1, 2, 0, 1});
            assertThat(silent.isClosed()).isTrue();
            assertThat(half.isClosed()).isTrue();
        }
    }
}
