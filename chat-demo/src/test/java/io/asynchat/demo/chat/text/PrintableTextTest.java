package io.asynchat.demo.chat.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain\ttext",
                "你好，世界",
                "👨\u200d👩\u200d👧 ❤\ufe0f",
                "می\u200cخواهم",
                "🏴\udb40\udc67\udb40\udc62\udb40\udc65\udb40\udc6e\udb40\udc67\udb40\udc7f", // the flag of England
                "\u0601\u06dd", // format characters that can be seen
                "葛\udb40\udd00", // a variant of an ideograph
            })
    void textStaysAsItIs(String text) {
        assertThat(PrintableText.escape(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "\u061c, \\u061c", // a mark of the direction that no list of the first edition had
        "\u200e, \\u200e",
        "\u202e, \\u202e",
        "\u2067, \\u2067",
        "\u00ad, \\xad",
        "\u3164, \\u3164",
        "\u2064, \\u2064",
        "\ufff9, \\ufff9",
        "\udb40\udc41, \\ue0041",
        "\udb40\udc01, \\ue0001",
        "\ud834\udd73, \\u1d173",
        "\ud800, \\ud800",
        "'\u001b', \\x1b",
    })
    void charactersThatActOrHideAreEscaped(String text, String escaped) {
        assertThat(PrintableText.escape("a" + text + "b")).isEqualTo("a" + escaped + "b");
    }

    @Test
    void noCharacterThatIsLeftChangesTheDirection() {
        String all = IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        assertThat(PrintableText.escape(all)
                        .codePoints()
                        .filter(PrintableTextTest::isDirectional)
                        .boxed())
                .isEmpty();
    }

    private static boolean isDirectional(int c) {
        return switch (Character.getDirectionality(c)) {
            case Character.DIRECTIONALITY_LEFT_TO_RIGHT_EMBEDDING,
                    Character.DIRECTIONALITY_LEFT_TO_RIGHT_OVERRIDE,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_EMBEDDING,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_OVERRIDE,
                    Character.DIRECTIONALITY_POP_DIRECTIONAL_FORMAT,
                    Character.DIRECTIONALITY_LEFT_TO_RIGHT_ISOLATE,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_ISOLATE,
                    Character.DIRECTIONALITY_FIRST_STRONG_ISOLATE,
                    Character.DIRECTIONALITY_POP_DIRECTIONAL_ISOLATE -> true;
            default -> false;
        };
    }
}
