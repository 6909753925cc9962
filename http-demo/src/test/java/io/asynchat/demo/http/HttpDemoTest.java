package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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

    @TempDir
    Path folder;

    @Test
    void theFormIsThereAndEachRequestIsLogged() throws Exception {
        Path log = folder.resolve("access.log");
        try (Demo demo = Demo.start("--port", "0", "--access-log", log.toString())) {
            try (Peer peer = new Peer(demo.port())) {
                peer.send(GET);
                assertThat(peer.reply().body()).contains("<form method=\"post\" action=\"/\">");
                peer.send("GET /no HTTP/1.0\r\nUser-Agent: a\"b\r\n\r\n");
                assertThat(peer.reply().status()).isEqualTo(404);
                assertThat(peer.isAtEnd()).isTrue();
            }
            demo.terminate();
            assertThat(demo.exit()).isZero();
        }
        assertThat(Files.readAllLines(log))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .matches("127\\.0\\.0\\.1 - - \\[.{26}] \"GET / HTTP/1.1\" 200 \\d+ \"-\" \"-\""),
                        line -> assertThat(line).endsWith("\"GET /no HTTP/1.0\" 404 265 \"-\" \"a\\\"b\""));
    }

    @Test
    void aFileGoesOutWholeOverASocket() throws Exception {
        byte[] content = new byte[3_000_000];
        new Random(1).nextBytes(content);
        Files.write(folder.resolve("big"), content);
        try (Demo demo = Demo.start("--port", "0", "--access-log", "off", "--root", folder.toString());
                Peer peer = new Peer(demo.port())) {
            peer.send("GET /files/big HTTP/1.1\r\nHost: h\r\n\r\n" + GET);
            assertThat(peer.reply().body()).isEqualTo(new String(content, ISO_8859_1));
            assertThat(peer.reply().status()).isEqualTo(200);
            peer.send("GET /files/big HTTP/1.1\r\nHost: h\r\nRange: bytes=-3\r\n\r\n");
            assertThat(peer.reply().body()).isEqualTo(new String(content, content.length - 3, 3, ISO_8859_1));
        }
    }

    /** The JDK decodes file names by the locale, and that of a service is often "C". */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no such locale")
    void filesOfAnyNameAreServedInTheLocaleC() throws Exception {
        Process made = new ProcessBuilder("sh", "-c", "printf hello > \"$(printf 'caf\\303\\251 \\377.txt')\"")
                .directory(folder.toFile())
                .start();
        assertThat(made.waitFor()).isZero();
        try (Demo demo = Demo.start(
                        List.of(),
                        Map.of("LC_ALL", "C"),
                        "--port",
                        "0",
                        "--access-log",
                        "off",
                        "--root",
                        folder.toString());
                Peer peer = new Peer(demo.port())) {
            peer.send("GET /files/ HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(peer.reply().body()).contains("<a href=\"./caf%C3%A9%20%FF.txt\">caf\u00c3\u00a9 ");
            peer.send("GET /files/caf%C3%A9%20%FF.txt HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(peer.reply().body()).isEqualTo("hello");
        }
    }

    @Test
    void plainRequestToTheTlsPortIsLogged() throws Exception {
        try (Demo demo = Demo.start("--port", "0", "--tls-self-signed", "--access-log", "off")) {
            try (Peer peer = new Peer(demo.port())) {
                peer.send(GET);
                assertThat(peer.isAtEnd()).isTrue();
            }
            demo.signal("TERM");
            assertThat(demo.exit()).isZero();
            assertThat(demo.err()).anyMatch(line -> line.endsWith(": PLAINTEXT_ON_TLS_PORT"));
        }
    }

    @Test
    void flagsAreEnvironmentVariablesToo() throws Exception {
        Map<String, String> environment = Map.of("HTTP_PORT", "0", "HTTP_MAX_BODY", "3", "HTTP_ACCESS_LOG", "off");
        try (Demo demo = Demo.start(List.of(), environment);
                Peer peer = new Peer(demo.port())) {
            peer.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n");
            assertThat(peer.reply().status()).isEqualTo(413);
        }
    }

    @Test
    void aBusyPortIsOneClearLine() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Demo demo = Demo.start("--port", "" + other.getLocalPort())) {
            assertThat(demo.exit()).isEqualTo(1);
            assertThat(demo.err())
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
            })
    void aBadFlagIsAUsageError(String flags) throws Exception {
        try (Demo demo = Demo.start(flags.split(" ", -1))) {
            assertThat(demo.exit()).isEqualTo(2);
            assertThat(demo.err()).anyMatch(line -> line.startsWith("Usage: http "));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--root /no/such/folder, --root /no/such/folder: no such folder",
        "--access-log /no/such/folder/log, --access-log /no/such/folder/log: no such folder",
        "--tls-cert a.pem --tls-key b.pem, --tls-cert a.pem: no such file",
    })
    void whatIsNotThereIsOneLineThatNamesTheFlag(String flags, String message) throws Exception {
        try (Demo demo = Demo.start(("--port 0 " + flags).split(" ", -1))) {
            assertThat(demo.exit()).isEqualTo(1);
            assertThat(demo.err()).containsExactly("http: " + message);
        }
    }

    private static Peer overTls(int port) throws IOException, GeneralSecurityException {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        return new Peer(trusting.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port));
    }

    @Test
    void filesAndFormsGoOverTls() throws Exception {
        byte[] content = new byte[300_000];
        new Random(2).nextBytes(content);
        Files.write(folder.resolve("big"), content);
        try (Demo demo = Demo.start("--port", "0", "--tls-self-signed", "--root", folder.toString());
                Peer peer = overTls(demo.port())) {
            peer.send(GET + "GET /files/big HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            assertThat(peer.reply().status()).isEqualTo(200);
            assertThat(peer.reply().body()).isEqualTo(new String(content, ISO_8859_1));
            assertThat(peer.isAtEnd()).isTrue();
        }
    }

    @Test
    void aCertificateAndItsKeyAreReadFromPem() throws Exception {
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
        try (Demo demo = Demo.start("--port", "0", "--tls-cert", certificate.toString(), "--tls-key", key.toString());
                Peer peer = overTls(demo.port())) {
            peer.send(GET);
            assertThat(peer.reply().status()).isEqualTo(200);
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
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has other pipes")
    void aLogThatNobodyReadsKeepsNobodyWaiting() throws Exception {
        try (Demo demo = Demo.start("--port", "0")) {
            askUntilThePipeIsFull(demo.port());
        }
    }

    private static void askUntilThePipeIsFull(int port) throws IOException {
        try (Peer peer = new Peer(port)) {
            for (int i = 0; i < 20; i++) {
                peer.send("GET /a-path-to-fill-the-pipe HTTP/1.1\r\nHost: h\r\n\r\n".repeat(500));
                for (int answer = 0; answer < 500; answer++) {
                    assertThat(peer.reply().status()).isEqualTo(404);
                }
            }
            try (Peer bad = new Peer(port)) { // a refusal is logged too
                bad.send("BAD\r\n\r\n");
                assertThat(bad.reply().status()).isEqualTo(400);
            }
            peer.send(GET);
            assertThat(peer.reply().status()).isEqualTo(200);
        }
    }
}
