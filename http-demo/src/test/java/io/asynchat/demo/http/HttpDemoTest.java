package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asynchat.testkit.JvmProcess;
import io.asynchat.testkit.SocketPeer;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The program from outside: its flags, its first line, its exit codes, TLS, and the log. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class HttpDemoTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    @Test
    void serverShowsTheFormAndLogsEachRequest() throws Exception {
        Path log = folder.resolve("access.log");
        try (JvmProcess demo = Program.start("--port", "0", "--access-log", log.toString())) {
            try (SocketPeer peer = SocketPeer.connect(demo.readPort())) {
                peer.send(GET);
                assertThat(RawResponse.read(peer).body()).contains("<form method=\"post\" action=\"/\">");
                peer.send("GET /no HTTP/1.0\r\nUser-Agent: a\"b\r\n\r\n");
                assertThat(RawResponse.read(peer).status()).isEqualTo(404);
                assertThat(peer.isAtEnd()).isTrue();
            }
            demo.signal("TERM");
            assertThat(demo.exitCode()).isZero();
        }
        assertThat(Files.readAllLines(log))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .matches("127\\.0\\.0\\.1 - - \\[.{26}] \"GET / HTTP/1.1\" 200 \\d+ \"-\" \"-\""),
                        line -> assertThat(line).endsWith("\"GET /no HTTP/1.0\" 404 265 \"-\" \"a\\\"b\""));
    }

    @Test
    void fileIsSentWholeOverASocket() throws Exception {
        byte[] content = new byte[3_000_000];
        new Random(1).nextBytes(content);
        Files.write(folder.resolve("big"), content);
        try (JvmProcess demo = Program.start("--port", "0", "--access-log", "off", "--root", folder.toString());
                SocketPeer peer = SocketPeer.connect(demo.readPort())) {
            peer.send("GET /files/big HTTP/1.1\r\nHost: h\r\n\r\n" + GET);
            assertThat(RawResponse.read(peer).body()).isEqualTo(new String(content, ISO_8859_1));
            assertThat(RawResponse.read(peer).status()).isEqualTo(200);
            peer.send("GET /files/big HTTP/1.1\r\nHost: h\r\nRange: bytes=-3\r\n\r\n");
            assertThat(RawResponse.read(peer).body()).isEqualTo(new String(content, content.length - 3, 3, ISO_8859_1));
        }
    }

    /** The JDK decodes file names by the locale, and that of a service is often "C". */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no such locale")
    void filesOfAnyNameAreServedInTheLocaleC() throws Exception {
        Process made = new ProcessBuilder("sh", "-c", "printf hello > \"$(printf 'caf\\303\\251 \\377.txt')\"")
                .directory(folder.toFile())
                .start();
        assertThat(made.waitFor()).isZero();
        try (JvmProcess demo = Program.builder()
                        .environment(Map.of("LC_ALL", "C"))
                        .start("--port", "0", "--access-log", "off", "--root", folder.toString());
                SocketPeer peer = SocketPeer.connect(demo.readPort())) {
            peer.send("GET /files/ HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(RawResponse.read(peer).body()).contains("<a href=\"./caf%C3%A9%20%FF.txt\">caf\u00c3\u00a9 ");
            peer.send("GET /files/caf%C3%A9%20%FF.txt HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(RawResponse.read(peer).body()).isEqualTo("hello");
        }
    }

    @Test
    void plainRequestToTheTlsPortIsLogged() throws Exception {
        try (JvmProcess demo = Program.start("--port", "0", "--tls-self-signed", "--access-log", "off")) {
            try (SocketPeer peer = SocketPeer.connect(demo.readPort())) {
                peer.send(GET);
                assertThat(peer.isAtEnd()).isTrue();
            }
            demo.signal("TERM");
            assertThat(demo.exitCode()).isZero();
            assertThat(demo.errorLines()).anyMatch(line -> line.endsWith(": PLAINTEXT_ON_TLS_PORT"));
        }
    }

    @Test
    void environmentVariablesAreOptionsToo() throws Exception {
        Map<String, String> environment = Map.of("HTTP_PORT", "0", "HTTP_MAX_BODY", "3", "HTTP_ACCESS_LOG", "off");
        try (JvmProcess demo = Program.builder().environment(environment).start();
                SocketPeer peer = SocketPeer.connect(demo.readPort())) {
            peer.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n");
            assertThat(RawResponse.read(peer).status()).isEqualTo(413);
        }
    }

    @Test
    void busyPortIsOneClearLine() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                JvmProcess demo = Program.start("--port", "" + other.getLocalPort())) {
            assertThat(demo.exitCode()).isEqualTo(1);
            assertThat(demo.errorLines())
                    .containsExactly("http: 127.0.0.1:" + other.getLocalPort() + ": Address already in use");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--port 70000",
                "--port x",
                "--max-head 0",
                "--max-body -1",
                "--idle-timeout 5",
                "--head-timeout 0s",
                "--max-per-address -1",
                "--event-loops -1",
                "--tls-cert only.pem",
                "--no-such-flag",
                "--proxy-protocol localhost",
                "--proxy-protocol 10.0.0.0/33",
            })
    void badOptionIsAUsageError(String options) {
        assertThat(execute(options)).isEqualTo(2);
        assertThat(err.toString().lines()).anyMatch(line -> line.startsWith("Usage: http "));
    }

    @ParameterizedTest
    @CsvSource({
        "--root /no/such/folder, --root /no/such/folder: no such folder",
        "--access-log /no/such/folder/log, --access-log /no/such/folder/log: no such folder",
        "--tls-cert a.pem --tls-key b.pem, --tls-cert a.pem: no such file",
    })
    void missingFileIsOneLineThatNamesTheOption(String options, String message) {
        assertThat(execute("--port 0 " + options)).isEqualTo(1);
        assertThat(err.toString().lines()).containsExactly("http: " + message);
    }

    /** Runs the command in this JVM, which takes less time; it does not get as far as to listen. */
    private int execute(String options) {
        return HttpDemo.commandLine().setErr(new PrintWriter(err, true)).execute(options.split(" ", -1));
    }

    /** As logrotate does it: the file is renamed, then the server is sent a signal. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no signals")
    void hangupReopensTheAccessLog() throws Exception {
        Path log = folder.resolve("access.log");
        Path rotated = folder.resolve("access.log.1");
        try (JvmProcess demo = Program.start("--port", "0", "--access-log", log.toString());
                SocketPeer peer = SocketPeer.connect(demo.readPort())) {
            peer.send("GET /one HTTP/1.1\r\nHost: h\r\n\r\n");
            RawResponse.read(peer);
            await().until(() -> Files.size(log) > 0);
            Files.move(log, rotated);
            demo.signal("HUP");
            await().until(() -> Files.exists(log));
            peer.send("GET /two HTTP/1.1\r\nHost: h\r\n\r\n");
            RawResponse.read(peer);
            demo.signal("TERM");
            assertThat(demo.exitCode()).isZero();
        }
        assertThat(Files.readString(rotated)).contains("GET /one").doesNotContain("GET /two");
        assertThat(Files.readString(log)).contains("GET /two").doesNotContain("GET /one");
    }

    @Test
    void loadBalancersHeaderNamesTheClientInFrontOfTls() throws Exception {
        Path log = folder.resolve("access.log");
        try (JvmProcess demo = Program.start(
                "--port=0", "--tls-self-signed", "--proxy-protocol=127.0.0.1,::1", "--access-log=" + log)) {
            int port = demo.readPort();
            try (SocketPeer peer = new SocketPeer(secure(proxied(port)))) {
                peer.send("GET / HTTP/1.0\r\n\r\n");
                assertThat(RawResponse.read(peer).status()).isEqualTo(200);
                assertThat(peer.isAtEnd()).isTrue();
            }
            demo.signal("TERM");
            assertThat(demo.exitCode()).isZero();
        }
        assertThat(Files.readAllLines(log))
                .singleElement()
                .asString()
                .matches("192\\.0\\.2\\.7 - - \\[.{26}] \"GET / HTTP/1.0\" 200 .*");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no signals")
    void clientWithoutTheLoadBalancersHeaderIsNotAnswered() throws Exception {
        try (JvmProcess demo = Program.start("--port=0", "--proxy-protocol=127.0.0.0/8", "--access-log=off")) {
            try (SocketPeer peer = SocketPeer.connect(demo.readPort())) {
                peer.send(GET);
                assertThat(peer.isAtEnd()).isTrue();
            }
            demo.signal("TERM"); // standard error can be read after it
            assertThat(demo.exitCode()).isZero();
            assertThat(demo.errorLines())
                    .filteredOn(line -> line.contains("PROXY_HEADER_WRONG"))
                    .hasSize(1);
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no signals")
    void headerOfAPeerThatIsNoLoadBalancerIsNotAccepted() throws Exception {
        try (JvmProcess demo =
                Program.start("--port=0", "--proxy-protocol=192.0.2.0/24,2001:db8::/32", "--access-log=off")) {
            try (SocketPeer peer = new SocketPeer(proxied(demo.readPort()))) {
                assertThat(peer.isAtEnd()).isTrue();
            }
            demo.signal("TERM"); // standard error can be read after it
            assertThat(demo.exitCode()).isZero();
            assertThat(demo.errorLines())
                    .filteredOn(line -> line.contains("PROXY_NOT_TRUSTED"))
                    .hasSize(1);
        }
    }

    @Test
    void limitPerAddressDoesNotApplyToLoadBalancers() throws Exception {
        try (JvmProcess demo =
                Program.start("--port=0", "--proxy-protocol=127.0.0.1", "--max-per-address=1", "--access-log=off")) {
            int port = demo.readPort();
            try (SocketPeer one = new SocketPeer(proxied(port));
                    SocketPeer two = new SocketPeer(proxied(port))) {
                for (SocketPeer peer : List.of(one, two)) {
                    peer.send(GET);
                    assertThat(RawResponse.read(peer).status()).isEqualTo(200);
                }
            }
        }
    }

    /** A connection on which the header of a load balancer has been sent. */
    private static Socket proxied(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream().write("PROXY TCP4 192.0.2.7 192.0.2.1 4711 443\r\n".getBytes(ISO_8859_1));
        return socket;
    }

    private static SocketPeer overTls(int port) throws IOException, GeneralSecurityException {
        return new SocketPeer(secure(new Socket(InetAddress.getLoopbackAddress(), port)));
    }

    private static Socket secure(Socket plain) throws IOException, GeneralSecurityException {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        return trusting.getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
    }

    @Test
    void filesAndFormsAreServedOverTls() throws Exception {
        byte[] content = new byte[300_000];
        new Random(2).nextBytes(content);
        Files.write(folder.resolve("big"), content);
        try (JvmProcess demo = Program.start("--port", "0", "--tls-self-signed", "--root", folder.toString());
                SocketPeer peer = overTls(demo.readPort())) {
            peer.send(GET + "GET /files/big HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            assertThat(RawResponse.read(peer).status()).isEqualTo(200);
            assertThat(RawResponse.read(peer).body()).isEqualTo(new String(content, ISO_8859_1));
            assertThat(peer.isAtEnd()).isTrue();
        }
    }

    @Test
    void certificateAndKeyAreReadFromPem() throws Exception {
        Path store = folder.resolve("keys.p12");
        run(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                "secret",
                "-alias",
                "a",
                "-keystore",
                store.toString());
        KeyStore keys = KeyStore.getInstance(store.toFile(), "secret".toCharArray());
        Path certificate = pem("CERTIFICATE", keys.getCertificate("a").getEncoded());
        Path key = pem("PRIVATE KEY", keys.getKey("a", "secret".toCharArray()).getEncoded());
        try (JvmProcess demo = Program.start(
                        "--port", "0", "--tls-cert", certificate.toString(), "--tls-key", key.toString());
                SocketPeer peer = overTls(demo.readPort())) {
            peer.send(GET);
            assertThat(RawResponse.read(peer).status()).isEqualTo(200);
        }
    }

    private Path pem(String what, byte[] der) throws IOException {
        String text = "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END "
                + what + "-----\n";
        return Files.writeString(folder.resolve(what + ".pem"), text);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    /** Standard error is a pipe that this test does not read: it is full after 64 KiB, some 600 requests. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has other pipes")
    void logWithoutAReaderDelaysNoRequest() throws Exception {
        try (JvmProcess demo = Program.start("--port", "0")) {
            askUntilThePipeIsFull(demo.readPort());
        }
    }

    private static void askUntilThePipeIsFull(int port) throws IOException {
        try (SocketPeer peer = SocketPeer.connect(port)) {
            for (int i = 0; i < 20; i++) {
                peer.send("GET /a-path-to-fill-the-pipe HTTP/1.1\r\nHost: h\r\n\r\n".repeat(500));
                for (int answer = 0; answer < 500; answer++) {
                    assertThat(RawResponse.read(peer).status()).isEqualTo(404);
                }
            }
            try (SocketPeer bad = SocketPeer.connect(port)) { // a refusal is logged too
                bad.send("BAD\r\n\r\n");
                assertThat(RawResponse.read(bad).status()).isEqualTo(400);
            }
            peer.send(GET);
            assertThat(RawResponse.read(peer).status()).isEqualTo(200);
        }
    }
}
