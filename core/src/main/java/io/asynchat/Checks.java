package io.asynchat;

import java.time.Duration;

/** Refuses settings that make no sense, before anything is opened with them. */
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

    /** A time that timers can be set to. */
    static Duration notNegative(Duration value, String name) {
        if (value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 0 to " + LONGEST + ")");
        }
        return value;
    }
}
