package io.asynchat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Checks of arguments; a message reads {@code name: value (expected: range)}. */
final class Checks {
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private Checks() {}

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

    /** A duration that timers can be set to. */
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

    @SuppressWarnings("ConstantConditions") // callers outside @NullMarked code pass null all the same
    static <T> T notNull(T value, String name) {
        if (value == null) {
            throw new NullPointerException(name + ": null (expected: a value)");
        }
        return value;
    }

    static void notBoth(String name, String otherName, @Nullable Object other) {
        if (other != null) {
            throw new IllegalStateException(
                    name + ": set beside " + otherName + " " + other + " (expected: one of the two)");
        }
    }
}
