package io.asynchat;

import static io.asynchat.Terminator.CRLF;
import static io.asynchat.Terminator.LF;
import static io.asynchat.Terminator.anyOf;
import static io.asynchat.Terminator.delimiter;
import static io.asynchat.Terminator.length;
import static io.asynchat.Terminator.lengthPrefix;
import static io.asynchat.Terminator.none;
import static io.asynchat.Terminator.varintPrefix;
import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.util.CharsetUtil;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Terminators, and the messages of a decoder, as values. */
@ExtendWith(NoLeaks.class)
class TerminatorTest {
    @Test
    void terminatorsOfTheSameBytesAndLimitAreEqual() {
        List<Terminator> different = List.of(
                LF,
                CRLF,
                LF.atMost(3),
                LF.unlimited(),
                anyOf(LF),
                anyOf(LF, CRLF),
                anyOf(CRLF, LF),
                anyOf(LF).atMost(3),
                anyOf(LF).unlimited(),
                length(0),
                length(3),
                length(3).atMost(3),
                length(3).unlimited(),
                lengthPrefix(1, BIG_ENDIAN),
                lengthPrefix(4, BIG_ENDIAN),
                lengthPrefix(4, LITTLE_ENDIAN),
                lengthPrefix(4, BIG_ENDIAN).adjustedBy(-4),
                lengthPrefix(4, BIG_ENDIAN).atMost(3),
                lengthPrefix(4, BIG_ENDIAN).unlimited(),
                varintPrefix(),
                varintPrefix().adjustedBy(1),
                none());
        assertThat(different).doesNotHaveDuplicates();

        assertThat(delimiter("\n")).isEqualTo(LF).hasSameHashCodeAs(LF);
        assertThat(delimiter(new byte[] {13, 10}).atMost(3)).isEqualTo(CRLF.atMost(3));
        assertThat(anyOf(delimiter("\n")).atMost(3))
                .isEqualTo(anyOf(LF).atMost(3))
                .hasSameHashCodeAs(anyOf(LF));
        assertThat(length(3).atMost(3)).isEqualTo(length(3).atMost(3)).hasSameHashCodeAs(length(3));
        assertThat(lengthPrefix(2, LITTLE_ENDIAN).adjustedBy(7).adjustedBy(1).atMost(3))
                .isEqualTo(lengthPrefix(2, LITTLE_ENDIAN).atMost(3).adjustedBy(1))
                .hasSameHashCodeAs(lengthPrefix(2, LITTLE_ENDIAN).adjustedBy(1));
        assertThat(lengthPrefix(1, LITTLE_ENDIAN)).isEqualTo(lengthPrefix(1, BIG_ENDIAN));
        assertThat(varintPrefix()).isEqualTo(varintPrefix()).hasSameHashCodeAs(varintPrefix());
        assertThat(Terminator.LINE).isEqualTo(anyOf(LF, CRLF));
        assertThat(none()).isSameAs(none()).isNotEqualTo("none");
        assertThat(List.of(
                        LF,
                        CRLF,
                        anyOf(LF),
                        anyOf(CRLF),
                        length(3),
                        length(5),
                        lengthPrefix(2, BIG_ENDIAN),
                        lengthPrefix(4, BIG_ENDIAN)))
                .extracting(Terminator::hashCode)
                .doesNotHaveDuplicates();
    }

