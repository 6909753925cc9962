package io.asynchat.demo.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.JvmProcess;
import io.asynchat.testkit.SocketPeer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server as a process that lacks descriptors, memory or a place for its log, or has other settings of Netty. */
@Tag("proof")
@EnabledOnOs(OS.LINUX)
class ProcessFaultsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String FORM =
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    + "Content-Length: 8\r\n\r\nname=Bob";
    private static final int PIPELINED = 20;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Dio.netty.allocator.type=pooled",
                "-Dio.netty.allocator.type=adaptive",
                "-Dio.netty.allocator.type=unpooled"
            })
    void eachAllocatorServesInLittleMemoryWithoutALeak(String allocator) throws Exception {
        try (JvmProcess server = Program.builder()
                .options(allocator, "-Xmx64m", "-Dio.netty.leakDetection.level=paranoid")
                .environment(Map.of("LC_ALL", "C"))
                .start("--port", "0", "--access-log", "off", "--max-per-address", "0")) {
            int port = server.readPort();
            for (int i = 0; i < 300; i++) {
                assertServes(port, i);
            }
            server.signal("TERM");
            assertThat(server.exitCode()).isZero();
            assertThat(server.errorLines()).noneMatch(line -> line.contains("LEAK") || line.contains("ERROR"));
        }
    }

    /** Every third client goes in the middle of a request, every fifth by a reset. */
    private static void assertServes(int port, int number) throws IOException {
        try (SocketPeer peer = SocketPeer.connect(port).send((GET + FORM).repeat(PIPELINED))) {
            for (int i = 0; i < 2 * PIPELINED; i++) {
                assertThat(RawResponse.read(peer).status()).isEqualTo(200);
            }
            if (number % 3 == 0) {
                peer.send(FORM.substring(0, FORM.length() - 3));
            }
            if (number % 5 == 0) {
                peer.reset();
            }
        }
    }

    @Test
    void serverThatHasRunOutOfDescriptorsServesAgainWhenItHasSome() throws Exception {
        try (JvmProcess server = Program.builder()
                .after("ulimit -n 200")
                .mergingErrors()
                .start("--port", "0", "--access-log", "off", "--max-per-address", "0")) {
            int port = listeningPort(server);
            assertServes(port, 1);
            List<SocketPeer> waiting = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                waiting.add(SocketPeer.connect(port));
            }
            server.awaitLine(".*Too many open files.*");
            waiting.get(0).send(GET); // accepted before descriptors ran out
            assertThat(RawResponse.read(waiting.get(0)).status()).isEqualTo(200);
            for (SocketPeer peer : waiting) {
                peer.close();
            }
            assertServes(port, 1);
            server.signal("TERM");
            assertThat(server.exitCode()).isZero();
        }
    }

    @Test
    void requestsAreAnsweredWhenTheDiskOfTheLogIsFull() throws Exception {
        try (JvmProcess server = Program.start("--port", "0", "--access-log", "/dev/full")) {
            int port = server.readPort();
            for (int i = 0; i < 100; i++) {
                assertServes(port, 1);
            }
            server.signal("TERM");
            assertThat(server.exitCode()).isZero();
        }
    }

    @Test
    void requestsAreAnsweredWhenThePipeOfTheLogIsClosed() throws Exception {
        try (JvmProcess server = Program.builder().mergingErrors().start("--port", "0")) {
            int port = listeningPort(server);
            server.closeOutput();
            for (int i = 0; i < 100; i++) {
                assertServes(port, 1);
            }
            server.signal("TERM");
            assertThat(server.exitCode()).isZero();
        }
    }

    @Test
    void requestsAreAnsweredWhenThePipeOfTheLogIsFull() throws Exception {
        try (JvmProcess server = Program.start("--port", "0")) {
            int port = server.readPort();
            for (int i = 0; i < 100; i++) {
                assertServes(port, 1); // in all 4,000 lines, which are not read
            }
            server.signal("TERM");
            assertThat(server.exitCode()).isZero();
        }
    }

    /** Of a server whose log is in the same stream. */
    private static int listeningPort(JvmProcess server) throws IOException {
        return Integer.parseInt(
                server.awaitLine("listening on 127.0.0.1:(\\d+)").group(1));
    }
}
