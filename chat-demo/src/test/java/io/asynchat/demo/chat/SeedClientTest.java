package io.asynchat.demo.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.asynchat.AsyncChatServer;
import io.asynchat.demo.chat.server.ChatServer;
import io.asynchat.demo.chat.server.Limits;
import io.asynchat.demo.chat.server.Metrics;
import io.asynchat.testkit.JvmProcess;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** The seed's own client, unchanged, with our server. */
class SeedClientTest {
    @Test
    void seedLogsInTalksLooksAndLeaves(@TempDir Path folder) throws Exception {
        assumeTrue(Seed.isThere("python3", "--version"), "python3 is not there");
        Path listing = Files.writeString(folder.resolve("client.py"), Seed.listing("class ChatClient"));
        try (AsyncChatServer server = server();
                JvmProcess witness = Program.start("client", "127.0.0.1:" + server.port())) {
            witness.write("login witness\nlook\n");
            assertThat(witness.readLine()).isEqualTo("Welcome to TestChat");
            assertThat(witness.readLine()).isEqualTo("The following are in the room:");
            assertThat(witness.readLine()).isEqualTo("witness");

            Process client = new ProcessBuilder("python3", listing.toString()).start();
            try (BufferedReader out = client.inputReader(UTF_8);
                    BufferedWriter in = client.outputWriter(UTF_8)) {
                assertThat(out.readLine()).isEqualTo("Welcome to TestChat");
                type(in, "look\n");
                assertThat(out.readLine()).isEqualTo("Please log in");
                assertThat(out.readLine()).isEqualTo("Use \"login <nickname>\"");
                type(in, "login 小明\n");
                // It takes one line after each wait for input: the next must not come together with this one.
                assertThat(witness.readLine()).isEqualTo("小明 has entered the room.");
                type(in, "say 你好\n");
                assertThat(out.readLine()).isEqualTo("小明 : 你好");
                type(in, "look\n");
                assertThat(out.readLine()).isEqualTo("The following are in the room:");
                assertThat(out.readLine()).isEqualTo("witness");
                assertThat(out.readLine()).isEqualTo("小明");
                type(in, "logout\n");
                assertThat(out.readLine()).isEqualTo("Disconnected from server");
                assertThat(client.waitFor()).isZero();
            } finally {
                client.destroyForcibly();
            }
        }
    }

    /** The client knows one port, and so there is no test while somebody else has it. */
    private static AsyncChatServer server() {
        ChatServer chat = new ChatServer("TestChat", Limits.DEFAULT, new Metrics(new SimpleMeterRegistry()));
        try {
            return AsyncChatServer.bind(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 5005), chat::newSession);
        } catch (IOException busy) {
            throw new TestAbortedException("port 5005: " + busy.getMessage());
        }
    }

    private static void type(BufferedWriter in, String line) throws IOException {
        in.write(line);
        in.flush();
    }
}
