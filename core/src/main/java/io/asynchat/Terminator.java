package io.asynchat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.internal.framing.DelimiterSearch;
import io.asynchat.internal.framing.LengthPrefix;
import io.netty.handler.codec.CorruptedFrameException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The end of a frame: a delimiter, one of several, a number of bytes, a number that the stream announces, or nothing.
 *
 * <p>A terminator is a value: immutable, comparable, safe to keep in a constant and to share between connections and
 * threads. The search for a delimiter is prepared when the terminator is made, so that setting one costs nothing; create
 * delimiters and prefixes once, lengths whenever one is known.
 *
 * <pre>{@code
 * setTerminator(Terminator.CRLF.atMost(80));
 * setTerminator(Terminator.parseLength("5"));
 * }</pre>
 *
 * <p><b>Limits.</b> A terminator carries the limit of the frames that it ends, in bytes, neither delimiter nor prefix
 * counted. Without a limit of its own ({@code atMost}, {@code unlimited}) the decoder's default holds
 * ({@link TerminatorFrameDecoder#DEFAULT_FRAME_LIMIT}), whether the frame is streamed or gathered. A length or a length
 * prefix that announces more is refused before a byte of the frame is awaited; a long body therefore needs
 * {@code unlimited()} or {@code atMost(more)}. The exception is a {@link FrameTooLongException}.
 *
 * <p><b>Source.</b> asynchat's {@code set_terminator}: bytes, an integer, or None.
 */
// Longer than other files: it holds its five kinds, which are sealed, and most of it is contract.
public abstract sealed class Terminator {

    /** One line feed. */
    public static final Delimiter LF = delimiter("\n");

    /** Carriage return, line feed: the end of a line in most Internet protocols. */
    public static final Delimiter CRLF = delimiter("\r\n");

    /** Two line ends: the end of the head of an HTTP, SIP or LSP message that has at least one header line. */
    public static final Delimiter BLANK_LINE = delimiter("\r\n\r\n");

    /** {@link #LF} or {@link #CRLF}: the end of a line in either form. Found as fast as LF alone. */
    public static final AnyDelimiter LINE = anyOf(LF, CRLF);

    static final int NONE = 0;
    static final int LENGTH = 1;
    static final int DELIMITER = 2;
    static final int PREFIX = 3;

    private static final long DEFAULT = -1;

    /** Short lengths, which are set often: they cost no object. */
    private static final FixedLength[] SMALL = LongStream.range(0, 256)
            .mapToObj(bytes -> new FixedLength(bytes, DEFAULT))
            .toArray(FixedLength[]::new);

    private final int kind;
    private final long limit;
    private final @Nullable DelimiterSearch search; // shared by terminators that differ only in the limit

    private Terminator(int kind, long limit, @Nullable DelimiterSearch search) {
        this.kind = kind;
        this.limit = limit;
        this.search = search;
    }

    /**
     * Returns a terminator that ends a frame at the first occurrence of these bytes, which are then dropped.
     *
     * @param bytes at least one; copied
     */
    public static Delimiter delimiter(byte[] bytes) {
        if (Checks.notNull(bytes, "bytes").length == 0) {
            throw new IllegalArgumentException("delimiter: 0 bytes (expected: >= 1; Terminator.none() ends nothing)");
        }
        byte[] own = bytes.clone();
        return new Delimiter(own, new DelimiterSearch(own), DEFAULT);
    }

    /** Returns a terminator that ends a frame at the first occurrence of this text, encoded in UTF-8; not empty. */
    public static Delimiter delimiter(String text) {
        return delimiter(Checks.notNull(text, "text").getBytes(UTF_8));
    }

    /**
     * Returns a terminator that ends a frame at whichever delimiter ends first in the stream, and at the longest of those
     * that end there.
     *
     * <p>A delimiter that is the beginning of another therefore always wins over it. The set has one limit of its own;
     * those of its members are ignored. {@link TerminatorFrameDecoder#matchedDelimiter()} gives the one that matched.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static AnyDelimiter anyOf(Delimiter... delimiters) {
        if (Checks.notNull(delimiters, "delimiters").length == 0) {
            throw new IllegalArgumentException("delimiters: 0 (expected: >= 1)");
        }
        byte[][] bytes = new byte[delimiters.length][];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = Checks.notNull(delimiters[i], "delimiters[" + i + "]").bytes;
        }
        return new AnyDelimiter(List.of(delimiters), new DelimiterSearch(bytes), DEFAULT);
    }

    /**
     * Returns a terminator that ends a frame after this many bytes; zero ends an empty frame at once, with no byte needed.
     * A length is used once: at its end the terminator is {@link #none()} until another is set.
     *
     * <p>A length above the limit is refused as soon as the callback that set it has returned, without waiting for a byte.
     *
     * @param bytes 0 to 2^63-1
     * @throws IllegalArgumentException if negative
     */
    public static FixedLength length(long bytes) {
        return bytes >= 0 && bytes < SMALL.length
                ? SMALL[(int) bytes]
                : new FixedLength(Checks.notNegative(bytes, "length"), DEFAULT);
    }

    /**
     * Returns the length that a peer has written in decimal digits: no sign, no blank, no leading zero, which some programs
     * read as octal.
     *
     * @throws CorruptedFrameException if the text is not such a number, or more than 2^63-1
     */
    public static FixedLength parseLength(CharSequence digits) {
        int count = Checks.notNull(digits, "digits").length();
        long value = 0;
        boolean valid = count > 0;
        for (int i = 0; valid && i < count; i++) {
            int digit = digits.charAt(i) - '0'; // Long.parseLong takes signs, and the digits of any script
            valid = digit >= 0 && digit <= 9 && value <= (Long.MAX_VALUE - digit) / 10;
            value = value * 10 + digit;
        }
        boolean leadingZero = valid && count > 1 && digits.charAt(0) == '0';
        if (!valid || leadingZero) {
            String shown = Checks.printable(digits.toString().getBytes(UTF_8));
            String expected = leadingZero ? "no leading zeros" : "decimal, 0 to " + Long.MAX_VALUE;
            throw new CorruptedFrameException("length: " + shown + " (expected: " + expected + ")");
        }
        return length(value);
    }

    /**
     * Returns a terminator that reads a binary number, then ends a frame after as many bytes; the number is not part of
     * the frame. It stays in force frame after frame, as a delimiter does.
     *
     * <p>Numbers of 1 to 4 bytes are unsigned, of 8 bytes signed. One that is negative after adjustment, or overflows, is
     * a {@link CorruptedFrameException}, and nothing more is delivered.
     *
     * @param bytes the width of the number: 1, 2, 3, 4 or 8
     */
    public static LengthPrefixed lengthPrefix(int bytes, ByteOrder order) {
        return new LengthPrefixed(LengthPrefix.ofWidth(bytes, Checks.notNull(order, "order")), DEFAULT);
    }

    /**
     * Returns a terminator like {@link #lengthPrefix}, with a number in protobuf's encoding (LEB128): seven bits a byte,
     * the low ones first, the top bit set in all bytes but the last.
     *
     * <p>A number has 32 bits at most, unsigned. One of more than 5 bytes or 32 bits is a {@link CorruptedFrameException}.
     */
    public static LengthPrefixed varintPrefix() {
        return new LengthPrefixed(LengthPrefix.varint(), DEFAULT);
    }

    /** Returns the terminator that ends nothing: all bytes are data. */
    public static None none() {
        return None.INSTANCE;
    }

    final int kind() {
        return kind;
    }

    /** Returns the search for the delimiters; for {@link #DELIMITER} only. */
    final DelimiterSearch search() {
        return Objects.requireNonNull(search);
    }

    /** Returns a delimiter by its index in the search; for {@link #DELIMITER} only. */
    final Delimiter delimiterAt(int index) {
        return this instanceof AnyDelimiter any ? any.delimiters.get(index) : (Delimiter) this;
    }

    /** Returns the form of the number; for {@link #PREFIX} only. */
    final LengthPrefix prefix() {
        return ((LengthPrefixed) this).prefix;
    }

    /** Returns the limit, {@link Long#MAX_VALUE} for none, or the argument if the terminator does not carry one. */
    final long limitOr(long byDefault) {
        return limit == DEFAULT ? byDefault : limit;
    }

    final boolean hasLimit() {
        return limit != DEFAULT;
    }

    /** Returns what makes it equal to others with the same limit. */
    abstract Object value();

    /** Describes the terminator without its limit. */
    abstract String description();

    @Override
    public final boolean equals(Object other) {
        return other instanceof Terminator that && limit == that.limit && value().equals(that.value());
    }

    @Override
    public final int hashCode() {
        return value().hashCode();
    }

    @Override
    public final String toString() {
        String suffix =
                limit == DEFAULT ? "" : limit == Long.MAX_VALUE ? ", unlimited" : ", at most " + limit + " bytes";
        return description() + suffix;
    }

    /** The bytes that end a frame. */
    public static final class Delimiter extends Terminator {
        private final byte[] bytes;

        private Delimiter(byte[] bytes, DelimiterSearch search, long limit) {
            super(DELIMITER, limit, search);
            this.bytes = bytes;
        }

        /** Returns the same delimiter for frames of at most this many bytes, zero or more. */
        public Delimiter atMost(long bytes) {
            return new Delimiter(this.bytes, search(), Checks.notNegative(bytes, "limit"));
        }

        /** Returns the same delimiter for frames of any size. */
        public Delimiter unlimited() {
            return new Delimiter(bytes, search(), Long.MAX_VALUE);
        }

        /** Returns the number of its bytes, at least one. */
        public int length() {
            return bytes.length;
        }

        /** Returns a copy of its bytes. */
        public byte[] bytes() {
            return bytes.clone();
        }

        @Override
        Object value() {
            return ByteBuffer.wrap(bytes);
        }

        @Override
        String description() {
            return "delimiter " + Checks.printable(bytes);
        }
    }

    /** Several delimiters, of which the first to end in the stream ends the frame. */
    public static final class AnyDelimiter extends Terminator {
        private final List<Delimiter> delimiters;

        private AnyDelimiter(List<Delimiter> delimiters, DelimiterSearch search, long limit) {
            super(DELIMITER, limit, search);
            this.delimiters = delimiters;
        }

        /** Returns the same set for frames of at most this many bytes, zero or more. */
        public AnyDelimiter atMost(long bytes) {
            return new AnyDelimiter(delimiters, search(), Checks.notNegative(bytes, "limit"));
        }

        /** Returns the same set for frames of any size. */
        public AnyDelimiter unlimited() {
            return new AnyDelimiter(delimiters, search(), Long.MAX_VALUE);
        }

        /** Returns the delimiters, in the order in which they were given. */
        public List<Delimiter> delimiters() {
            return delimiters;
        }

        @Override
        Object value() {
            return delimiters;
        }

        @Override
        String description() {
            return "any of " + delimiters;
        }
    }

    /** A number of bytes, used for one frame. */
    public static final class FixedLength extends Terminator {
        private final long bytes;

        private FixedLength(long bytes, long limit) {
            super(LENGTH, limit, null);
            this.bytes = bytes;
        }

        /** Returns the same length, refused if it is more than this. */
        public FixedLength atMost(long limit) {
            return new FixedLength(bytes, Checks.notNegative(limit, "limit"));
        }

        /** Returns the same length without a limit. */
        public FixedLength unlimited() {
            return new FixedLength(bytes, Long.MAX_VALUE);
        }

        /** Returns the number of bytes; of a length returned by a handler or decoder, the number that is outstanding. */
        public long bytes() {
            return bytes;
        }

        FixedLength remaining(long bytes) {
            return bytes == this.bytes ? this : new FixedLength(bytes, limitOr(DEFAULT));
        }

        @Override
        Object value() {
            return bytes;
        }

        @Override
        String description() {
            return "length " + bytes;
        }
    }

    /** A binary number before each frame, which announces its length. */
    public static final class LengthPrefixed extends Terminator {
        private final LengthPrefix prefix;

        private LengthPrefixed(LengthPrefix prefix, long limit) {
            super(PREFIX, limit, null);
            this.prefix = prefix;
        }

        /**
         * Returns the same prefix with {@code bytes} added to each number, in place of an earlier adjustment: negative if
         * the number counts bytes that are not part of the frame, as its own, positive if it leaves out some that are.
         */
        public LengthPrefixed adjustedBy(long bytes) {
            return new LengthPrefixed(prefix.adjustedBy(bytes), limitOr(DEFAULT));
        }

        /** Returns the same prefix for frames of at most this many bytes, zero or more. */
        public LengthPrefixed atMost(long bytes) {
            return new LengthPrefixed(prefix, Checks.notNegative(bytes, "limit"));
        }

        /** Returns the same prefix for frames of any size. */
        public LengthPrefixed unlimited() {
            return new LengthPrefixed(prefix, Long.MAX_VALUE);
        }

        @Override
        Object value() {
            return prefix;
        }

        @Override
        String description() {
            return prefix.toString();
        }
    }

    /** No end. */
    public static final class None extends Terminator {
        private static final None INSTANCE = new None();

        private None() {
            super(NONE, DEFAULT, null);
        }

        @Override
        Object value() {
            return "none";
        }

        @Override
        String description() {
            return "none";
        }
    }
}
