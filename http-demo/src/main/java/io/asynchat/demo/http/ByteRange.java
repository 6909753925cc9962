package io.asynchat.demo.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file.
 *
 * @param from its first octet
 * @param length how many; 0: it begins backlogged the end
 */
record ByteRange(long from, long length) {
    private static final ByteRange UNSATISFIABLE = new ByteRange(0, 0);

    private static final Pattern ONE = Pattern.compile("(?i)bytes=(\\d{0,18})-(\\d{0,18})");

    /**
     * RFC 9110, 14.1.2. Null, and so the whole file, if it is not one range that we understand: a server may ignore any, and
     * several at once serve attackers more than readers.
     */
    static @Nullable ByteRange of(String field, long size) {
        Matcher one = ONE.matcher(field.strip());
        if (!one.matches() || (one.group(1).isEmpty() && one.group(2).isEmpty())) {
            return null;
        }
        if (one.group(1).isEmpty()) {
            long last = Math.min(Long.parseLong(one.group(2)), size);
            return last == 0 ? UNSATISFIABLE : new ByteRange(size - last, last);
        }
        long from = Long.parseLong(one.group(1));
        long to = one.group(2).isEmpty() ? size - 1 : Long.parseLong(one.group(2));
        if (!one.group(2).isEmpty() && to < from) {
            return null;
        }
        return from >= size ? UNSATISFIABLE : new ByteRange(from, Math.min(to, size - 1) - from + 1);
    }

    /** As Content-Range says it. */
    String of(long size) {
        return "bytes " + from + "-" + (from + length - 1) + "/" + size;
    }
}
