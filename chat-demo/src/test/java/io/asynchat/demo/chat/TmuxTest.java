package io.asynchat.demo.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.asynchat.testkit.JvmProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client on a real screen, as its users see it. */
class TmuxTest {
    @TempDir
    Path folder;

    private final JvmProcess server;
    private final int port;

    TmuxTest() throws IOException {
        assumeTrue(Seed.isThere("tmux", "-V"), "tmux is not there");
        server = Program.start("serve", "--port", "0");
        port = server.readPort();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void whatIsSaidAppearsAboveTheLineBeingTyped() throws IOException {
        try (Tmux tmux = new Tmux(folder)) {
            start(tmux, "ann");
            start(tmux, "bob");
            say(tmux, "ann", "login ann");
            say(tmux, "ann", "look");
            say(tmux, "bob", "login bob");
            tmux.awaitLine("ann", "bob has entered the room.");

            tmux.press("ann", "say half of");
            tmux.awaitLast("ann", "> say half of");
            type(tmux, "bob", "say 大家好，我在这里");
            tmux.awaitLine("ann", "bob : 大家好，我在这里");
            tmux.awaitLast("ann", "> say half of");
            assertThat(tmux.colours("ann")).contains("\u001b[36mbob\u001b[39m : 大家好");
            tmux.press("ann", " a line", "Enter");
            tmux.awaitLine("bob", "ann : half of a line");
            tmux.awaitLine("ann", "ann : half of a line");
            tmux.awaitLast("ann", ">");

            tmux.press("ann", "tel", "Tab", "BO", "Tab", "psst");
            tmux.awaitLast("ann", "> tell bob psst");
            tmux.press("ann", "C-u", "Up", "Up");
            tmux.awaitLast("ann", "> look");
            tmux.press("ann", "C-c");
            tmux.awaitLast("ann", "130 shell$");
            assertThat(tmux.screen("ann"))
                    .containsExactly(
                            "Welcome to TestChat",
                            "> login ann",
                            "> look",
                            "The following are in the room:",
                            "ann",
                            "bob has entered the room.",
                            "bob : 大家好，我在这里",
                            "> say half of a line",
                            "ann : half of a line",
                            "> look",
                            "130 shell$");
        }
    }

    @ParameterizedTest
    @CsvSource({"C-c, 130", "C-d, 0", "TERM, 143", "bye, 0", "lost, 1"})
    void theTerminalIsLeftAsItWas(String end, int code) throws IOException, InterruptedException {
        try (Tmux tmux = new Tmux(folder)) {
            start(tmux, "ann");
            switch (end) {
                case "bye" -> type(tmux, "ann", "logout");
                case "lost" -> server.close();
                case "TERM" -> kill();
                default -> tmux.press("ann", end);
            }
            tmux.awaitLast("ann", code + " shell$");
            type(tmux, "ann", "stty -a > after; echo done");
            tmux.awaitLine("ann", "done");
            assertThat(folder.resolve("after")).hasSameTextualContentAs(folder.resolve("before"));
            assertThat(tmux.keypad("ann")).isEqualTo("00");
        }
    }

    /** Starts the client in a window of its own, whose shell shows how the last program ended. */
    private void start(Tmux tmux, String window) throws IOException {
        tmux.open(window, folder);
        Path script = Files.writeString(
                folder.resolve("client"),
                "stty -a > before; clear; echo $$ > pid; exec " + String.join(" ", Program.command())
                        + " client --no-reconnect 127.0.0.1:" + port);
        type(tmux, window, "sh " + script);
        tmux.awaitLine(window, "Welcome to TestChat");
        tmux.awaitLast(window, ">");
    }

    private static void type(Tmux tmux, String window, String line) throws IOException {
        tmux.press(window, line, "Enter");
    }

    /** Types a line at the client's prompt, and waits for the next prompt: between two, the terminal itself echoes keys. */
    private static void say(Tmux tmux, String window, String line) throws IOException {
        type(tmux, window, line);
        tmux.awaitLine(window, "> " + line);
        tmux.awaitLast(window, ">");
    }

    private void kill() throws IOException, InterruptedException {
        String pid = Files.readString(folder.resolve("pid"), UTF_8).strip();
        new ProcessBuilder("kill", "-TERM", pid).start().waitFor();
    }
}
