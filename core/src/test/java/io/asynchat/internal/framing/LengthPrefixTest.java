package io.asynchat.internal.framing;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The number before a frame: every width in both orders, its largest values, adjustments that overflow. */
@Tag("internal")
class LengthPrefixTest {
    @ParameterizedTest
    @CsvSource({
        "1, 00, 0",
        "1, 7f, 127",
        "1, 80, 128",
        "1, ff, 255",
        "2, 0102, 258",
        "2, 8000, 32768",
        "2, ffff, 65535",
        "3, 010203, 66051",
        "3, 800000, 8388608",
        "3, ffffff, 16777215",
        "4, 01020304, 16909060",
        "4, 80000000, 2147483648",
        "4, ffffffff, 4294967295",
        "8, 0102030405060708, 72623859790382856",
        "8, 7fffffffffffffff, 9223372036854775807",
        "8, 8000000000000000, -9223372036854775808",
        "8, ffffffffffffffff, -1",
    })
    void numberIsReadAtOnceAndByteByByteAndWrittenInBothOrders(int width, String bigEndian, long number) {
        byte[] bytes = HexFormat.of().parseHex(bigEndian);
        assertRead(width, BIG_ENDIAN, bytes, number);
        byte[] reversed = new byte[width];
        for (int i = 0; i < width; i++) {
            reversed[i] = bytes[width - 1 - i];
        }
        assertRead(width, LITTLE_ENDIAN, reversed, number);
    }

    private static void assertRead(int width, ByteOrder order, byte[] bytes, long number) {
        LengthPrefix prefix = LengthPrefix.ofWidth(width, order);
        assertThat(prefix.width()).isEqualTo(width);
        ByteBuf in = Unpooled.wrappedBuffer(new byte[] {99}, bytes, new byte[] {98});
        assertThat(prefix.read(in, 1)).as("at once, %s", order).isEqualTo(number);
        assertThat(appended(prefix, bytes)).as("byte by byte, %s", order).isEqualTo(number);
        ByteBuf written = prefix.write(number, UnpooledByteBufAllocator.DEFAULT);
        assertThat(ByteBufUtil.getBytes(written)).as("written, %s", order).isEqualTo(bytes);
        written.release();
    }

    /** Reads all bytes, of which the last and no other must complete the number. */
    private static long appended(LengthPrefix prefix, byte[] bytes) {
        long number = 0;
        for (int seen = 0; seen < bytes.length; seen++) {
            assertThat(prefix.isOverlong(seen, bytes[seen])).isFalse();
            assertThat(prefix.isLast(seen, bytes[seen])).isEqualTo(seen == bytes.length - 1);
            number = prefix.append(number, seen, bytes[seen]);
        }
        return number;
    }

    @ParameterizedTest
    @CsvSource({
        "00, 0",
        "01, 1",
        "7f, 127",
        "8001, 128",
        "8000, 0",
        "ac02, 300",
        "ffff7f, 2097151",
        "ffffff7f, 268435455",
        "8080808008, 2147483648",
        "ffffffff0f, 4294967295",
    })
    void varintIsReadByteByByte(String bytes, long number) {
        LengthPrefix prefix = LengthPrefix.varint();
        assertThat(prefix.width()).isZero();
        assertThat(appended(prefix, HexFormat.of().parseHex(bytes))).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x10, 0x1f, 0x7f, 0x80, 0x8f, 0xff})
    void varintOfMoreThan32BitsOr5BytesIsOverlong(int fifth) {
        assertThat(LengthPrefix.varint().isOverlong(4, (byte) fifth)).isTrue();
        assertThat(LengthPrefix.varint().isOverlong(3, (byte) fifth)).isFalse();
        assertThat(LengthPrefix.ofWidth(8, BIG_ENDIAN).isOverlong(4, (byte) fifth))
                .isFalse();
    }

    @Test
    void varintHasNoFixedWidthToRead() {
        ByteBuf in = Unpooled.wrappedBuffer(new byte[8]);
        assertThatThrownBy(() -> LengthPrefix.varint().read(in, 0)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "5, -4, 1",
        "4, -4, 0",
        "3, -4, -1",
        "-1, 0, -1",
        "-1, 1, 0",
        "9223372036854775807, 0, 9223372036854775807",
        "9223372036854775807, 1, -1",
        "9223372036854775807, -1, 9223372036854775806",
        "9223372036854775806, 1, 9223372036854775807",
        "1, 9223372036854775807, -1",
        "0, 9223372036854775807, 9223372036854775807",
        "-9223372036854775808, -1, -1",
        "-9223372036854775808, -9223372036854775808, -1",
        "-9223372036854775808, 9223372036854775807, -1",
        "9223372036854775807, -9223372036854775808, -1",
    })
    void lengthOfTheFrameIsTheAdjustedNumberOrMinusOne(long number, long adjustment, long length) {
        LengthPrefix prefix = LengthPrefix.ofWidth(8, BIG_ENDIAN).adjustedBy(adjustment);
        assertThat(prefix.frameLength(number)).isEqualTo(length);
    }

    @Test
    void prefixesOfTheSameFormAndAdjustmentAreEqual() {
        List<LengthPrefix> different = List.of(
                LengthPrefix.varint(),
                LengthPrefix.varint().adjustedBy(1),
                LengthPrefix.ofWidth(1, BIG_ENDIAN),
                LengthPrefix.ofWidth(2, BIG_ENDIAN),
                LengthPrefix.ofWidth(2, LITTLE_ENDIAN),
                LengthPrefix.ofWidth(2, LITTLE_ENDIAN).adjustedBy(-2));
        assertThat(different).doesNotHaveDuplicates();
        assertThat(LengthPrefix.varint().adjustedBy(5).adjustedBy(0))
                .isEqualTo(LengthPrefix.varint())
                .hasSameHashCodeAs(LengthPrefix.varint())
                .isNotEqualTo("varint");
    }
}
