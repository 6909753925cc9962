package io.asynchat.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The plain blocking client. The other end is a plain socket too. */
class SocketPeerTest {

    private ServerSocket listener;
    private SocketPeer peer;
    private Socket server;

    @BeforeEach
    void connect() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        peer = SocketPeer.connect(listener.getLocalPort());
        server = listener.accept();
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
        server.close();
        listener.close();
    }

    private void serverSends(String text) throws IOException {
        server.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    @Test
    void sentBytesArrive() throws IOException {
        peer.send("caf\u00e9").send(new byte[] {0, 1}).endOutput();

        assertThat(server.getInputStream().readAllBytes()).containsExactly('c', 'a', 'f', 0xe9, 0, 1);
    }

    @Test
    void readsEndAtLinesDelimitersAndLengths() throws IOException {
        serverSends("one\r\ntwo\nhead\r\n\r\nbodyab\u00e9rest");
        server.close();

        assertThat(peer.readLine()).isEqualTo("one");
        assertThat(peer.readLine()).isEqualTo("two");
        assertThat(peer.readUntil("\r\n\r\n")).isEqualTo("head\r\n\r\n");
        assertThat(peer.readText(4)).isEqualTo("body");
        assertThat(peer.readBytes(3)).containsExactly('a', 'b', 0xe9);
        assertThat(peer.readAll()).isEqualTo("rest");
    }

    @Test
    void endOfStreamInsideARequiredPartFails() throws IOException {
        serverSends("ab");
        server.close();

        assertThatThrownBy(() -> peer.readUntil("\n"))
                .isInstanceOf(EOFException.class)
                .hasMessage("end of stream after \"ab\" (expected: \"\n\")");
        assertThatThrownBy(() -> peer.readBytes(3))
                .isInstanceOf(EOFException.class)
                .hasMessage("end of stream after 0 bytes (expected: 3)");
    }

    @Test
    void readWithoutBytesTimesOut() throws IOException {
        peer.timeout(Duration.ofMillis(1));

        assertThatThrownBy(peer::readLine).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void closeOfTheServerIsTheEnd() throws IOException {
        serverSends("ab");
        server.close();

        assertThat(peer.isAtEnd()).isFalse();
        assertThat(peer.isClosed()).isFalse();
        assertThat(peer.isAtEnd()).isTrue();
        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void resetByTheServerIsACloseButNotAnEnd() throws IOException {
        server.setSoLinger(true, 0);
        server.close();

        assertThatThrownBy(peer::isAtEnd).isInstanceOf(SocketException.class);
        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void resetReachesTheServer() throws IOException {
        peer.reset();

        assertThatThrownBy(() -> server.getInputStream().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void localAddressCanBeChosen() throws IOException {
        try (SocketPeer other = SocketPeer.connect(listener.getLocalSocketAddress(), "127.0.0.1");
                Socket accepted = listener.accept()) {
            assertThat(((InetSocketAddress) accepted.getRemoteSocketAddress()).getPort())
                    .isEqualTo(other.socket().getLocalPort());
        }
    }
}
