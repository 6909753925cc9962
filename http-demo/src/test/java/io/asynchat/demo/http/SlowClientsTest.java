package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.JvmProcess;
import io.asynchat.testkit.SocketPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Many slow clients, one that is not, and little memory. Needs the loopback addresses and /proc of Linux. */
@Tag("proof")
@EnabledOnOs(OS.LINUX)
class SlowClientsTest {
    private static final Duration LOAD_TIME = Duration.ofSeconds(45); // longer than every timeout
    private static final int SLACK_KIB = 3 << 10;

    @Test
    void slowClientsDelayNobodyAndTheirMemoryIsFreed() throws Exception {
        try (JvmProcess demo = Program.builder().options("-Xmx64m").start("--port", "0", "--access-log", "off")) {
            int port = demo.readPort();
            for (int i = 0; i < 2_000; i++) { // until everything is loaded and compiled
                slowestAnswerMillis(port, 1);
            }
            long heapBefore = liveKib(demo);
            long filesBefore = openFiles(demo);
            long slowest = 0;
            try (SlowClientLoad load = new SlowClientLoad(port, 1_000, 100)) {
                long end = System.nanoTime() + LOAD_TIME.toNanos();
                while (System.nanoTime() < end) {
                    load.runFor(Duration.ofMillis(100));
                    slowest = Math.max(slowest, slowestAnswerMillis(port, 1));
                }
                System.out.printf(
                        "load: slowest answer %d ms, %d connections made, %d ended by the server, resident %s%n",
                        slowest, load.made(), load.ended(), resident(demo));
                assertThat(load.ended()).as("connections ended by the server").isGreaterThan(2_000);
            }
            assertThat(slowest).as("milliseconds of the slowest answer").isLessThan(1_000);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> openFiles(demo) <= filesBefore && liveKib(demo) <= heapBefore + SLACK_KIB);
            System.out.printf(
                    "load: live heap %d KiB before, %d KiB after, resident %s%n",
                    heapBefore, liveKib(demo), resident(demo));
        }
    }

    private static long slowestAnswerMillis(int port, int requests) throws IOException {
        long slowest = 0;
        for (int i = 0; i < requests; i++) {
            long from = System.nanoTime();
            try (SocketPeer peer = SocketPeer.connect(port)) {
                peer.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
                assertThat(RawResponse.read(peer).status()).isEqualTo(200);
            }
            slowest =
                    Math.max(slowest, Duration.ofNanos(System.nanoTime() - from).toMillis());
        }
        return slowest;
    }

    /** The reachable heap, after a collection. */
    private static long liveKib(JvmProcess demo) throws IOException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process counting = new ProcessBuilder(jcmd, Long.toString(demo.pid()), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String said = new String(counting.getInputStream().readAllBytes(), US_ASCII);
        String total = said.substring(said.lastIndexOf("Total"));
        return Long.parseLong(total.trim().split(" +", -1)[2]) >> 10;
    }

    private static long openFiles(JvmProcess demo) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(demo.pid()), "fd"))) {
            return files.count();
        }
    }

    private static String resident(JvmProcess demo) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(demo.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> line.substring(6).strip())
                .findFirst()
                .orElse("?");
    }
}
