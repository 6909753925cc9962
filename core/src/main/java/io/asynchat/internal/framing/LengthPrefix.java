package io.asynchat.internal.framing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The form of a binary number that announces the length of the frame after it: its width and byte order, or a varint
 * (LEB128, as protobuf), and its adjustment.
 *
 * <p>Numbers of 1 to 4 bytes are unsigned, of 8 bytes signed, and a varint has 32 bits, unsigned, in 5 bytes at most. A
 * number is read at once where it lies in one piece ({@link #read}), or byte by byte ({@link #append}).
 *
 * <p><b>Thread.</b> Immutable.
 */
public final class LengthPrefix {
    private static final int VARINT = 0;
    private static final int MAX_VARINT_BYTES = 5;

    private final int form; // the width if big-endian, its negative if little-endian, or VARINT
    private final int width;
    private final long adjustment;

    private LengthPrefix(int form, long adjustment) {
        this.form = form;
        this.width = Math.abs(form);
        this.adjustment = adjustment;
    }

    /**
     * Returns the prefix of a number of this many bytes.
     *
     * @param bytes 1, 2, 3, 4 or 8
     * @throws IllegalArgumentException for any other number
     */
    public static LengthPrefix ofWidth(int bytes, ByteOrder order) {
        if (bytes < 1 || bytes > 8 || (bytes > 4 && bytes < 8)) {
            throw new IllegalArgumentException("length prefix: " + bytes + " bytes (expected: 1, 2, 3, 4 or 8)");
        }
        return new LengthPrefix(bytes == 1 || order == ByteOrder.BIG_ENDIAN ? bytes : -bytes, 0);
    }

    /** Returns the prefix of a varint. */
    public static LengthPrefix varint() {
        return new LengthPrefix(VARINT, 0);
    }

    /** Returns the same prefix with {@code bytes} added to each number, in place of an earlier adjustment. */
    public LengthPrefix adjustedBy(long bytes) {
        return new LengthPrefix(form, bytes);
    }

    /** Returns the number of bytes of a number of fixed width, 0 for a varint. */
    public int width() {
        return width;
    }

    /**
     * Reads a number of fixed width, all of whose bytes are in the buffer, without the adjustment.
     *
     * @throws IllegalStateException if this is a varint
     */
    public long read(ByteBuf in, int index) {
        return switch (form) {
            case 1 -> in.getUnsignedByte(index);
            case 2 -> in.getUnsignedShort(index);
            case 3 -> in.getUnsignedMedium(index);
            case 4 -> in.getUnsignedInt(index);
            case 8 -> in.getLong(index);
            case -2 -> in.getUnsignedShortLE(index);
            case -3 -> in.getUnsignedMediumLE(index);
            case -4 -> in.getUnsignedIntLE(index);
            case -8 -> in.getLongLE(index);
            default -> throw new IllegalStateException("a varint has no fixed width (expected: append)");
        };
    }

    /** Writes a number of fixed width as {@link #read} reads it; the caller owns the buffer. */
    ByteBuf write(long number, ByteBufAllocator alloc) {
        ByteBuf bytes = alloc.buffer(width, width);
        for (int i = 0; i < width; i++) {
            bytes.writeByte((int) (number >>> (Byte.SIZE * (form > 0 ? width - 1 - i : i))));
        }
        return bytes;
    }

    /**
     * Returns the number with one more byte.
     *
     * @param number that of the bytes before, 0 if there are none
     * @param seen the number of bytes before
     */
    public long append(long number, int seen, byte b) {
        if (form == VARINT) {
            return number | ((b & 0x7fL) << (7 * seen));
        }
        return form > 0 ? (number << Byte.SIZE) | (b & 0xffL) : number | ((b & 0xffL) << (Byte.SIZE * seen));
    }

    /** Returns whether this byte, after {@code seen} others, completes the number. */
    public boolean isLast(int seen, byte b) {
        return form == VARINT ? b >= 0 : seen + 1 == width;
    }

    /** Returns whether this byte, after {@code seen} others, makes the number a varint of more than 5 bytes or 32 bits. */
    public boolean isOverlong(int seen, byte b) {
        return form == VARINT && seen >= MAX_VARINT_BYTES - 1 && (b & 0xf0) != 0;
    }

    /** Returns the length of the frame that this number announces, or -1 if it overflows or is negative. */
    public long frameLength(long number) {
        long length = number + adjustment;
        boolean overflows = ((number ^ length) & (adjustment ^ length)) < 0;
        return overflows || length < 0 ? -1 : length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LengthPrefix that && form == that.form && adjustment == that.adjustment;
    }

    @Override
    public int hashCode() {
        return Objects.hash(form, adjustment);
    }

    /** Returns a description such as {@code 4-byte big-endian length prefix, adjusted by -4}. */
    @Override
    public String toString() {
        String order = width <= 1 ? "" : form > 0 ? " big-endian" : " little-endian";
        String number = form == VARINT ? "varint" : width + "-byte" + order;
        return number + " length prefix" + (adjustment == 0 ? "" : ", adjusted by " + adjustment);
    }

    /**
     * Reads numbers of a prefix, at once or as their bytes are received. Bytes of a number that is not complete are held, so that
     * another reading can begin with them.
     */
    static final class Scanner {
        private @Nullable LengthPrefix prefix; // of the reading in force
        private long bytes; // held, the first one lowest
        private int held; // their number
        private int width; // of the last number that was complete, in bytes; 0 if it was read at once
        private long number; // the last one that was complete
        private boolean overlong; // it was a varint that has no end

        void begin(LengthPrefix prefix) {
            this.prefix = prefix;
            held = 0;
            overlong = false;
        }

        int held() {
            return held;
        }

        void clear() {
            held = 0;
        }

        /** Continues to read. Returns false if it needs more bytes. */
        boolean scan(ReceiveBuffer received) {
            LengthPrefix prefix = Objects.requireNonNull(this.prefix);
            int width = prefix.width();
            if (held == 0 && width > 0 && received.end - received.index >= width) {
                number = prefix.read(Objects.requireNonNull(received.current), received.index);
                this.width = 0;
                received.index += width;
                return true;
            }
            while (received.index < received.end || received.advance()) {
                byte next = Objects.requireNonNull(received.current).getByte(received.index++);
                overlong = prefix.isOverlong(held, next);
                boolean last = overlong || prefix.isLast(held, next);
                bytes = (held == 0 ? 0 : bytes) | (next & 0xffL) << (Byte.SIZE * held);
                held++;
                if (last) {
                    number = toNumber(prefix);
                    this.width = held;
                    held = 0;
                    return true;
                }
            }
            return false;
        }

        private long toNumber(LengthPrefix prefix) {
            long sum = 0;
            for (int i = 0; i < held; i++) {
                sum = prefix.append(sum, i, byteAt(i));
            }
            return sum;
        }

        private byte byteAt(int index) {
            return (byte) (bytes >>> (Byte.SIZE * index));
        }

        /** Returns the length that the complete number announces; negative if it is invalid. */
        long frameLength() {
            return overlong ? -1 : Objects.requireNonNull(prefix).frameLength(number);
        }

        /** Returns the complete number as text for a message. */
        String describe() {
            return overlong ? "a varint of more than 5 bytes or 32 bits" : Long.toString(number);
        }

        /** Returns the held bytes, which the caller owns and which are no longer held. */
        ByteBuf takeHeld(ByteBufAllocator alloc) {
            int length = held;
            held = 0;
            return copy(length, alloc);
        }

        /** Returns the bytes of the last number that was complete, as they were received; the caller owns them. */
        ByteBuf takeNumber(ByteBufAllocator alloc) {
            return width > 0
                    ? copy(width, alloc)
                    : Objects.requireNonNull(prefix).write(number, alloc);
        }

        private ByteBuf copy(int length, ByteBufAllocator alloc) {
            ByteBuf copy = alloc.buffer(length, length);
            for (int i = 0; i < length; i++) {
                copy.writeByte(byteAt(i));
            }
            return copy;
        }
    }
}
