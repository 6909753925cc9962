package io.asynchat.demo.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A terminal multiplexer of its own, each of whose windows is a screen of 24 lines, and of 80 columns if not said otherwise, with a shell on it. */
final class Tmux implements AutoCloseable {
    private final Path socket;

    Tmux(Path folder) {
        socket = folder.resolve("tmux");
    }

    /** Opens a window, and waits for its shell, which says how the last program ended before it asks for the next. */
    void open(String window, Path folder) throws IOException {
        open(window, folder, 80);
    }

    void open(String window, Path folder, int columns) throws IOException {
        String shell = "env -u NO_COLOR LC_ALL=C.UTF-8 PS1='$? shell$ ' sh";
        List<String> command =
                new ArrayList<>(List.of("-f", "/dev/null", "new-session", "-d", "-x", "" + columns, "-y", "24"));
        command.addAll(List.of("-s", window, "-c", folder.toString(), shell));
        tmux(command.toArray(String[]::new));
        awaitLast(window, "0 shell$");
    }

    /** Presses keys by their names in tmux, or text as it is. */
    void press(String window, String... keys) throws IOException {
        List<String> command = new ArrayList<>(List.of("send-keys", "-t", window));
        command.addAll(List.of(keys));
        tmux(command.toArray(String[]::new));
    }

    /** The lines on the screen, without the empty ones below. */
    List<String> screen(String window) throws IOException {
        return tmux("capture-pane", "-p", "-t", window).stripTrailing().lines().toList();
    }

    /** The same, with those joined that the terminal has continued on the next row by itself. */
    List<String> joined(String window) throws IOException {
        return tmux("capture-pane", "-p", "-J", "-t", window)
                .stripTrailing()
                .lines()
                .toList();
    }

    /** The same with what sets colours. */
    String colours(String window) throws IOException {
        return tmux("capture-pane", "-p", "-e", "-t", window);
    }

    /** Whether an application has changed what the arrow keys and the keypad send. */
    String keypad(String window) throws IOException {
        return tmux("display-message", "-p", "-t", window, "#{keypad_flag}#{keypad_cursor_flag}")
                .strip();
    }

    void awaitLine(String window, String line) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(screen(window)).contains(line));
    }

    /** Waits until the last line is this. */
    void awaitLast(String window, String line) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(screen(window)).last().isEqualTo(line));
    }

    /** Waits until the last line, which may continue on further rows, is this. */
    void awaitLastJoined(String window, String line) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(joined(window)).last().isEqualTo(line));
    }

    private String tmux(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("tmux", "-u", "-S", socket.toString()));
        command.addAll(List.of(arguments));
        Process tmux = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(tmux.getInputStream().readAllBytes(), UTF_8);
    }

    @Override
    public void close() throws IOException {
        tmux("kill-server");
    }
}
