package io.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** Reads the bytes of an input as choices; after its end each choice is the first. */
final class FuzzInput {
    private static final List<String> DELIMITERS =
            List.of("\n", "\r\n", "a", "ab", "aab", "abab", "\r\n\r\n", "\0", "aaaab");

    private final byte[] bytes;
    private int at; // the next byte

    FuzzInput(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean hasNext() {
        return at < bytes.length;
    }

    /** Returns a number below {@code bound}, at most 256. */
    int next(int bound) {
        return hasNext() ? (bytes[at++] & 0xff) % bound : 0;
    }

    boolean nextBoolean() {
        return next(2) == 1;
    }

    <T> T oneOf(T[] all) {
        return all[next(all.length)];
    }

    byte[] take(int max) {
        int from = at;
        at = Math.min(bytes.length, at + max);
        return Arrays.copyOfRange(bytes, from, at);
    }

    byte[] rest() {
        return take(bytes.length);
    }

    Terminator terminator() {
        int choice = next(13);
        return switch (choice) {
            case 0 -> Terminator.LINE;
            case 1 -> Terminator.CRLF;
            case 2, 3, 4 -> limitedDelimiter();
            case 5 -> Terminator.anyOf(delimiter(), delimiter(), delimiter());
            case 6, 7 -> limitedLength(next(16));
            case 8 -> Terminator.length(Long.MAX_VALUE).unlimited();
            case 9 -> Terminator.lengthPrefix(1, ByteOrder.BIG_ENDIAN);
            case 10 ->
                Terminator.lengthPrefix(2, ByteOrder.LITTLE_ENDIAN)
                        .adjustedBy(-1)
                        .atMost(40);
            case 11 -> Terminator.varintPrefix();
            default -> Terminator.none();
        };
    }

    private Terminator limitedDelimiter() {
        int limit = next(12);
        Terminator.Delimiter made = delimiter();
        return limit == 0 ? made : limit == 11 ? made.unlimited() : made.atMost(limit);
    }

    private Terminator limitedLength(int length) {
        return next(4) == 1 ? Terminator.length(length).atMost(8) : Terminator.length(length);
    }

    private Terminator.Delimiter delimiter() {
        return Terminator.delimiter(DELIMITERS.get(next(DELIMITERS.size())).getBytes(ISO_8859_1));
    }
}
