package io.asynchat.demo.chat.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NicknameTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "bob",
                "小明",
                "Ünsal",
                "u\u0308nsal",
                "O'Neil",
                "<b>",
                "%s",
                "007",
                "😀",
                "नमस्ते",
                "a\u0301\u0301\u0301\u0301",
                "Nguyễn",
                "x_-.~",
                "\"q\"",
                "12345678901234567890123456789012",
                "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀"
            })
    void isAllowed(String name) {
        assertThat(Nickname.isAllowed(name)).isTrue();
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "'', nothing",
        "a b, a blank",
        "'a\tb', a tab",
        "'a\u00a0b', a blank that does not break",
        "'a\u3000b', a wide blank",
        "a:b, a colon",
        "a\uff1ab, a wide colon",
        "a\u0007b, a control",
        "a\u009bb, a control of C1",
        "a\u200bb, a blank of no width",
        "a\u200db, a joiner",
        "a\u2060b, a word joiner",
        "a\ufeffb, a byte order mark",
        "a\u202eb, an override of the direction",
        "a\u2066b, an isolate",
        "a\u00adb, a soft hyphen",
        "a\ufe0fb, a variation selector",
        "a\u034fb, a grapheme joiner",
        "a\u115fb, a filler of Hangul",
        "a\u3164b, another",
        "a\uffa0b, a narrow one",
        "a\u2800b, braille without a dot",
        "a\u180eb, a separator of Mongolian",
        "a\udb40\udc41b, a tag",
        "a\ue000b, what is nobody's",
        "a\u0378b, what is not assigned",
        "a\ud800b, half a character",
        "a\u2028b, a separator of lines",
        "\u0301a, a mark that clings to what is before it",
        "\ufdfa, what NFKC makes blanks of",
        "123456789012345678901234567890123, 33 characters",
        "a\u0301\u0301\u0301\u0301\u0301, five marks on a letter",
        "a\u20dd\u20dd\u20dd\u20dd\u20dd, five enclosing marks",
    })
    void isRefused(String name, String because) {
        assertThat(Nickname.isAllowed(name)).as(because).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "bob, BOB",
        "bob, ｂｏｂ",
        "bob, Ⓑⓞⓑ",
        "\u00e9, e\u0301",
        "\u00c9, e\u0301",
        "straße, STRASSE",
        "ΣΊΣΥΦΟΣ, σίσυφος",
        "ﬁsh, FISH",
        "ガ, ｶﾞ",
        "\u212b, å",
        "ı, I",
        "Ⅷ, viii",
        "ann, аnn", // Cyrillic
        "am, аm",
        "ivan, Іvan",
        "paypal, рaypal",
        "小明, ⼩明", // a radical
    })
    void areTheSame(String one, String other) {
        assertThat(Nickname.key(one)).isEqualTo(Nickname.key(other));
    }

    @ParameterizedTest
    @CsvSource({"bob, bop", "e, é", "小明, 小朋", "o, 0", "a, ä", "l, 1", "l, I", "rn, m", "анна, anna", "Анна, Инна"})
    void areTwo(String one, String other) {
        assertThat(Nickname.key(one)).isNotEqualTo(Nickname.key(other));
    }
}
