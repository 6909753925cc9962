package io.asynchat.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.Expectation.Comparison;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How the unread bytes of a conversation are compared with what is expected, and how both are shown. */
@Tag("internal")
class ExpectationTest {

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void bytesHoldWhenAllAreThere() {
        Expectation bytes = new Expectation.Bytes(ascii("abc"));

        assertThat(bytes.of(ascii("ab"))).isEqualTo(new Comparison(false, true, 3, 2));
        assertThat(bytes.of(ascii("abc"))).isEqualTo(new Comparison(true, false, 3, 3));
        assertThat(bytes.of(ascii("abcd"))).isEqualTo(new Comparison(true, false, 3, 3));
        assertThat(bytes.of(ascii("xb"))).isEqualTo(new Comparison(false, false, 3, 0));
    }

    @Test
    void hexHoldsWhenAllAreThere() {
        Expectation hex = HexPattern.parse("61 ?? 63");

        assertThat(hex.of(ascii("ab"))).isEqualTo(new Comparison(false, true, 3, 2));
        assertThat(hex.of(ascii("axc"))).isEqualTo(new Comparison(true, false, 3, 3));
        assertThat(hex.of(ascii("abd"))).isEqualTo(new Comparison(false, false, 0, 2));
    }

    @Test
    void hexMarksTheByteThatDiffers() {
        assertThat(HexPattern.parse("61 ?? 63").shown(2)).isEqualTo(new Expectation.Shown("hex 61 ?? 63", 10));
        assertThat(HexPattern.parse("").shown(0)).isEqualTo(new Expectation.Shown("hex", -1));
    }

    @Test
    void patternNamesTheFirstByteAfterWhichItCannotMatch() {
        Expectation digits = Expectation.matching("[0-9]+\n");

        assertThat(digits.of(ascii("12"))).isEqualTo(new Comparison(false, true, 0, 2));
        assertThat(digits.of(ascii("12\nrest"))).isEqualTo(new Comparison(true, false, 3, 0));
        assertThat(digits.of(ascii("12x"))).isEqualTo(new Comparison(false, false, 0, 2));
        assertThat(digits.of(ascii("x"))).isEqualTo(new Comparison(false, false, 0, 0));
    }

    @Test
    void bytesFrom40OnAreShownFrom20BytesBeforeTheDifference() {
        byte[] bytes = ascii("0123456789".repeat(12));

        assertThat(Expectation.Shown.of(bytes, 39).text()).startsWith("\"0123").endsWith("... (120 bytes)");
        assertThat(Expectation.Shown.of(bytes, 40).text()).startsWith("(from byte 20) \"0123");
        assertThat(Expectation.Shown.of(bytes, 119).text())
                .startsWith("(from byte 99) \"9")
                .endsWith("9\"");
        assertThat(Expectation.Shown.of(ascii("ab"), 1).mark()).isEqualTo(2);
    }
}
