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
import org.junit.jupiter.params.provider.ValueSource;

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
    void messagesAppearAboveTheLineBeingTyped() throws IOException {
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

    /** A row of 80 columns is full; one of 43 has a column left, in which a wide character does not fit. */
    @ParameterizedTest
    @ValueSource(ints = {80, 43})
    void wideCharactersContinueOnTheNextRowWithoutGhosts(int columns) throws IOException {
        try (Tmux tmux = new Tmux(folder)) {
            start(tmux, "ann", columns);
            start(tmux, "bob", 80);
            say(tmux, "ann", "login ann");
            say(tmux, "bob", "login bob");
            tmux.awaitLine("ann", "bob has entered the room.");
            String line = "say " + "一二三四五六七八九十".repeat(4);
            for (int i = 0; i < line.length(); i++) {
                tmux.press("ann", line.charAt(i) == ' ' ? "Space" : line.substring(i, i + 1));
            }
            tmux.awaitLastJoined("ann", "> " + line);
            type(tmux, "bob", "say 大家好");
            tmux.awaitLine("ann", "bob : 大家好");
            tmux.awaitLastJoined("ann", "> " + line);
            tmux.press("ann", "BSpace", "BSpace", "BSpace", "BSpace", "BSpace", "BSpace", "七八九十");
            tmux.awaitLastJoined("ann", "> " + line.replaceAll("五六七八九十$", "七八九十"));
            assertThat(tmux.joined("ann"))
                    .filteredOn(row -> row.contains("say"))
                    .hasSize(1);
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
        start(tmux, window, 80);
    }

    private void start(Tmux tmux, String window, int columns) throws IOException {
        tmux.open(window, folder, columns);
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
