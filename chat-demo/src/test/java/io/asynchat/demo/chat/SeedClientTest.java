package io.asynchat.demo.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.asynchat.AsyncChatServer;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** The seed's own Linux client, cut out of the tutorial and run unchanged: {@code ASYNCHAT_SEED} is that file. */
@Tag("proof")
@EnabledIfEnvironmentVariable(named = "ASYNCHAT_SEED", matches = ".+", disabledReason = "the tutorial is not ours to ship")
class SeedClientTest {
    private static final Pattern BLOCK = Pattern.compile("```\\n(.*?)```", Pattern.DOTALL);

    @Test
    void logsInTalksLooksAndLeaves(@TempDir Path folder) throws Exception {
        Path client = Files.writeString(folder.resolve("client.py"), clientOf(System.getenv("ASYNCHAT_SEED")));
        try (AsyncChatServer server = AsyncChatServer.bind(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 5005), // the client knows no other
                Chat.sessions(Limits.DEFAULT))) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
            BufferedReader witness = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            socket.getOutputStream().write("login witness\nlook\n".getBytes(UTF_8));
            assertThat(Stream.generate(() -> lineOf(witness)).limit(3)).endsWith("witness");
            Process process = new ProcessBuilder("python3.11", client.toString()).start();
            BufferedReader out = process.inputReader(UTF_8);
            BufferedWriter in = process.outputWriter(UTF_8);
            assertThat(out.readLine()).isEqualTo("Welcome to TestChat");
            type(in, "look");
            assertThat(out.readLine()).isEqualTo("Please log in");
            assertThat(out.readLine()).isEqualTo("Use \"login <nickname>\"");
            type(in, "login 小明");
            // The client reads one line after each wait for input, so the next must not come together with this one.
            assertThat(witness.readLine()).isEqualTo("小明 has entered the room.");
            type(in, "say 你好");
            assertThat(out.readLine()).isEqualTo("小明 : 你好");
            type(in, "look");
            assertThat(out.readLine()).isEqualTo("The following are in the room:");
            assertThat(out.readLine()).isEqualTo("witness");
            assertThat(out.readLine()).isEqualTo("小明");
            type(in, "logout");
            assertThat(out.readLine()).isEqualTo("Disconnected from server");
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }
    }


    private static void type(BufferedWriter in, String line) throws IOException {
        in.write(line + "\n");
        in.flush();
    }

    private static String lineOf(BufferedReader from) {
        try {
            return from.readLine();
        } catch (IOException ended) {
            throw new UncheckedIOException(ended);
        }
    }

    private static String clientOf(String seed) throws IOException {
        String text = Files.readString(Path.of(seed), UTF_8);
        assumeTrue(text.contains("class ChatClient"));
        return BLOCK.matcher(text)
                .results()
                .map((MatchResult block) -> block.group(1))
                .filter(block -> block.contains("class ChatClient"))
                .findFirst()
                .orElseThrow();
    }
}
