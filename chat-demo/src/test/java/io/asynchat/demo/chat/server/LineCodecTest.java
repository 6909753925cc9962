package io.asynchat.demo.chat.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.Charset;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineCodecTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "say hi", "你好，世界", "naïve € 😀", "\u0000\u007f"})
    void utf8IsTakenForUtf8(String text) {
        assertThat(LineCodec.decode(text.getBytes(UTF_8))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"say 你好", "誠信 門", "聊天室"})
    void bytesThatAreNoUtf8AreTakenForGbk(String text) {
        assertThat(LineCodec.decode(text.getBytes(Charset.forName("GBK")))).isEqualTo(text);
    }

    @Test
    void otherBytesAreNoText() {
        assertThat(LineCodec.decode(new byte[] {'a', (byte) 0xff})).isNull();
        assertThat(LineCodec.decode(new byte[] {(byte) 0x81})).isNull();
        assertThat(LineCodec.decode(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80, (byte) 0xff}))
                .isNull();
    }

    @Test
    void everyBlankOfPythonIsStripped() {
        String blanks =
                "\t\n\u000b\f\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000";
        assertThat(LineCodec.strip(blanks + "a b" + blanks)).isEqualTo("a b");
        assertThat(LineCodec.strip(blanks)).isEmpty();
        assertThat(LineCodec.strip("\u200ba\u200b")).isEqualTo("\u200ba\u200b");
    }

    @Test
    void noCharacterThatLeavesIsAControl() {
        StringBuilder all = new StringBuilder();
        IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .forEach(c -> all.appendCodePoint(c).append(' ')); // the blank keeps halves of characters apart
        String written = written(all.toString());
        assertThat(written.chars().filter(c -> c == '\n').count()).isEqualTo(1);
        assertThat(written).endsWith("\n");
        assertThat(written.codePoints().filter(LineCodecTest::isControl).boxed())
                .containsOnly((int) '\n', (int) '\t');
    }

    private static boolean isControl(int c) {
        return Character.getType(c) == Character.CONTROL
                || Character.getType(c) == Character.SURROGATE
                || (c >= 0x2028 && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069);
    }

    @Test
    void allElseLeavesAsItIs() {
        assertThat(written("\tüber 你好 😀 \\x1b")).isEqualTo("\tüber 你好 😀 \\x1b\n");
        assertThat(written("\u001b\u202e")).isEqualTo("\\x1b\\u202e\n");
    }

    private static String written(String line) {
        ByteBuf to = ByteBufAllocator.DEFAULT.buffer();
        try {
            LineCodec.writeLine(to, line);
            return to.toString(UTF_8);
        } finally {
            to.release();
        }
    }
}
