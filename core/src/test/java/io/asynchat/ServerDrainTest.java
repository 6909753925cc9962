package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.JvmProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Connections that the kernel has established and the server has not accepted when it is closed. The server is
 * stopped while clients connect and send, then it is terminated and goes on.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGSTOP")
class ServerDrainTest {

    static Stream<Arguments> quick() {
        return transports().flatMap(transport -> Stream.of(1, 2).map(loops -> Arguments.of(transport, loops, 200)));
    }

    static Stream<Arguments> thorough() {
        return transports()
                .flatMap(transport -> Stream.of(1, 4)
                        .flatMap(loops -> Stream.of(200, 1_000, 3_500)
                                .map(connections -> Arguments.of(transport, loops, connections))));
    }

    private static Stream<Transport> transports() {
        return Arrays.stream(Transport.values())
                .filter(transport -> transport == Transport.NIO || transport == Transport.EPOLL)
                .filter(Transport::isAvailable);
    }

    @ParameterizedTest
    @MethodSource("quick")
    void closeServesEveryConnectionThatWaits(Transport transport, int loops, int connections) throws Exception {
        assertThat(lost(transport, loops, connections)).isZero();
    }

    @Tag("proof")
    @ParameterizedTest
    @MethodSource("thorough")
    void closeServesEveryConnectionThatWaitsInEachOfManyRounds(Transport transport, int loops, int connections)
            throws Exception {
        for (int round = 0; round < (connections > 1_000 ? 5 : 30); round++) {
            assertThat(lost(transport, loops, connections))
                    .as("round %d", round)
                    .isZero();
        }
    }

    /** How many of them get no answer. */
    static int lost(Transport transport, int loops, int connections) throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (JvmProcess server =
                JvmProcess.of(DrainMain.class).mergingErrors().start(transport.name(), Integer.toString(loops))) {
            int port = Integer.parseInt(server.readLine());
            server.signal("STOP");
            for (int i = 0; i < connections; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.setSoTimeout(60_000);
                socket.getOutputStream().write("hello\n".getBytes(US_ASCII));
                sockets.add(socket);
            }
            server.signal("TERM");
            server.signal("CONT");
            int lost = 0;
            for (Socket socket : sockets) {
                lost += isAnswered(socket) ? 0 : 1;
            }
            assertThat(server.exitCode()).as("exit status of SIGTERM").isEqualTo(128 + 15);
            return lost;
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private static boolean isAnswered(Socket socket) {
        try {
            return new String(socket.getInputStream().readAllBytes(), US_ASCII).equals("hello\n");
        } catch (IOException reset) {
            return false;
        }
    }
}
