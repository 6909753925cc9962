package io.asynchat.demo.greeting;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.JvmProcess;
import io.asynchat.testkit.SocketPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The program from outside: its options, its signals, its exit codes. */
class GreetingDemoTest {

    private static JvmProcess start(String... flags) throws IOException {
        return start(Map.of(), flags);
    }

    private static JvmProcess start(Map<String, String> environment, String... flags) throws IOException {
        return JvmProcess.of(GreetingDemo.class)
                .options("-XX:TieredStopAtLevel=1") // most of its life is its start
                .withoutEnvironment("GREETING_")
                .environment(environment)
                .start(flags);
    }

    @Test
    void browserIsGreeted() throws Exception {
        try (JvmProcess demo = start("--port", "0")) {
            assertGreeted(demo.readPort());
        }
    }

    private static void assertGreeted(int port) throws Exception {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/kongxx"))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("Hello kongxx!");
    }

    @Test
    void firstLineHasTheAddress() throws Exception {
        try (JvmProcess demo = start("--port", "0")) {
            assertThat(demo.readLine()).matches("listening on 127\\.0\\.0\\.1:\\d+");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no signals")
    void signalEndsTheServerInOrder(String signal) throws Exception {
        try (JvmProcess demo = start("--port", "0")) {
            int port = demo.readPort();
            try (SocketPeer unfinished = SocketPeer.connect(port)) {
                unfinished.send("GET /kongxx HT");
                assertGreeted(port); // so the connection before has been accepted, and read
                demo.signal(signal);
                assertThat(demo.exitCode()).isZero();
                assertThat(unfinished.readAll()).isEmpty();
                assertThat(demo.outputLines()).as("after the first line").isEmpty();
            }
        }
    }

    @Test
    void busyPortIsOneClearLine() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                JvmProcess demo = start("--port", "" + other.getLocalPort())) {
            assertThat(demo.exitCode()).isEqualTo(1);
            assertThat(demo.errorLines())
                    .containsExactly("greeting: 127.0.0.1:" + other.getLocalPort() + ": Address already in use");
            assertThat(demo.outputLines()).isEmpty();
        }
    }

    @Test
    void unknownHostIsOneClearLine() throws Exception {
        try (JvmProcess demo = start("--host", "nowhere.invalid")) {
            assertThat(demo.exitCode()).isEqualTo(1);
            assertThat(demo.errorLines()).containsExactly("greeting: nowhere.invalid:8888: unknown host");
        }
    }

    @Test
    void environmentVariablesAreOptionsToo() throws Exception {
        try (JvmProcess demo = start(Map.of("GREETING_HOST", "127.0.0.1", "GREETING_PORT", "0"))) {
            assertThat(demo.readPort()).isNotEqualTo(8888);
        }
    }

    @Test
    void optionOverridesTheEnvironment() throws Exception {
        try (JvmProcess demo =
                start(Map.of("GREETING_HOST", "nowhere.invalid"), "--host", "127.0.0.1", "--port", "0")) {
            assertThat(demo.readPort()).isPositive();
        }
    }

    @Test
    void helpListsTheOptions() throws Exception {
        try (JvmProcess demo = start("--help")) {
            assertThat(demo.exitCode()).isZero();
            assertThat(String.join("\n", demo.outputLines()))
                    .contains("--host", "--port", "--version", "GREETING_PORT", "8888");
            assertThat(demo.errorLines()).isEmpty();
        }
    }

    @Test
    void versionIsThatOfTheBuild() throws Exception {
        String pom = Files.readString(Path.of(System.getProperty("basedir", "."), "pom.xml"), UTF_8);
        String version = pom.substring(pom.indexOf("<version>") + "<version>".length(), pom.indexOf("</version>"));
        try (JvmProcess demo = start("--version")) {
            assertThat(demo.exitCode()).isZero();
            assertThat(demo.outputLines()).containsExactly("greeting-demo " + version);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--prot 0, Unknown options",
        "--port many, Invalid value for option '--port': 'many' (expected: a number",
        "--port 65536, Invalid value for option '--port': '65536' (expected: a number from 0 to 65535)",
        "kongxx, Unmatched argument",
    })
    void badOptionIsAUsageError(String options, String error) throws Exception {
        try (JvmProcess demo = start(options.split(" "))) {
            assertThat(demo.exitCode()).isEqualTo(2);
            assertThat(String.join("\n", demo.errorLines())).contains(error, "Usage: greeting");
            assertThat(demo.outputLines()).isEmpty();
        }
    }

    @Test
    void badEnvironmentVariableIsAUsageError() throws Exception {
        try (JvmProcess demo = start(Map.of("GREETING_PORT", "many"))) {
            assertThat(demo.exitCode()).isEqualTo(2);
            assertThat(String.join("\n", demo.errorLines())).contains("many", "Usage: greeting");
        }
    }
}
