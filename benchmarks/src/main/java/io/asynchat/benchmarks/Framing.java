package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What ends the frames of a stream. */
sealed interface Framing {

    /** Each frame ends at these bytes. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Delimited(byte[] delimiter) implements Framing {}

    /** Each frame has so many bytes. */
    record Fixed(int length) implements Framing {}

    /** Each frame comes after its length, four bytes, the highest first. */
    record Prefixed() implements Framing {
        static final int BYTES = 4;
    }

    /** A head up to a blank line, which ends with a number: then so many bytes of body. Both are frames. */
    record HeadAndBody() implements Framing {
        static final byte[] BLANK_LINE = "\r\n\r\n".getBytes(US_ASCII);
    }

    /** Cuts a whole stream in the plainest way, which all others are compared with. */
    default List<byte[]> split(byte[] stream) {
        List<byte[]> frames = new ArrayList<>();
        int at = 0;
        while (at < stream.length) {
            if (this instanceof Fixed fixed) {
                at = take(stream, at, fixed.length(), frames);
            } else if (this instanceof Prefixed) {
                int length = TrailingNumber.bigEndian(stream, at);
                at = take(stream, at + Prefixed.BYTES, length, frames);
            } else if (this instanceof Delimited delimited) {
                at = takeTo(stream, at, delimited.delimiter(), frames);
            } else {
                at = takeTo(stream, at, HeadAndBody.BLANK_LINE, frames);
                at = take(stream, at, (int) TrailingNumber.of(frames.get(frames.size() - 1)), frames);
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
