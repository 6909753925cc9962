package io.asynchat.demo.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.JvmProcess;
import io.asynchat.testkit.SocketPeer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server as its users start it. */
class ServeCommandTest {
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no signals")
    void signalEndsTheServerWithANotice() throws Exception {
        try (JvmProcess server = Program.start("--port", "0");
                Socket anna = new Socket(InetAddress.getLoopbackAddress(), server.readPort());
                BufferedReader heard = new BufferedReader(new InputStreamReader(anna.getInputStream(), UTF_8))) {
            anna.getOutputStream().write("login anna\nsay hi\n".getBytes(UTF_8));
            assertThat(heard.readLine()).isEqualTo("Welcome to TestChat");
            assertThat(heard.readLine()).isEqualTo("anna : hi");
            server.signal("TERM");
            assertThat(heard.readLine()).isEqualTo("The server is closing. Good bye.");
            assertThat(heard.readLine()).isNull();
            assertThat(server.exitCode()).isZero();
        }
    }

    @Test
    void prometheusIsShownWhatHappens() throws Exception {
        try (JvmProcess server = Program.start("serve", "--port", "0", "--metrics", "0", "--event-loops", "1");
                Socket anna = new Socket(InetAddress.getLoopbackAddress(), server.readPort());
                BufferedReader heard = new BufferedReader(new InputStreamReader(anna.getInputStream(), UTF_8))) {
            String metrics = server.readLine();
            assertThat(metrics).matches("metrics on 127\\.0\\.0\\.1:\\d+");
            anna.getOutputStream().write("login a b\nlogin anna\nsay 1\nsay 2\nsay 3\nlook\n".getBytes(UTF_8));
            assertThat(heard.lines().limit(8)).endsWith("anna");

            HttpResponse<String> answer = get(metrics.substring("metrics on ".length()) + "/metrics");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body().lines())
                    .contains(
                            "chat_messages_total 3.0",
                            "chat_sessions{state=\"connected\"} 1.0",
                            "chat_sessions{state=\"logged in\"} 1.0",
                            "chat_refusals_total{reason=\"NAME_NOT_ALLOWED\"} 1.0",
                            "chat_queue_bytes 0.0")
                    .anyMatch(line -> line.startsWith("chat_deliveries_total "))
                    .anyMatch(line -> line.startsWith("chat_event_loop_lag_seconds_max{loop=\"0\"} "));
            assertThat(get(metrics.substring("metrics on ".length()) + "/other").statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void everyMetricHasAHelpTextThatNamesItsUnit() throws Exception {
        try (JvmProcess server = Program.start("serve", "--port", "0", "--metrics", "0")) {
            server.readPort();
            String metrics = get(server.readLine().substring("metrics on ".length()) + "/metrics")
                    .body();
            List<String> helped = metrics.lines()
                    .filter(line -> line.startsWith("# HELP "))
                    .map(line -> line.substring("# HELP ".length()))
                    .toList();
            assertThat(helped)
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).matches("chat_\\w+ [A-Z].{15,}\\."))
                    .allSatisfy(line -> assertThat(line).matches("(?!\\w*_seconds).*|.* ?[Ss]econds .*"))
                    .allSatisfy(line -> assertThat(line).matches("(?!\\w*_bytes).*|.* Bytes .*"));
            assertThat(metrics.lines().filter(line -> line.startsWith("# TYPE ")))
                    .as("each metric has a text")
                    .hasSameSizeAs(helped);
        }
    }

