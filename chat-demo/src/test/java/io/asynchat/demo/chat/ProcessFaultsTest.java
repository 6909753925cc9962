package io.asynchat.demo.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.JvmProcess;
import io.asynchat.testkit.SocketPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server as a process that lacks descriptors, memory or its output, or has other settings of Netty. */
@Tag("proof")
@EnabledOnOs(OS.LINUX)
class ProcessFaultsTest {
    private static final int LINES = 100;

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
                .start("--port", "0")) {
            int port = server.readPort();
            for (int i = 0; i < 100; i++) {
                talk(port, "user" + i, i % 5 == 0);
            }
            server.signal("TERM");
            assertThat(server.exitCode()).isZero();
            assertThat(server.errorLines()).noneMatch(line -> line.contains("LEAK") || line.contains("ERROR"));
        }
    }

    private static void talk(int port, String name, boolean resets) throws IOException {
        StringBuilder lines = new StringBuilder("login " + name + "\n");
        for (int i = 0; i < LINES; i++) {
            lines.append("say ").append(i).append('\n');
        }
        try (SocketPeer peer = SocketPeer.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            peer.send(lines.toString());
            for (String last = name + " : " + (LINES - 1); !peer.readLine().equals(last); ) {
                // the lines before the last one
            }
            if (resets) {
                peer.reset();
            }
        }
    }

    @Test
    void serverThatHasRunOutOfDescriptorsServesAgainWhenItHasSome() throws Exception {
        try (JvmProcess server = Program.builder()
                .after("ulimit -n 200")
                .mergingErrors()
                .start("--port", "0", "--max-per-address", "0")) {
            int port = listeningPort(server);
            talk(port, "first", false);
            List<SocketPeer> waiting = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                waiting.add(SocketPeer.connect(port));
            }
            server.awaitLine(".*Too many open files.*");
            for (SocketPeer peer : waiting) {
                peer.close();
            }
            talk(port, "second", false);
            server.signal("TERM");
            assertThat(server.exitCode()).isZero();
        }
    }

    @Test
    void serverWithoutAnOutputGoesOn() throws Exception {
        try (JvmProcess server = Program.builder().mergingErrors().start("--port", "0")) {
            int port = listeningPort(server);
            server.closeOutput();
            for (int i = 0; i < 20; i++) {
                SocketPeer.connect(port).send("GET / HTTP/1.1\r\n\r\n").close(); // refused, and logged
                talk(port, "user" + i, false);
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
