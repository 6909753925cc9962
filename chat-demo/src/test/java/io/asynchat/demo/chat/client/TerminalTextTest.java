package io.asynchat.demo.chat.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bob : hello",
                "大家好，世界",
                "naïve e\u0301",
                "\tindented",
                "👨\u200d👩\u200d👧 ❤\ufe0f",
                "می\u200cخواهم",
            })
    void textStaysAsItIs(String text) {
        assertThat(TerminalText.of(text.getBytes(UTF_8))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "1b5b324a, \\x1b[2J", // clears the screen
        "61086208, a\\x08b\\x08", // writes over
        "0d, \\x0d",
        "7f, \\x7f",
        "c29b33316d, \\x9b31m", // the control sequence introducer in one character
        "e280ae, \\u202e", // right to left from here on
        "e281a6, \\u2066",
        "e2808f, \\u200f",
        "e280a8, \\u2028",
        "e2808b, \\u200b",
        "efbbbf, \\ufeff",
        "c2ad, \\xad",
        "e385a4, \\u3164", // a blank that Unicode calls a letter
        "f3a08181, \\ue0041", // a letter that cannot be seen
    })
    void charactersThatActOrHideAreShown(String bytes, String shown) {
        assertThat(TerminalText.of(HexFormat.of().parseHex(bytes))).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "ff, \\xff",
        "61ff62, a\\xffb",
        "e4bda0e5a5, 你\\xe5\\xa5", // cut off
        "c0af, \\xc0\\xaf", // too long a form
        "eda080, \\xed\\xa0\\x80", // half a surrogate pair
        "c4e3bac3, \\xc4\\xe3\\xba\\xc3", // GBK
        "f09f98, \\xf0\\x9f\\x98",
    })
    void bytesThatAreNoTextAreShown(String bytes, String shown) {
        assertThat(TerminalText.of(HexFormat.of().parseHex(bytes))).isEqualTo(shown);
    }

    @Test
    void noControlCharacterGetsThrough() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (Character.isISOControl(c) && c != '\t') {
                assertThat(TerminalText.of(Character.toString(c))).matches("\\\\x[0-9a-f]{2}");
            }
        }
    }
}
