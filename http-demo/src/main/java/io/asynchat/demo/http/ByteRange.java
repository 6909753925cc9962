package io.asynchat.demo.http;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file.
 *
 * @param from its first octet
 * @param length its length; 0 if the request cannot be satisfied
 */
record ByteRange(long from, long length) {
    private static final ByteRange UNSATISFIABLE = new ByteRange(0, 0);

    private static final Pattern SPEC = Pattern.compile("(\\d*)-(\\d*)");
    private static final String UNIT = "bytes=";

    /**
     * Parses the value of a Range field (RFC 9110, 14.1.2 and 14.2). Returns null, for the whole file, if it is not a single
     * valid range: a server may ignore any, and several at once are of more use to attackers than to readers.
     */
    static @Nullable ByteRange parse(String field, long size) {
        String value = field.strip();
        if (!value.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
            return null;
        }
        List<String> specs = Arrays.stream(value.substring(UNIT.length()).split(",", -1))
                .map(String::strip)
                .filter(spec -> !spec.isEmpty())
                .toList();
        return specs.size() == 1 ? parseSpec(specs.get(0), size) : null;
    }

    private static @Nullable ByteRange parseSpec(String spec, long size) {
        Matcher range = SPEC.matcher(spec);
        if (!range.matches() || spec.equals("-")) {
            return null;
        }
        if (range.group(1).isEmpty()) {
            return suffix(number(range.group(2)), size);
        }
        long from = number(range.group(1));
        long last = range.group(2).isEmpty() ? Long.MAX_VALUE : number(range.group(2));
        if (last < from) {
            return null;
        }
        return from >= size ? UNSATISFIABLE : new ByteRange(from, Math.min(last, size - 1) - from + 1);
    }

    /** A suffix that is longer than the file is all of it; of an empty file too, which then needs no range. */
    private static @Nullable ByteRange suffix(long length, long size) {
        if (length == 0) {
            return UNSATISFIABLE;
        }
        long last = Math.min(length, size);
        return last == 0 ? null : new ByteRange(size - last, last);
    }

    /** A number that is too long for any file is the largest one. */
    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException tooLarge) {
            return Long.MAX_VALUE;
        }
    }

    /** Returns the value of Content-Range. */
    String contentRange(long size) {
        return "bytes " + from + "-" + (from + length - 1) + "/" + size;
    }
}
