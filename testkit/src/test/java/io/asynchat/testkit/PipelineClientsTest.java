package io.asynchat.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The server is a plain socket that reads nothing until the test does. */
@EnabledOnOs(OS.LINUX)
class PipelineClientsTest {
    private static final String MEBIBYTE = "0123456789abcdef".repeat(1 << 16);

    private ServerSocket server;
    private PipelineClients clients;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        clients = new PipelineClients(server.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        clients.close();
        server.close();
    }

    @Test
    void bytesOfConnectionsThatAreNotAcceptedAreAcknowledged() throws Exception {
        clients.connect(3).send("hello");

        while (Arrays.stream(clients.acknowledgedBytes()).anyMatch(bytes -> bytes < 5)) {
            // the kernel may delay an acknowledgement
        }
        assertThat(clients.acknowledgedBytes()).containsExactly(5, 5, 5);
    }

    @Test
    void acknowledgedBytesAreWhatTheServerCanReadWhenTheClientHasGone() throws Exception {
        clients.connect(1);
        int taken = clients.send(0, MEBIBYTE.repeat(16));
        long acknowledged = clients.acknowledgedBytes()[0];

        assertThat(acknowledged).isPositive().isLessThan(taken);
        assertThat(taken).isLessThan(16 << 20);
        try (Socket accepted = server.accept()) {
            assertThat(accepted.getInputStream().available()).isGreaterThanOrEqualTo((int) acknowledged);
        }
    }

    @Test
    void eachClientReceivesUpToTheEndOrTheReset() throws Exception {
        clients.connect(2);
        try (Socket first = server.accept()) {
            first.getOutputStream().write(MEBIBYTE.substring(0, 1_000).getBytes(US_ASCII));
        }
        try (Socket second = server.accept()) {
            second.setSoLinger(true, 0);
        }
        clients.receiveAll();

        assertThat(clients.received(0)).isEqualTo(MEBIBYTE.substring(0, 1_000));
        assertThat(clients.received(1)).isEmpty();
    }

    @Test
    void connectionThatIsGoneHasNoAcknowledgedBytes() throws Exception {
        clients.connect(1);
        try (Socket accepted = server.accept()) {
            accepted.setSoLinger(true, 0);
        }
        assertThatThrownBy(clients::acknowledgedBytes)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("client 0 (expected: established with ");
    }
}
