package io.asynchat.demo.greeting;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
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

class GreetingDemoTest {

    @Test
    void aBrowserIsGreeted() throws Exception {
        try (Demo demo = new Demo(Map.of(), "--port", "0")) {
            assertGreeted(demo.port());
        }
    }

    private static void assertGreeted(int port) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/kongxx"))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("Hello kongxx!");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no signals")
    void aSignalEndsItInOrder(String signal) throws Exception {
        try (Demo demo = new Demo(Map.of(), "--port", "0");
                Socket unfinished = new Socket()) {
            int port = demo.port();
            unfinished.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            unfinished.getOutputStream().write("GET /kongxx HT".getBytes(UTF_8));
            assertGreeted(port); // so the one before has been accepted, and read
            demo.signal(signal);
            assertThat(demo.exit()).isZero();
            assertThat(unfinished.getInputStream().readAllBytes()).isEmpty();
            assertThat(demo.out()).as("but for the first line").isEmpty();
        }
    }

    @Test
    void aBusyPortIsOneClearLine() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Demo demo = new Demo(Map.of(), "--port", "" + other.getLocalPort())) {
            assertThat(demo.exit()).isEqualTo(1);
            assertThat(demo.err())
                    .containsExactly("greeting: 127.0.0.1:" + other.getLocalPort() + ": Address already in use");
            assertThat(demo.out()).isEmpty();
        }
    }

    @Test
    void anUnknownHostIsOneClearLine() throws Exception {
        try (Demo demo = new Demo(Map.of(), "--host", "nowhere.invalid")) {
            assertThat(demo.exit()).isEqualTo(1);
            assertThat(demo.err()).containsExactly("greeting: nowhere.invalid:8888: unknown host");
        }
    }

    @Test
    void whatAFlagSaysTheEnvironmentMaySayToo() throws Exception {
        try (Demo demo = new Demo(Map.of("GREETING_HOST", "127.0.0.1", "GREETING_PORT", "0"))) {
            assertThat(demo.port()).isNotEqualTo(8888);
        }
    }

    @Test
    void aFlagGoesBeforeTheEnvironment() throws Exception {
        try (Demo demo = new Demo(Map.of("GREETING_HOST", "nowhere.invalid"), "--host", "127.0.0.1", "--port", "0")) {
            assertThat(demo.port()).isPositive();
        }
    }

    @Test
    void helpTellsTheFlags() throws Exception {
        try (Demo demo = new Demo(Map.of(), "--help")) {
            assertThat(demo.exit()).isZero();
            assertThat(String.join("\n", demo.out()))
                    .contains("--host", "--port", "--version", "GREETING_PORT", "8888");
            assertThat(demo.err()).isEmpty();
        }
    }

    @Test
    void versionTellsTheVersionOfThisBuild() throws Exception {
        String pom = Files.readString(Path.of(System.getProperty("basedir", "."), "pom.xml"), UTF_8);
        String version = pom.substring(pom.indexOf("<version>") + "<version>".length(), pom.indexOf("</version>"));
        try (Demo demo = new Demo(Map.of(), "--version")) {
            assertThat(demo.exit()).isZero();
            assertThat(demo.out()).containsExactly("greeting-demo " + version);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--prot 0, Unknown options",
        "--port many, Invalid value for option '--port': 'many' (expected: a number",
        "--port 65536, Invalid value for option '--port': '65536' (expected: a number from 0 to 65535)",
        "kongxx, Unmatched argument",
    })
    void badFlagsAreAnsweredWithTheUsage(String flags, String complaint) throws Exception {
        try (Demo demo = new Demo(Map.of(), flags.split(" "))) {
            assertThat(demo.exit()).isEqualTo(2);
            assertThat(String.join("\n", demo.err())).contains(complaint, "Usage: greeting");
            assertThat(demo.out()).isEmpty();
        }
    }

    @Test
    void aBadEnvironmentIsAnsweredLikeABadFlag() throws Exception {
        try (Demo demo = new Demo(Map.of("GREETING_PORT", "many"))) {
            assertThat(demo.exit()).isEqualTo(2);
            assertThat(String.join("\n", demo.err())).contains("many", "Usage: greeting");
        }
    }
}
