package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asynchat.cookbook.RealClient;
import io.asynchat.testkit.NoLeaks;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenSSL's {@code s_client} with each version of TLS, as a client that shares no code with the server. */
@ExtendWith(NoLeaks.class)
class TlsOpenSslTest {

    @TempDir
    static Path folder;

    private static Tls tls;

    private final List<String> events = new CopyOnWriteArrayList<>();
    private AsyncChatServer server;

    @BeforeAll
    static void makeAKey() throws Exception {
        tls = new Tls(folder);
    }

    @BeforeEach
    void serve() throws Exception {
        server = AsyncChatServer.builder(() -> new RecordingEchoHandler(events))
                .ssl(tls.server())
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Process openssl(String version, String... more) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("openssl", "s_client", "-connect", "127.0.0.1:" + server.port(), "-" + version));
        command.addAll(List.of(more));
        return RealClient.start(command.toArray(String[]::new));
    }

    /** Sends a line, waits for the answer, and ends the input of the program, which then ends the connection by close_notify. */
    private static List<String> talk(Process client, String line) throws IOException, InterruptedException {
        List<String> output = new ArrayList<>();
        try (BufferedReader lines = client.inputReader(US_ASCII)) {
            OutputStream in = client.getOutputStream();
            in.write((line + "\n").getBytes(US_ASCII));
            in.flush();
            for (String next = lines.readLine(); next != null; next = lines.readLine()) {
                output.add(next);
                if (next.equals(line)) {
                    in.close();
                }
            }
        }
        assertThat(client.waitFor()).as("exit code, after %s", output).isZero();
        return output;
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls1_2", "tls1_3"})
    void clientIsAnsweredAndItsEndIsReportedOnce(String version) throws Exception {
        List<String> output = talk(openssl(version, "-quiet", "-no_ign_eof"), "hello");

        assertThat(output).contains("hello");
        await().untilAsserted(() -> assertThat(events).containsExactly("connect", "hello", "end", "close"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls1_2", "tls1_3"})
    void clientResumesItsSession(String version) throws Exception {
        Path session = folder.resolve(version + ".session");
        talk(openssl(version, "-sess_out", session.toString()), "one");
        assertThat(Files.size(session)).isPositive();

        List<String> output = talk(openssl(version, "-sess_in", session.toString()), "two");

        assertThat(output).anyMatch(line -> line.startsWith("Reused, TLSv1."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-noservername", "-servername=other.example"})
    void clientWithAnyServerNameIsAnswered(String option) throws Exception {
        List<String> output = talk(openssl("tls1_3", option.split("=", -1)), "hello");

        assertThat(output).contains("hello");
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4_096})
    void clientWithSmallRecordsIsAnswered(int octets) throws Exception {
        String line = "x".repeat(10_000);

        assertThat(talk(openssl("tls1_3", "-quiet", "-no_ign_eof", "-max_send_frag", "" + octets), line))
                .contains(line);
    }
}
