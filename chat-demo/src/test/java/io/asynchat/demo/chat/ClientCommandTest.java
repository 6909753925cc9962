package io.asynchat.demo.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.AsyncChatHandler;
import io.asynchat.AsyncChatServer;
import io.asynchat.Terminator;
import io.asynchat.testkit.JvmProcess;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.SelfSignedCertificate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program between pipes. */
class ClientCommandTest {
    private static final InetSocketAddress ANY = new InetSocketAddress("localhost", 0);

    /** Greets, and says each line back; "bye" is taken for an offence. */
    private static final class Echo extends AsyncChatHandler {
        Echo() {
            setTerminator(Terminator.LF);
        }

        @Override
        protected void handleConnect() {
            push("Welcome\n", UTF_8);
        }

        @Override
        protected void foundTerminator() {
            String line = takeText(UTF_8);
            if (line.equals("bye")) {
                closeWhenDone();
            } else {
                push("you : " + line + "\n", UTF_8);
            }
        }
    }

    @Test
    void whenItsInputEndsItWaitsForTheLastAnswer() throws Exception {
        List<String> lines = IntStream.range(0, 3_000).mapToObj(i -> "你好 " + i).toList();
        try (AsyncChatServer server = AsyncChatServer.bind(ANY, Echo::new);
                JvmProcess client = Program.start("client", address(server))) {
            client.write(String.join("\n", lines)); // the last without an end
            client.closeInput();
            assertThat(client.readLine()).isEqualTo("Welcome");
            assertThat(client.outputLines())
                    .isEqualTo(lines.stream().map("you : "::concat).toList());
            assertThat(client.exitCode()).isZero();
            assertThat(client.errorLines()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"--tls-trust, localhost", "--tls-insecure, 127.0.0.1"})
    @SuppressWarnings("deprecation") // SelfSignedCertificate's successor is a module of its own
    void overTlsItWaitsForTheLastAnswerToo(String flag, String host) throws Exception {
        SelfSignedCertificate made = new SelfSignedCertificate("localhost");
        String trust = flag.equals("--tls-trust") ? flag + "=" + made.certificate() : flag;
        try (AsyncChatServer server = AsyncChatServer.builder(Echo::new)
                        .ssl(SslContextBuilder.forServer(made.certificate(), made.privateKey())
                                .build())
                        .bind(ANY);
                JvmProcess client = Program.start("client", trust, host + ":" + server.port())) {
            client.write("one\ntwo\n");
            client.closeInput();
            assertThat(client.outputLines()).containsExactly("Welcome", "you : one", "you : two");
            assertThat(client.exitCode()).isZero();
            assertThat(client.errorLines()).isEmpty();
        } finally {
            made.delete();
        }
    }

    @Test
    @SuppressWarnings("deprecation")
    void certificateThatIsNotTrustedIsOneClearLine() throws Exception {
        SelfSignedCertificate made = new SelfSignedCertificate("localhost");
        try (AsyncChatServer server = AsyncChatServer.builder(Echo::new)
                        .ssl(SslContextBuilder.forServer(made.certificate(), made.privateKey())
                                .build())
                        .bind(ANY);
                JvmProcess client = Program.start("client", "--tls", address(server))) {
            assertThat(client.exitCode()).isEqualTo(1);
            assertThat(client.errorLines())
                    .singleElement()
                    .asString()
                    .startsWith("client: " + address(server) + ": TLS: ");
        } finally {
            made.delete();
        }
    }

    @Test
    void lostServerIsOneClearLineIfThatIsTheEnd() throws Exception {
        try (AsyncChatServer server = AsyncChatServer.bind(ANY, Echo::new);
                JvmProcess client =
                        Program.start(Map.of("CHAT_CLIENT_NO_RECONNECT", "true"), "client", address(server))) {
            assertThat(client.readLine()).isEqualTo("Welcome");
            client.write("bye\n");
            assertThat(client.exitCode()).isEqualTo(1);
            assertThat(client.errorLines())
                    .containsExactly("client: " + address(server) + ": the server has closed the connection");
        }
    }

    @Test
    void outputThatNobodyReadsEndsIt() throws Exception {
        try (AsyncChatServer server = AsyncChatServer.bind(ANY, Echo::new);
                JvmProcess client = Program.start("client", address(server))) {
            assertThat(client.readLine()).isEqualTo("Welcome");
            client.closeOutput();
            client.write("hello\n");
            assertThat(client.exitCode()).isEqualTo(1);
            assertThat(client.errorLines()).singleElement().asString().contains("standard output: Broken pipe");
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no such shell")
    void standardInputThatIsClosedSendsNothing() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$0\" \"$@\" <&-"));
            command.addAll(Program.command("client", "--no-reconnect", "127.0.0.1:" + server.getLocalPort()));
            Process client = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (Socket connection = server.accept()) {
                connection.getOutputStream().write("Welcome\n".getBytes(UTF_8));
                assertThat(connection.getInputStream().readAllBytes()).isEmpty();
            }
            assertThat(client.waitFor()).isZero();
        }
    }

    @Test
    void refusedConnectionIsOneClearLine() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        complains("127.0.0.1:" + port, "client: 127.0.0.1:" + port + ": Connection refused");
    }

    @ParameterizedTest
    @CsvSource({
        "nowhere.invalid:1, client: nowhere.invalid:1: unknown host",
        "127.0.0.1:chat, 'client: 127.0.0.1:chat: no address (expected: HOST:PORT, as 127.0.0.1:5005 or [::1]:5005)'",
        "--tls-trust=nowhere.pem, client: --tls-trust nowhere.pem: no such file",
    })
    void badAddressIsOneClearLine(String argument, String complaint) throws Exception {
        complains(argument, complaint);
    }

    private static void complains(String argument, String complaint) throws Exception {
        try (JvmProcess client = Program.start("client", argument)) {
            assertThat(client.exitCode()).isEqualTo(1);
            assertThat(client.errorLines()).containsExactly(complaint);
            assertThat(client.outputLines()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--palin, Unknown option: '--palin'",
        "one two, Unmatched argument",
        "--tls-insecure --tls-trust=x.pem, --tls-insecure: with --tls-trust (expected: one of them)",
    })
    void badFlagsAreAnsweredWithTheUsage(String flags, String complaint) throws Exception {
        try (JvmProcess client = Program.start(("client " + flags).split(" "))) {
            assertThat(client.exitCode()).isEqualTo(2);
            assertThat(String.join("\n", client.errorLines())).contains(complaint, "Usage: chat client");
            assertThat(client.outputLines()).isEmpty();
        }
    }

    @Test
    void helpTellsTheFlags() throws Exception {
        try (JvmProcess client = Program.start("client", "--help")) {
            assertThat(client.exitCode()).isZero();
            assertThat(String.join("\n", client.outputLines()))
                    .contains("HOST:PORT", "--plain", "--no-reconnect", "--tls", "CHAT_CLIENT_PLAIN", "NO_COLOR");
            assertThat(client.errorLines()).isEmpty();
        }
    }

    private static String address(AsyncChatServer server) {
        return "localhost:" + server.port();
    }
}
