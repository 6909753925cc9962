package io.asynchat.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.channel.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations that are text. */
@ExtendWith(NoLeaks.class)
class TalkFileTest {

    private static final String TALK = """
            ## Two meet, and one falls asleep.
            # lines end with \\r\\n

            anna > anna
            anna < welcome, anna
            bob > b\\
            bob > ob
            bob <~ welcome, b.b
            bob > \\x68ello\\\\
            anna < bob: hello\\\\
            bob < bob: hello\\\\
            # bob disconnects
            # nothing else
            # after 5m
            anna < still there?
            # anna ends input
            anna < bye
            # anna is closed
            # after 300ms
            # nothing else
            """;

    private final Map<Channel, String> room = ChatLines.room();

    private ChatLines chat() {
        return new ChatLines(room);
    }

    @Test
    void talkFileIsAConversation(@TempDir Path folder) throws IOException {
        Conversation.parse(TALK).playAgainst(this::chat);
        Conversation.read(Files.writeString(folder.resolve("chat.talk"), TALK.replace("\n", "\r\n")))
                .playAgainst(this::chat);
    }

    @Test
    void talkFileWithoutNamesHasOnePeerAndWithoutLineEndAddsNone() {
        Conversation.parse("""
                > quit\\r
                > \\n
                # is closed
                """).playAgainst(this::chat);
    }

    @Test
    void failureNamesTheLine(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("chat.talk"), "> anna\\r\\n\n\n< Welcome\n");
        Conversation talk = Conversation.read(file);
        AssertionError failure = catchThrowableOfType(AssertionError.class, () -> talk.playAgainst(this::chat));
        assertThat(failure).hasMessageContaining("byte 0 is not as expected, at chat.talk:3\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"anna", ">anna", "# anna sleeps", "# after 5 days", "# nothing", "an na > x"})
    void invalidLineIsRejectedWithItsNumber(String line) {
        assertThatThrownBy(() -> Conversation.parse("## fine\n" + line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("line 2: \"" + line + "\" (expected: '[peer] > text'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\q", "\\x4", "\\xzz"})
    void invalidEscapeIsRejected(String escape) {
        assertThatThrownBy(() -> Conversation.parse("> a" + escape))
                .hasMessageStartingWith("line 1: " + escape.substring(0, 2) + " (expected: \\r, ");
    }
}
