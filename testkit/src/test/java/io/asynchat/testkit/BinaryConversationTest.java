package io.asynchat.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations with binary parts, written in hexadecimal. */
@ExtendWith(NoLeaks.class)
class BinaryConversationTest {

    private static final byte[] BYTES = {0, 3, 'a', 'b', 'c', (byte) 0xff};

    @Test
    void hexIsSentAndReceivedAsBytes() {
        new Conversation()
                .sendsHex("00 03 616263 ff")
                .receives(BYTES)
                .sends(BYTES)
                .receivesHex("0003 61 62 63 FF")
                .expectNothingElse()
                .playAgainst(EchoHandler::new);
    }

    @Test
    void questionMarksReceiveAnyByte() {
        new Conversation()
                .sends(BYTES)
                .receivesHex("00 03 ?? 62 ?? ??")
                .expectNothingElse()
                .playAgainst(EchoHandler::new);
    }

    @Test
    void hexConsumesOnlyItsOwnBytes() {
        new Conversation()
                .sends(BYTES)
                .receivesHex("00 03")
                .receives("abc")
                .receivesHex("ff")
                .playAgainst(EchoHandler::new);
    }

    @Test
    void failureShowsHexAndMarksTheByteThatDiffers() {
        Conversation wrong = new Conversation().sends(BYTES).receivesHex("00 03 ?? 63");

        assertThat(failureOf(wrong))
                .hasMessageContaining("byte 3 is not as expected")
                .hasMessageContaining("hex 00 03 ?? 63")
                .hasMessageContaining("             ^");
    }

    @Test
    void missingBytesFail() {
        assertThat(failureOf(new Conversation().sends(BYTES).receivesHex("00 03 61 62 63 ff ??")))
                .hasMessageContaining("byte 6 is not as expected")
                .hasMessageContaining("and no more");
    }

    @Test
    void patternSeesBytesThatAreNoText() {
        new Conversation()
                .sends(BYTES)
                .receivesMatching("\\x00(?s:.)[a-c]+\\xff")
                .expectNothingElse()
                .playAgainst(EchoHandler::new);
    }

    @Test
    void talkFileHasHexLinesWithoutALineEnd() {
        Conversation.parse("""
                # lines end with \\r\\n
                anna >x 00 03 616263
                anna <x 00 03 ?? ?? ??
                anna > text
                anna < text
                # nothing else
                """).playAgainst(EchoHandler::new);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0g", "? ?x", "00 0", "0x00"})
    void invalidHexIsRejected(String hex) {
        assertThatThrownBy(() -> new Conversation().receivesHex(hex))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"" + hex + "\" (expected: pairs of hexadecimal digits, or ?? for any byte)");
        assertThatThrownBy(() -> Conversation.parse("> a\n<x " + hex))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("line 2: \"" + hex + "\" (expected: pairs");
    }

    @Test
    void anyByteCannotBeSent() {
        assertThatThrownBy(() -> new Conversation().sendsHex("00 ??"))
                .hasMessage("byte 1: ?? (expected: a value, since these bytes are sent)");
    }

    private static AssertionError failureOf(Conversation conversation) {
        return catchThrowableOfType(AssertionError.class, () -> conversation.playAgainst(EchoHandler::new));
    }
}
