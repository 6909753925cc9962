package io.asynchat;

import io.netty.channel.ChannelOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Checks of arguments, and the form of their messages: {@code name: value (expected: range)}. */
final class Checks {
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private static final int MAX_BYTES = 64;

    private Checks() {}

    static long notNegative(long value, String name) {
        if (value < 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 0)");
        }
        return value;
    }

    static int notNegative(int value, String name) {
        if (value < 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 0)");
        }
        return value;
    }

    static int positive(int value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
        return value;
    }

    /** Returns the duration if timers can be set to it. */
    static Duration notNegative(Duration value, String name) {
        if (notNull(value, name).isNegative() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 0 to " + LONGEST + ")");
        }
        return value;
    }

    static Duration positive(Duration value, String name) {
        if (notNegative(value, name).isZero()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
        return value;
    }

    /** Returns the value, which callers outside @NullMarked code may have left out all the same. */
    static <T> T notNull(@Nullable T value, String name) {
        if (value == null) {
            throw new NullPointerException(name + ": null (expected: a value)");
        }
        return value;
    }

    static void option(ChannelOption<?> option, Object value) {
        notNull(option, "option");
        notNull(value, "value");
    }

    static void notBoth(String name, String otherName, @Nullable Object other) {
        if (other != null) {
            throw new IllegalStateException(
                    name + ": set beside " + otherName + " " + other + " (expected: one of the two)");
        }
    }

    /** Formats bytes for messages: printable ASCII as it is, everything else escaped, so that a message stays one line. */
    static String printable(byte[] bytes) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < Math.min(bytes.length, MAX_BYTES); i++) {
            append(text, bytes[i]);
        }
        return text.append(bytes.length > MAX_BYTES ? "\"..." : "\"").toString();
    }

    private static void append(StringBuilder text, byte b) {
        switch (b) {
            case '\r' -> text.append("\\r");
            case '\n' -> text.append("\\n");
            case '"', '\\' -> text.append('\\').append((char) b);
            default -> {
                if (b >= ' ' && b < 0x7f) {
                    text.append((char) b);
                } else {
                    text.append(String.format("\\x%02x", b & 0xff));
                }
            }
        }
    }
}