    private static HttpResponse<String> get(String where) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create("http://" + where)).build(), BodyHandlers.ofString());
    }

    @Test
    void overTlsOurOwnClientIsServedToo() throws Exception {
        try (JvmProcess server = Program.start("--port", "0", "--tls-self-signed");
                JvmProcess client = Program.start("client", "--tls-insecure", "127.0.0.1:" + server.readPort())) {
            client.write("login anna\nsay 你好\nlook\n");
            client.closeInput();
            assertThat(client.outputLines())
                    .containsExactly("Welcome to TestChat", "anna : 你好", "The following are in the room:", "anna");
            assertThat(client.exitCode()).isZero();
            assertThat(client.errorLines()).isEmpty();
        }
    }

    @Test
    void clientThatReadsNothingIsClosedAfterTheWriteTimeout() throws Exception {
        String[] flags = {"--port", "0", "--metrics", "0", "--write-timeout", "500ms", "--max-queue", "0", "--rate", "0"
        };
        try (JvmProcess server = Program.start(flags)) {
            int port = server.readPort();
            String metrics = server.readLine().substring("metrics on ".length()) + "/metrics";
            try (Socket stalled = new Socket(InetAddress.getLoopbackAddress(), port);
                    Socket anna = new Socket(InetAddress.getLoopbackAddress(), port);
                    BufferedReader heard = new BufferedReader(new InputStreamReader(anna.getInputStream(), UTF_8))) {
                stalled.getOutputStream().write("login stalled\nsay hi\n".getBytes(UTF_8));
                assertThat(stalled.getInputStream().readNBytes("Welcome to TestChat\nstalled : hi\n".length()))
                        .asString(UTF_8)
                        .endsWith("stalled : hi\n");
                anna.getOutputStream().write("login anna\n".getBytes(UTF_8));
                byte[] line = ("say " + "x".repeat(8_000) + "\n").getBytes(UTF_8);
                do { // until all buffers on the way to the client are full, and then until its time is over
                    anna.getOutputStream().write(line);
                } while (!heard.readLine().equals("stalled has left the room"));
                assertThat(get(metrics).body().lines()).contains("chat_refusals_total{reason=\"STALLED\"} 1.0");
            }
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no signals")
    void metricsAreServedUntilTheLastSessionHasEnded() throws Exception {
        String[] flags = {"--port", "0", "--metrics", "0", "--drain-timeout", "60s", "--max-queue", "0", "--rate", "0"};
        try (JvmProcess server = Program.start(flags)) {
            InetSocketAddress chat = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.readPort());
            String metrics = server.readLine().substring("metrics on ".length()) + "/metrics";
            try (Socket slow = new Socket();
                    Socket anna = new Socket(chat.getAddress(), chat.getPort());
                    BufferedReader heard = new BufferedReader(new InputStreamReader(anna.getInputStream(), UTF_8))) {
                slow.setReceiveBufferSize(4_096);
                slow.connect(chat);
                slow.getOutputStream().write("login slow\nsay hi\n".getBytes(UTF_8));
                assertThat(slow.getInputStream().readNBytes("Welcome to TestChat\nslow : hi\n".length()))
                        .hasSize(30);
                anna.getOutputStream().write("login anna\n".getBytes(UTF_8));
                byte[] line = ("say " + "x".repeat(8_000) + "\n").getBytes(UTF_8);
                do { // until all buffers on the way to the slow client are full
                    anna.getOutputStream().write(line);
                    heard.readLine();
                } while (get(metrics).body().lines().anyMatch("chat_queue_bytes 0.0"::equals));

                server.signal("TERM");

                assertThat(heard.lines().reduce((before, last) -> last)).hasValue("The server is closing. Good bye.");
                assertThat(get(metrics).statusCode()).isEqualTo(200);
            }
            assertThat(server.exitCode()).isZero();
        }
    }

    @Test
    void firstLineHasTheAddress() throws Exception {
        try (JvmProcess server = Program.start("--port", "0")) {
            assertThat(server.readLine()).matches("listening on 127\\.0\\.0\\.1:\\d+");
        }
    }

    @Test
    void busyPortIsOneClearLine() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                JvmProcess server = Program.start("--port", "" + other.getLocalPort())) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.errorLines())
                    .containsExactly("chat: 127.0.0.1:" + other.getLocalPort() + ": Address already in use");
            assertThat(server.outputLines()).isEmpty();
        }
    }

    @Test
    void environmentVariablesStandForFlags() throws Exception {
        Map<String, String> environment = Map.of("CHAT_PORT", "0", "CHAT_NAME", "Ours", "CHAT_IDLE_TIMEOUT", "200ms");
        try (JvmProcess server = Program.start(environment);
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.readPort())) {
            assertThat(silent.getInputStream().readAllBytes())
                    .asString(UTF_8)
                    .isEqualTo("Welcome to Ours\nNothing was heard of you for too long.\n");
        }
    }

    @Test
    void loadBalancersHeaderComesBeforeTheFirstLine() throws Exception {
        try (JvmProcess server = Program.start("--port", "0", "--proxy-protocol", "127.0.0.1");
                Socket anna = new Socket(InetAddress.getLoopbackAddress(), server.readPort())) {
            anna.getOutputStream()
                    .write("PROXY TCP4 192.0.2.7 192.0.2.1 4711 5005\r\nlogin anna\nlogout\n".getBytes(UTF_8));
            assertThat(anna.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("Welcome to TestChat\n");
        }
    }

    @Test
    void connectionWithoutTheLoadBalancersHeaderIsCounted() throws Exception {
        try (JvmProcess server = Program.start("--port", "0", "--metrics", "0", "--proxy-protocol", "127.0.0.1")) {
            try (SocketPeer anna = SocketPeer.connect(server.readPort())) {
                anna.send("GET / HTTP/1.1\r\n\r\n");
                anna.readAll(); // until it is closed
            }
            assertThat(get("127.0.0.1:" + server.readPort() + "/metrics").body().lines())
                    .contains("chat_refusals_total{reason=\"PROXY_HEADER_WRONG\"} 1.0");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--prot 0, Unknown options",
        "--port many, Invalid value for option '--port'",
        "--port 65536, Invalid value for option '--port': '65536' (expected: a number from 0 to 65535)",
        "--rate -1, Invalid value for option '--rate': '-1' (expected: a number from 0 to 2147483647)",
        "--max-line 0, Invalid value for option '--max-line': '0' (expected: a number from 1 to 2147483647)",
        "--idle-timeout soon, expected: such as 500ms",
        "--tls-cert x.pem, --tls-cert",
    })
    void badFlagsAreAnsweredWithTheUsage(String flags, String complaint) throws Exception {
        try (JvmProcess server = Program.start(flags.split(" "))) {
            assertThat(server.exitCode()).isEqualTo(2);
            assertThat(String.join("\n", server.errorLines())).contains(complaint, "Usage: chat");
            assertThat(server.outputLines()).isEmpty();
        }
    }
}