    @Test
    void invalidTerminatorsAreRefused() {
        assertThatThrownBy(() -> delimiter(new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("delimiter: 0 bytes (expected: >= 1; Terminator.none() ends nothing)");
        assertThatThrownBy(() -> delimiter("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> anyOf())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("delimiters: 0 (expected: >= 1)");
        assertThatThrownBy(() -> length(Long.MIN_VALUE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("length: -9223372036854775808 (expected: >= 0)");
        assertThatThrownBy(() -> LF.atMost(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit: -1 (expected: >= 0)");
        assertThatThrownBy(() -> anyOf(LF).atMost(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> length(1).atMost(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> varintPrefix().atMost(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit: -1 (expected: >= 0)");
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -4, 0, 5, 6, 7, 9, Integer.MAX_VALUE})
    void lengthPrefixOfAnotherWidthIsRefused(int bytes) {
        assertThatThrownBy(() -> lengthPrefix(bytes, BIG_ENDIAN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("length prefix: " + bytes + " bytes (expected: 1, 2, 3, 4 or 8)");
    }

    @Test
    void nullArgumentIsRefusedByItsName() {
        assertRefused("bytes", () -> delimiter((byte[]) null));
        assertRefused("text", () -> delimiter((String) null));
        assertRefused("delimiters", () -> anyOf((Terminator.Delimiter[]) null));
        assertRefused("delimiters[1]", () -> anyOf(CRLF, null));
        assertRefused("delimiters[0]", () -> anyOf((Terminator.Delimiter) null));
        assertRefused("delimiters[2]", () -> anyOf(LF, CRLF, null));
        assertRefused("digits", () -> Terminator.parseLength(null));
        assertRefused("order", () -> lengthPrefix(4, null));
        assertRefused("terminator", () -> new TruncatedFrame(Unpooled.EMPTY_BUFFER, null));
    }

    private static void assertRefused(String name, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(NullPointerException.class)
                .hasMessage(name + ": null (expected: a value)");
    }

    @Test
    void parsedLengthIsExact() {
        assertThat(Terminator.parseLength("0")).isEqualTo(length(0));
        assertThat(Terminator.parseLength("10")).isEqualTo(length(10));
        assertThat(Terminator.parseLength("123456789")).isEqualTo(length(123_456_789));
        assertThat(Terminator.parseLength("9223372036854775807")).isEqualTo(length(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "+1",
                " 1",
                "1 ",
                "1.0",
                "1/",
                "1:",
                "0x1",
                "\u0661",
                "9223372036854775808",
                "9223372036854775810",
                "18446744073709551617",
                "99999999999999999999999",
            })
    void malformedLengthIsADecoderException(String written) {
        assertThatThrownBy(() -> Terminator.parseLength(written))
                .isInstanceOf(CorruptedFrameException.class)
                .hasMessageStartingWith("length: \"")
                .hasMessageEndingWith("\" (expected: decimal, 0 to 9223372036854775807)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"007", "00", "01"})
    void lengthWithLeadingZerosIsRefusedByThatReason(String written) {
        assertThatThrownBy(() -> Terminator.parseLength(written))
                .isInstanceOf(CorruptedFrameException.class)
                .hasMessage("length: \"" + written + "\" (expected: no leading zeros)");
    }

    @Test
    void messageAboutAMalformedLengthIsOneLine() {
        assertThatThrownBy(() -> Terminator.parseLength("1\r\n2")).hasMessageContaining("\"1\\r\\n2\"");
    }

    @Test
    void toStringIsOneLine() {
        assertThat(delimiter("\r\n\"\\\t\u00e9|")).hasToString("delimiter \"\\r\\n\\\"\\\\\\x09\\xc3\\xa9|\"");
        assertThat(delimiter("x".repeat(65))).hasToString("delimiter \"" + "x".repeat(64) + "\"...");
        assertThat(anyOf(LF, CRLF).atMost(7))
                .hasToString("any of [delimiter \"\\n\", delimiter \"\\r\\n\"], at most 7 bytes");
        assertThat(length(5).unlimited()).hasToString("length 5, unlimited");
        assertThat(lengthPrefix(1, LITTLE_ENDIAN)).hasToString("1-byte length prefix");
        assertThat(lengthPrefix(8, LITTLE_ENDIAN).adjustedBy(-8))
                .hasToString("8-byte little-endian length prefix, adjusted by -8");
        assertThat(lengthPrefix(4, BIG_ENDIAN).atMost(9))
                .hasToString("4-byte big-endian length prefix, at most 9 bytes");
        assertThat(varintPrefix().unlimited()).hasToString("varint length prefix, unlimited");
        assertThat(none()).hasToString("none");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 255, 256, Long.MAX_VALUE})
    void lengthReturnsItsBytes(long bytes) {
        assertThat(length(bytes).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 255})
    void shortLengthsAreCached(long bytes) {
        assertThat(length(bytes)).isSameAs(length(bytes));
    }

    @Test
    void delimiterBytesCannotBeChanged() {
        byte[] bytes = {1, 2};
        Terminator.Delimiter delimiter = delimiter(bytes);
        bytes[0] = 9;
        delimiter.bytes()[1] = 9;

        assertThat(delimiter.bytes()).containsExactly(1, 2);
        assertThat(delimiter.length()).isEqualTo(2);
        assertThat(delimiter("\u00e9").bytes()).containsExactly(0xc3, 0xa9);
    }

    @Test
    void setReturnsItsDelimitersInOrder() {
        assertThat(anyOf(CRLF, LF).delimiters()).containsExactly(CRLF, LF);
        assertThat(anyOf(CRLF, LF).unlimited().delimiters()).containsExactly(CRLF, LF);
        assertThat(length(5).bytes()).isEqualTo(5);
    }

    @Test
    void fragmentsAndTruncatedFramesAreHoldersOfTheirBytes() {
        ByteBuf one = Unpooled.copiedBuffer("one", CharsetUtil.US_ASCII);
        FrameFragment fragment = new FrameFragment(one);
        TruncatedFrame truncated = new TruncatedFrame(one.retainedDuplicate(), LF);

        assertThat(fragment.replace(one)).isEqualTo(fragment).isNotEqualTo(truncated);
        assertThat(truncated.replace(one))
                .isEqualTo(truncated)
                .hasSameHashCodeAs(truncated)
                .isNotEqualTo(fragment)
                .isNotEqualTo(new TruncatedFrame(one, CRLF))
                .isNotEqualTo(new TruncatedFrame(Unpooled.EMPTY_BUFFER, LF));
        assertThat(truncated).doesNotHaveSameHashCodeAs(new TruncatedFrame(one, CRLF));
        assertThat(truncated.toString()).startsWith("TruncatedFrame(").endsWith(", delimiter \"\\n\")");
        assertThat(truncated.terminator()).isEqualTo(LF);
        fragment.release();
        truncated.release();
    }

    @Test
    void equalDelimitersMatchTheFirst() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(anyOf(LF.atMost(3), LF));
        EmbeddedChannel channel = new EmbeddedChannel(decoder);

        channel.writeInbound(EmbeddedInput.buffer("\n"));

        assertThat(decoder.matchedDelimiter()).isEqualTo(LF.atMost(3));
        channel.finishAndReleaseAll();
    }

    @Test
    void decoderReturnsItsLimitAndTheMatchedDelimiter() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(anyOf(CRLF, LF));
        assertThat(decoder.frameLimit()).isEqualTo(TerminatorFrameDecoder.DEFAULT_FRAME_LIMIT);
        assertThat(decoder.matchedDelimiter()).isNull();
        decoder.setFrameLimit(0);
        assertThat(decoder.frameLimit()).isZero();
        assertThat(decoder.getTerminator()).isEqualTo(anyOf(CRLF, LF));
    }
}
