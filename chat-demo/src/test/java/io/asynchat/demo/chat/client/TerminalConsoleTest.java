package io.asynchat.demo.chat.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asynchat.testkit.NoLeaks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the program writes to a terminal; {@link TmuxTest} sees what a screen makes of it. */
@ExtendWith(NoLeaks.class)
class TerminalConsoleTest {
    private static final String CYAN = "\u001b[36m";
    private static final String KEYPAD_ON = "\u001b[?1h\u001b=";
    private static final String KEYPAD_OFF = "\u001b[?1l\u001b>";

    private final PipedOutputStream keys = new PipedOutputStream();
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final ExternalTerminal terminal;
    private final String found; // settings
    private final AtomicInteger closes = new AtomicInteger();
    private final TerminalConsole console;
    private final FakeNetwork network;

    TerminalConsoleTest() throws IOException {
        terminal = new ExternalTerminal("test", "xterm-256color", new PipedInputStream(keys, 8_192), screen, UTF_8);
        found = settings();
        console = new TerminalConsole(terminal, true, closes::incrementAndGet);
        network = new FakeNetwork(console);
    }

    @AfterEach
    void close() {
        console.close();
        network.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"say hello!!", "say !login", "say don't", "say a\\n", "say \"(", "^login^x", "say 你好 😀"})
    void lineIsSentAsItIsTyped(String line) throws IOException {
        press("login ann\r", line + "\r");
        awaitSent("login ann", line);
    }

    @Test
    void outputAppearsAboveTheLineBeingTyped() throws IOException {
        press("say half");
        awaitScreen("say half");
        screen.reset();
        network.server().says("bob : 你好");
        awaitScreen("> say half");
        assertThat(text()).containsSubsequence("bob", " : 你好", "> say half");
        press(" a line\r");
        awaitSent("say half a line");
    }

    @Test
    void commandsAndNamesAreCompleted() throws IOException {
        network.server().says("xiaoming : hi", "小明 : hi");
        press("logi\tann\r", "tell XIAO\t1\r", "say 小\t2\r", "say don't \\o/ xiao\t3\r");
        awaitSent("login ann", "tell xiaoming 1", "say 小明 2", "say don't \\o/ xiaoming 3");
    }

    @Test
    void earlierLinesComeBack() throws IOException {
        press("say one\r", "look\r");
        awaitSent("say one", "look");
        press("\u0010\u0010\r"); // Ctrl-P twice: up in every terminal
        awaitSent("say one", "look", "say one");
    }

    @Test
    void linesThatArePastedAreSentOneByOne() throws IOException {
        press("say one\rsay two\rsay three\r");
        awaitSent("say one", "say two", "say three");
        assertThat(text()).as("bracketed paste is not asked for").doesNotContain("[?2004h");
    }

    @Test
    void nameOfTheSpeakerIsInColour() {
        network.server().says("bob : hi");
        awaitScreen(CYAN + "bob");
    }

    @Test
    void withoutColourThereIsNoneInWhatIsCompletedEither() throws IOException {
        ByteArrayOutputStream plainScreen = new ByteArrayOutputStream();
        try (PipedOutputStream plainKeys = new PipedOutputStream();
                TerminalConsole plain = new TerminalConsole(
                        new ExternalTerminal(
                                "test", "xterm-256color", new PipedInputStream(plainKeys), plainScreen, UTF_8),
                        false,
                        () -> {});
                FakeNetwork server = new FakeNetwork(plain)) {
            server.server().says("bob : hi");
            plain.notice("connected again");
            plainKeys.write("lo\t\t".getBytes(UTF_8));
            await().untilAsserted(() ->
                    assertThat(plainScreen.toString(UTF_8)).contains("bob : hi", "* connected again", "gout"));
            assertThat(plainScreen.toString(UTF_8)).doesNotContainPattern("\u001b\\[[0-9;]*3[0-7]");
        }
    }

    @Test
    void controlDEndsTheInput() throws IOException {
        press("look\r");
        awaitSent("look");
        press("\u0004");
        network.runUntil(() -> {
            network.server().ends();
            return network.end() != null;
        });
        assertThat(network.end()).isEqualTo(new ExitStatus(0, null));
    }

    @Test
    void controlCIsTheEndInTheMiddleOfALineToo() throws IOException {
        press("say half");
        awaitScreen("say half");
        assertThat(settings()).isNotEqualTo(found);
        press("\u0003");
        network.runUntil(() -> network.end() != null);
        assertThat(network.end()).isEqualTo(new ExitStatus(130, null));
        await().untilAsserted(() -> assertThat(settings()).isEqualTo(found));
    }

    @Test
    void halfTypedLineIsDroppedWhenTheServerIsLost() throws IOException {
        press("say half");
        awaitScreen(KEYPAD_ON);
        awaitScreen("say half");
        console.close();
        assertThat(text()).contains(KEYPAD_OFF);
        assertThat(closes).hasValue(1);
        assertThat(network.end()).as("closing is not Ctrl-C").isNull();
    }

    private String settings() {
        return terminal.getAttributes().toString();
    }

    private void press(String... typed) throws IOException {
        for (String each : typed) {
            keys.write(each.getBytes(UTF_8));
            keys.flush();
        }
    }

    private String text() {
        return screen.toString(UTF_8);
    }

    private void awaitScreen(String part) {
        await().untilAsserted(() -> assertThat(text()).contains(part));
    }

    private void awaitSent(String... lines) {
        await().untilAsserted(() -> {
            network.end(); // lets it run
            assertThat(network.server().sent()).containsExactly(lines);
        });
    }
}
