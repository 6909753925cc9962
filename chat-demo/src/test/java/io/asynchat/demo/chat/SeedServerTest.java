package io.asynchat.demo.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.JvmProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our client with the server of the seed. */
class SeedServerTest {
    @TempDir
    Path folder;

    @Test
    void seedLogsInTalksLooksAndLeaves() throws Exception {
        try (Seed.Server server = new Seed.Server(folder);
                JvmProcess ann = Program.start("client", "127.0.0.1:" + server.port());
                JvmProcess bob = Program.start("client", "127.0.0.1:" + server.port())) {
            ann.write("hello\nlogin ann\nlook\n");
            assertThat(ann.readLine()).isEqualTo("Welcome to TestChat");
            assertThat(ann.readLine()).isEqualTo("Please log in");
            assertThat(ann.readLine()).isEqualTo("Use \"login <nickname>\"");
            assertThat(ann.readLine()).isEqualTo("The following are in the room:");
            assertThat(ann.readLine()).isEqualTo("ann");

            bob.write("login ann\nlogin bob\nsay 大家好\n");
            assertThat(bob.readLine()).isEqualTo("Welcome to TestChat");
            assertThat(bob.readLine()).isEqualTo("The name \"ann\" is taken.");
            assertThat(bob.readLine()).isEqualTo("Please try again.");
            assertThat(bob.readLine()).isEqualTo("bob : 大家好");
            assertThat(ann.readLine()).isEqualTo("bob has entered the room.");
            assertThat(ann.readLine()).isEqualTo("bob : 大家好");

            ann.write("logout\n");
            assertThat(ann.outputLines()).isEmpty();
            assertThat(ann.exitCode()).isZero();
            assertThat(bob.readLine()).isEqualTo("ann has left the room");
            bob.write("who\n");
            bob.closeInput();
            assertThat(bob.outputLines()).containsExactly("The following are logged in:", "bob");
            assertThat(bob.exitCode()).isZero();
            assertThat(bob.errorLines()).isEmpty();
        }
    }

    @Test
    void scriptOfManyLinesIsAnsweredToTheLast() throws Exception {
        int lines = 5_000;
        try (Seed.Server server = new Seed.Server(folder);
                JvmProcess ann = Program.start("client", "127.0.0.1:" + server.port())) {
            StringBuilder script = new StringBuilder("login ann\n");
            for (int i = 0; i < lines; i++) {
                script.append("say ").append(i).append('\n');
            }
            ann.write(script.toString());
            ann.closeInput();
            assertThat(ann.outputLines()).hasSize(1 + lines).endsWith("ann : " + (lines - 1));
            assertThat(ann.exitCode()).isZero();
        }
    }
}
