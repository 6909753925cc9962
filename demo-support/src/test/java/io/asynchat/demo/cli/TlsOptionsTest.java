package io.asynchat.demo.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.AsyncChatHandler;
import io.asynchat.AsyncChatServer;
import io.asynchat.Terminator;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The TLS that a server with these options negotiates with the JDK's client, and the messages about its files. */
class TlsOptionsTest {
    @TempDir
    static Path certificates; // made once, as keytool takes a second for each

    private static final Map<String, Pair> PAIRS = new HashMap<>();

    @TempDir
    Path folder;

    /** Sends each line back. */
    private static final class Echo extends AsyncChatHandler {
        Echo() {
            setTerminator(Terminator.LF);
        }

        @Override
        protected void foundTerminator() {
            push(takeText(US_ASCII) + "\n", US_ASCII);
        }
    }

    @Command(name = "echo")
    private static final class Program implements Callable<Integer> {
        @Mixin
        private final ServerOptions options = new ServerOptions();

        @Override
        public Integer call() {
            return 0;
        }
    }

    private record Pair(Path certificate, Path key) {
        String[] flags() {
            return new String[] {"--tls-cert", certificate.toString(), "--tls-key", key.toString()};
        }
    }

    @ParameterizedTest
    @CsvSource({"RSA, TLSv1.3", "RSA, TLSv1.2", "EC, TLSv1.3", "EC, TLSv1.2", "Ed25519, TLSv1.3"})
    void certificateAndKeyAreReadFromPem(String algorithm, String protocol) throws Exception {
        try (AsyncChatServer server = server(pair(algorithm).flags());
                SSLSocket socket = socket(server)) {
            socket.setEnabledProtocols(new String[] {protocol});
            assertThat(echo(socket)).isEqualTo("hello");
        }
    }

    @Test
    void tls13IsPreferred() throws Exception {
        try (AsyncChatServer server = server("--tls-self-signed");
                SSLSocket socket = socket(server)) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2", "TLSv1.3"});
            assertThat(echo(socket)).isEqualTo("hello");
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TLS_RSA_WITH_AES_128_GCM_SHA256", // no forward secrecy
                "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
                "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
            })
    void suiteWithoutForwardSecrecyOrAuthenticationIsRefused(String suite) throws Exception {
        try (AsyncChatServer server = server("--tls-self-signed");
                SSLSocket socket = socket(server)) {
            socket.setEnabledCipherSuites(new String[] {suite});
            assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void clientCannotRenegotiate() throws Exception {
        try (AsyncChatServer server = server("--tls-self-signed");
                SSLSocket socket = socket(server)) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            assertThat(echo(socket)).isEqualTo("hello");
            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        echo(socket);
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void missingFileIsNamedWithItsFlag() throws Exception {
        Pair pair = pair("EC");
        String missing = folder.resolve("missing.pem").toString();
        assertThatThrownBy(() -> server("--tls-cert", missing, "--tls-key", pair.key.toString()))
                .hasMessage("--tls-cert " + missing + ": no such file");
        assertThatThrownBy(() -> server("--tls-cert", pair.certificate.toString(), "--tls-key", missing))
                .hasMessage("--tls-key " + missing + ": no such file");
    }

    @Test
    void fileOfAnotherKindIsNamedWithItsFlag() throws Exception {
        Pair pair = pair("EC");
        Path text = Files.writeString(folder.resolve("text"), "-----BEGIN NOTHING-----\n");
        assertThatThrownBy(() -> server(new Pair(text, pair.key).flags()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("--tls-cert " + text + ": no");
        assertThatThrownBy(() -> server(new Pair(pair.key, pair.key).flags()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("--tls-cert " + pair.key + ": no");
        assertThatThrownBy(() -> server(new Pair(pair.certificate, pair.certificate).flags()))
                .hasMessage("--tls-key " + pair.certificate
                        + ": no private key in it (expected: -----BEGIN PRIVATE KEY-----)");
        Path broken = Files.writeString(
                folder.resolve("broken"),
                Files.readString(pair.certificate).replace("M", "").replace("A", ""));
        assertThatThrownBy(() -> server(new Pair(broken, pair.key).flags()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("--tls-cert " + broken + ": not a certificate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"})
    void formOfAKeyThatIsNotSupportedIsNamed(String form) throws Exception {
        Pair pair = pair("EC");
        Path other = Files.writeString(
                folder.resolve("other.pem"), Files.readString(pair.key).replace("PRIVATE KEY", form));
        assertThatThrownBy(() -> server(new Pair(pair.certificate, other).flags()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("--tls-key " + other)
                .hasMessageContaining(form + " (expected: PKCS#8");
    }

    @ParameterizedTest
    @CsvSource({"EC, EC", "RSA, RSA", "Ed25519, Ed25519", "EC, RSA", "RSA, EC"})
    void keyOfAnotherCertificateIsRefused(String certificate, String key) throws Exception {
        Pair mixed = new Pair(pair(certificate).certificate, anotherPair(key).key);
        assertThatThrownBy(() -> server(mixed.flags()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("--tls-key " + mixed.key + ": not ");
    }

    private static AsyncChatServer server(String... flags) throws IOException {
        Program program = new Program();
        CommandLines.of(program, "ECHO").parseArgs(flags);
        return program.options
                .applyTo(AsyncChatServer.builder(Echo::new))
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private static SSLSocket socket(AsyncChatServer server) throws Exception {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        SSLSocket socket =
                (SSLSocket) trusting.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(60_000);
        return socket;
    }

    private static String echo(SSLSocket socket) throws IOException {
        socket.getOutputStream().write("hello\n".getBytes(US_ASCII));
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)).readLine();
    }

    /** Returns a certificate that signs itself, and its key. */
    private static Pair pair(String algorithm) throws Exception {
        return pair(algorithm, "one");
    }

    private static Pair anotherPair(String algorithm) throws Exception {
        return pair(algorithm, "another");
    }

    private static Pair pair(String algorithm, String name) throws Exception {
        Pair pair = PAIRS.get(algorithm + name);
        if (pair == null) {
            pair = makePair(algorithm);
            PAIRS.put(algorithm + name, pair);
        }
        return pair;
    }

    private static Pair makePair(String algorithm) throws Exception {
        Path store = Files.createTempDirectory(certificates, algorithm).resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-J-XX:TieredStopAtLevel=1", // most of its life is its start
                        "-genkeypair",
                        "-keyalg",
                        algorithm,
                        "-dname",
                        "CN=localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "secret",
                        "-alias",
                        "a",
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), US_ASCII);
        assertThat(keytool.waitFor()).as(output).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "secret".toCharArray());
        byte[] key =
                Objects.requireNonNull(keys.getKey("a", "secret".toCharArray())).getEncoded();
        return new Pair(
                pem(store, "CERTIFICATE", keys.getCertificate("a").getEncoded()), pem(store, "PRIVATE KEY", key));
    }

    private static Path pem(Path store, String what, byte[] der) throws IOException {
        return Files.writeString(
                store.resolveSibling(what + ".pem"),
                "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + what
                        + "-----\n");
    }
}
