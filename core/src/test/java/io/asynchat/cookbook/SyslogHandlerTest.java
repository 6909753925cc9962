package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asynchat.AsyncChatServer;
import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
class SyslogHandlerTest {
    private static void receives(String wire, String... events) {
        EveryCut.of(wire, UTF_8)
                .through(transcript -> new SyslogHandler(transcript::event))
                .endingInput()
                .expecting(transcript -> List.of(events).forEach(transcript::event))
                .agrees();
    }

    @Test
    void bothFramingsMayBeMixedOnOneConnection() {
        receives("6 <1>one<2>two\n11 <3>thr\nee 4<4>four\n", "<1>one", "<2>two", "<3>thr\nee 4", "<4>four", "close");
    }

    @Test
    void octetsAreCountedAndNotCharacters() {
        receives("9 <1>\u674e\u56db<2>\u00e4\n", "<1>\u674e\u56db", "<2>\u00e4", "close");
    }

    @Test
    void lastLineWithoutItsEndIsAMessage() {
        receives("<1>one\n<2>tw", "<1>one", "<2>tw", "close");
        receives("<1>one\n8 <2>tw", "<1>one", "close");
        receives("<1>one\n<", "<1>one", "close");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 ", "05 <1>xx", "\n", "x", " ", "-5 ", "5x <1>a", "1234567890 "})
    void invalidPrefixCloses(String wire) {
        receives("<1>one\n" + wire, "<1>one", "close");
    }

    @Test
    void messageAboveTheLimitIsSkipped() {
        receives(
                "8192 <" + "x".repeat(8_191) + "8193 <" + "y".repeat(8_192) + "<1>next\n",
                "<" + "x".repeat(8_191),
                "<1>next",
                "close");
        receives("<" + "y".repeat(8_193) + "\n6 <1>two", "<1>two", "close");
        receives("999999999 <1>one\n", "close");
    }

    @Test
    @Tag("proof")
    void utilLinuxLoggerSendsToTheServer() throws Exception {
        List<String> messages = new CopyOnWriteArrayList<>();
        try (AsyncChatServer server = RealClient.serve(() -> new SyslogHandler(messages::add))) {
            String[] logger = {
                "logger", "--server", "127.0.0.1", "--port", "" + server.port(), "--tcp", "--tag", "cookbook"
            };
            RealClient.run("", with(logger, "--octet-count", "counted \u674e"));
            await().until(() -> messages.size() == 1);
            RealClient.run("", with(logger, "a line"));
            await().until(() -> messages.size() == 2);
            RealClient.run("one\ntwo\n", with(logger, "--octet-count"));
            await().until(() -> messages.size() == 4);
        }
        assertThat(messages.get(0)).startsWith("<13>").contains("cookbook").endsWith("counted \u674e");
        assertThat(messages.get(1)).startsWith("<13>").endsWith("a line");
        assertThat(messages.subList(2, 4))
                .satisfiesExactly(
                        m -> assertThat(m).endsWith("one"), m -> assertThat(m).endsWith("two"));
    }

    private static String[] with(String[] command, String... more) {
        return java.util.stream.Stream.of(command, more)
                .flatMap(java.util.stream.Stream::of)
                .toArray(String[]::new);
    }
}
