package io.asynchat.demo.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asynchat.testkit.JvmProcess;
import io.asynchat.testkit.SocketPeer;
import io.netty.handler.ssl.util.SelfSignedCertificate;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Servers of a cluster, as users start and end them. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no signals")
class ClusterProgramTest {
    private static final Duration LONG = Duration.ofMinutes(1); // only a broken chat takes that long
    private static final String CLOSING = "The server is closing. Good bye.";

    @TempDir
    Path folder;

    private RedisServer redis;

    @AfterEach
    void close() {
        if (redis != null) {
            redis.close();
        }
    }

    private JvmProcess node(Map<String, String> environment, String url) throws IOException {
        return Program.start(environment, "--port", "0", "--metrics", "0", "--cluster", url);
    }

    private static InetSocketAddress address(JvmProcess node, String what) throws IOException {
        int port = Integer.parseInt(node.awaitLine(what + " on .*:(\\d+)").group(1));
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static SocketPeer login(InetSocketAddress server, String name) throws IOException {
        SocketPeer peer = SocketPeer.connect(server).timeout(LONG);
        peer.send("login " + name + "\nsay in\n");
        awaitLine(peer, name + " : in");
        return peer;
    }

    private static void awaitLine(SocketPeer peer, String expected) throws IOException {
        for (String line = peer.readLine(); !line.equals(expected); line = peer.readLine()) {
            // others come before it
        }
    }

    // ---- health

    @Test
    void healthFailsWhileNoHeartbeatComesBackAndIsWellAgainAfterwards() throws Exception {
        redis = RedisServer.start(folder);
        try (JvmProcess node = node(Map.of(), redis.url())) {
            HttpRequest health = HttpRequest.newBuilder(URI.create(
                            "http://127.0.0.1:" + address(node, "metrics").getPort() + "/healthz"))
                    .build();
            HttpClient client = HttpClient.newHttpClient();
            await().atMost(LONG)
                    .until(() -> client.send(health, BodyHandlers.ofString()).statusCode() == 200);
            redis.signal("STOP");
            await().atMost(LONG)
                    .until(() -> client.send(health, BodyHandlers.ofString()).statusCode() == 503);
            assertThat(client.send(health, BodyHandlers.ofString()).body())
                    .isEqualTo("no event has come through for 4 s\n");
            redis.signal("CONT");
            await().atMost(LONG)
                    .until(() -> client.send(health, BodyHandlers.ofString()).statusCode() == 200);
        }
    }

    // ---- the end

    @Test
    void signalEndsANodeAfterItsLinesAndTheOthersSeeItsUsersLeaveInOrder() throws Exception {
        redis = RedisServer.start(folder);
        try (JvmProcess ending = node(Map.of(), redis.url());
                JvmProcess other = node(Map.of(), redis.url())) {
            InetSocketAddress port = address(ending, "listening");
            SocketPeer bob = login(address(other, "listening"), "bob");
            SocketPeer ann = login(port, "ann");
            SocketPeer cat = login(port, "cat");
            awaitLine(bob, "cat : in");
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < 300; i++) {
                lines.append("say ").append(i).append('\n');
            }
            ann.send(lines.toString());
            ending.signal("TERM");
            for (int i = 0; i < 300; i++) {
                assertThat(bob.readLine()).isEqualTo("ann : " + i);
            }
            assertThat(bob.readLine()).isEqualTo("ann has left the room");
            assertThat(bob.readLine()).isEqualTo("cat has left the room");
            awaitLine(ann, "ann : 299");
            assertThat(ann.readLine()).isEqualTo(CLOSING);
            awaitLine(cat, CLOSING);
            assertThat(ending.exitCode()).isZero();
            assertThat(redis.command("XREVRANGE {chat}:log + - COUNT 40"))
                    .as("an entry of version 1 and the kind that ends a node")
                    .contains("\u0001\u0003");
        }
    }

    // ---- TLS

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    /** A Redis that takes TLS on a port of its own. */
    @SuppressWarnings("deprecation") // SelfSignedCertificate's successor is a module of its own
    private String startWithTls(SelfSignedCertificate made) throws IOException {
        int port = freePort();
        redis = RedisServer.start(
                folder,
                "--tls-port",
                "" + port,
                "--tls-cert-file",
                made.certificate().getPath(),
                "--tls-key-file",
                made.privateKey().getPath(),
                "--tls-auth-clients",
                "no");
        return "rediss://localhost:" + port;
    }

    @Test
    @SuppressWarnings("deprecation") // SelfSignedCertificate's successor is a module of its own
    void redisIsReachedByTlsIfTheJvmTrustsItsCertificate() throws Exception {
        SelfSignedCertificate made = new SelfSignedCertificate("localhost");
        String url = startWithTls(made);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("redis", made.cert());
        Path file = folder.resolve("trusted.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            trusted.store(out, "changeit".toCharArray());
        }
        String options = "-Djavax.net.ssl.trustStore=" + file + " -Djavax.net.ssl.trustStorePassword=changeit";
        try (JvmProcess node = node(Map.of("JAVA_TOOL_OPTIONS", options), url)) {
            login(address(node, "listening"), "ann").close();
        } finally {
            made.delete();
        }
    }

    @Test
    @SuppressWarnings("deprecation") // SelfSignedCertificate's successor is a module of its own
    void certificateThatIsNotTrustedFailsTheStartWithOneLineThatSaysSo() throws Exception {
        SelfSignedCertificate made = new SelfSignedCertificate("localhost");
        String url = startWithTls(made);
        try (JvmProcess node = node(Map.of(), url)) {
            assertThat(node.exitCode()).isEqualTo(1);
            assertThat(node.errorLines().stream().filter(line -> line.startsWith("chat: ")))
                    .singleElement()
                    .asString()
                    .startsWith("chat: --cluster " + url + ": ")
                    .contains("unable to find valid certification path");
        } finally {
            made.delete();
        }
    }
}
