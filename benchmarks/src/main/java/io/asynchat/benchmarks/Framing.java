package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Defines where the frames of a stream end. */
sealed interface Framing {

    /** Each frame ends with a delimiter. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Delimited(byte[] delimiter) implements Framing {}

    /** All frames have the same length in bytes. */
    record Fixed(int length) implements Framing {}

    /**
     * Each frame follows its length, a big-endian number of four bytes.
     *
     * @param oneTerminator whether core reads prefix and frame by one terminator; otherwise it alternates between two
     */
    record Prefixed(boolean oneTerminator) implements Framing {
        static final int BYTES = 4;
    }

    /** A head that ends with a blank line alternates with a body, whose length the head ends with. Both are frames. */
    record HeadAndBody() implements Framing {
        static final byte[] BLANK_LINE = "\r\n\r\n".getBytes(US_ASCII);
    }

    /** Splits a whole stream in the simplest way. Candidates are verified against the result. */
    default List<byte[]> split(byte[] stream) {
        List<byte[]> frames = new ArrayList<>();
        int index = 0;
        while (index < stream.length) {
            if (this instanceof Fixed fixed) {
                index = take(stream, index, fixed.length(), frames);
            } else if (this instanceof Prefixed) {
                int length = TrailingNumber.bigEndian(stream, index);
                index = take(stream, index + Prefixed.BYTES, length, frames);
            } else if (this instanceof Delimited delimited) {
                index = takeTo(stream, index, delimited.delimiter(), frames);
            } else {
                index = takeTo(stream, index, HeadAndBody.BLANK_LINE, frames);
                index = take(stream, index, (int) TrailingNumber.of(frames.get(frames.size() - 1)), frames);
            }
        }
        return frames;
    }

    private static int take(byte[] stream, int from, int length, List<byte[]> frames) {
        frames.add(Arrays.copyOfRange(stream, from, from + length));
        return from + length;
    }

    private static int takeTo(byte[] stream, int from, byte[] delimiter, List<byte[]> frames) {
        int end = from;
        while (!Arrays.equals(stream, end, end + delimiter.length, delimiter, 0, delimiter.length)) {
            end++;
        }
        return take(stream, from, end - from, frames) + delimiter.length;
    }
}
