package io.asynchat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What ends a frame: a delimiter, one of several delimiters, a number of bytes, or nothing.
 *
 * <p>A terminator is a value: immutable, comparable, safe to keep in a constant and to share between connections and
 * threads. The search for a delimiter is prepared when the terminator is made, so that setting one costs nothing; make
 * delimiters once, lengths whenever one is known.
 *
 * <p><b>Limit.</b> Each terminator carries the limit of the frames that it ends, in bytes, the delimiter not counted.
 * Without one of its own ({@code atMost}, {@code unlimited}) the decoder's default holds
 * ({@link TerminatorFrameDecoder#DEFAULT_FRAME_LIMIT}). The limit of a length matters only where the frame is held
 * whole; a length that is streamed needs none.
 *
 * <p><b>Source.</b> asynchat's {@code set_terminator}: bytes, an integer, or None.
 */
// Longer than other files: it holds its four kinds, which are sealed, and most of it is contract.
public abstract sealed class Terminator {

    /** One line feed. */
    public static final Delimiter LF = delimiter("\n".getBytes(StandardCharsets.US_ASCII));

    /** Carriage return, line feed: the end of a line in most Internet protocols. */
    public static final Delimiter CRLF = delimiter("\r\n".getBytes(StandardCharsets.US_ASCII));

    /** Two line ends: the end of the head of an HTTP, SIP or LSP message that has at least one header line. */
    public static final Delimiter BLANK_LINE = delimiter("\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

    static final long DEFAULT = -1;

    /** Lengths that are asked for again and again, for a frame each: then it costs no object. */
    private static final FixedLength[] SMALL = new FixedLength[256];

    static {
        Arrays.setAll(SMALL, length -> new FixedLength(length, DEFAULT));
    }

    private final long limit;
    private final @Nullable DelimiterSearch search; // shared by all that differ only in the limit

    private Terminator(long limit, @Nullable DelimiterSearch search) {
        this.limit = limit;
        this.search = search;
    }

    /** How to find it; null where there is nothing to be found. */
    final @Nullable DelimiterSearch search() {
        return search;
    }

    /**
     * Ends a frame at the first occurrence of these bytes, which are then dropped.
     *
     * @param bytes at least one; copied
     * @throws IllegalArgumentException if there are none
     */
    public static Delimiter delimiter(byte... bytes) {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("delimiter: 0 bytes (expected: >= 1; Terminator.none() ends nothing)");
        }
        return new Delimiter(bytes.clone());
    }

    /**
     * Ends a frame at the first occurrence of this text, encoded in UTF-8.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public static Delimiter delimiter(String text) {
        return delimiter(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Ends a frame at whichever delimiter ends first in the stream, and at the longest of those that end there.
     *
     * <p>A delimiter that is the beginning of another therefore always wins over it. The set has one limit of its own;
     * those of its members are not looked at. Which one matched is told by
     * {@link TerminatorFrameDecoder#matchedDelimiter()}.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static AnyDelimiter anyOf(Delimiter... delimiters) {
        if (delimiters.length == 0) {
            throw new IllegalArgumentException("delimiters: 0 (expected: >= 1)");
        }
        return new AnyDelimiter(List.of(delimiters));
    }

    /**
     * Ends a frame after this many bytes; zero ends an empty frame at once, with no byte needed. A length is used once:
     * at its end the terminator is {@link #none()} until another is set.
     *
     * @param bytes 0 to 2^63-1
     * @throws IllegalArgumentException if negative
     */
    public static FixedLength length(long bytes) {
        return bytes >= 0 && bytes < SMALL.length
                ? SMALL[(int) bytes]
                : new FixedLength(notNegative(bytes, "length"), DEFAULT);
    }

    /**
     * A length as a peer writes it, in decimal digits and nothing else: no sign, no blank, no leading zero.
     *
     * <p>It is a claim. Where the frame is held whole, one beyond the limit is refused before its first byte.
     *
     * @throws io.netty.handler.codec.CorruptedFrameException if it is anything else, or more than 2^63-1
     */
    public static FixedLength parseLength(CharSequence digits) {
        return length(Digits.value(digits));
    }

    /** Ends nothing: all that comes is data. */
    public static None none() {
        return None.INSTANCE;
    }

    /** The most bytes that a frame may have, or {@link Long#MAX_VALUE}; the argument is the decoder's own limit. */
    final long limitOr(long byDefault) {
        return limit == DEFAULT ? byDefault : limit;
    }

    private static long notNegative(long value, String name) {
        if (value < 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 0)");
        }
        return value;
    }

    final String limitSuffix() {
        return limit == DEFAULT ? "" : limit == Long.MAX_VALUE ? ", unlimited" : ", at most " + limit + " bytes";
    }

    final boolean sameLimit(Terminator other) {
        return limit == other.limit;
    }

    /** The bytes that end a frame. */
    public static final class Delimiter extends Terminator {
        private final byte[] bytes;

        private Delimiter(byte[] bytes) {
            super(DEFAULT, new DelimiterSearch(bytes));
            this.bytes = bytes;
        }

        private Delimiter(Delimiter like, long limit) {
            super(limit, like.search());
            this.bytes = like.bytes;
        }

        /** The same, for frames of at most this many bytes, zero or more. */
        public Delimiter atMost(long bytes) {
            return new Delimiter(this, notNegative(bytes, "limit"));
        }

        /** The same, for frames of any size: their bytes are then bounded by nothing. */
        public Delimiter unlimited() {
            return new Delimiter(this, Long.MAX_VALUE);
        }

        /** How many bytes it has, at least one. */
        public int length() {
            return bytes.length;
        }

        /** A copy of its bytes. */
        public byte[] bytes() {
            return bytes.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Delimiter that && Arrays.equals(bytes, that.bytes) && sameLimit(that);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "delimiter " + Visible.bytes(bytes) + limitSuffix();
        }
    }

    /** Several delimiters, of which the first to end in the stream ends the frame. */
    public static final class AnyDelimiter extends Terminator {
        private final List<Delimiter> delimiters;

        private AnyDelimiter(List<Delimiter> delimiters) {
            super(
                    DEFAULT,
                    new DelimiterSearch(delimiters.stream().map(d -> d.bytes).toArray(byte[][]::new)));
            this.delimiters = delimiters;
        }

        private AnyDelimiter(AnyDelimiter like, long limit) {
            super(limit, like.search());
            this.delimiters = like.delimiters;
        }

        /** The same, for frames of at most this many bytes, zero or more. */
        public AnyDelimiter atMost(long bytes) {
            return new AnyDelimiter(this, notNegative(bytes, "limit"));
        }

        /** The same, for frames of any size: their bytes are then bounded by nothing. */
        public AnyDelimiter unlimited() {
            return new AnyDelimiter(this, Long.MAX_VALUE);
        }

        /** The delimiters, in the order in which they were given. */
        public List<Delimiter> delimiters() {
            return delimiters;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof AnyDelimiter that && delimiters.equals(that.delimiters) && sameLimit(that);
        }

        @Override
        public int hashCode() {
            return delimiters.hashCode();
        }

        @Override
        public String toString() {
            return "any of " + delimiters + limitSuffix();
        }
    }

    /** A number of bytes. */
    public static final class FixedLength extends Terminator {
        private final long bytes;

        private FixedLength(long bytes, long limit) {
            super(limit, null);
            this.bytes = bytes;
        }

        /** The same, refused where the frame would be held whole and has more than this many bytes. */
        public FixedLength atMost(long limit) {
            return new FixedLength(bytes, notNegative(limit, "limit"));
        }

        /** The same, held whole whatever its size. */
        public FixedLength unlimited() {
            return new FixedLength(bytes, Long.MAX_VALUE);
        }

        /** How many bytes, or how many are still to come: a length that is asked of a decoder counts down. */
        public long bytes() {
            return bytes;
        }

        FixedLength remaining(long bytes) {
            return bytes == this.bytes ? this : new FixedLength(bytes, limitOr(DEFAULT));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof FixedLength that && bytes == that.bytes && sameLimit(that);
        }

        @Override
        public int hashCode() {
            return Objects.hash(bytes);
        }

        @Override
        public String toString() {
            return "length " + bytes + limitSuffix();
        }
    }

    /** No end. */
    public static final class None extends Terminator {
        private static final None INSTANCE = new None();

        private None() {
            super(DEFAULT, null);
        }

        @Override
        public String toString() {
            return "none";
        }
    }
}
