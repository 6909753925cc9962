package io.asynchat.testkit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The faults of one direction of a {@link FaultyLink}. */
final class LinkFaults {

    /** How a direction ends. */
    enum Ending {
        CUT,
        HALF_CLOSE,
        RESET
    }

    static final long FOR_EVER = Long.MAX_VALUE;

    // Mutable because settings come one by one.
    private int pieceSize = Integer.MAX_VALUE;
    private long intervalNanos;
    private long delayNanos;
    private long stallAt = Long.MAX_VALUE;
    private long stallNanos;
    private long endAt = Long.MAX_VALUE;
    private Ending ending = Ending.CUT;

    void trickles(int bytes, Duration every) {
        pieceSize = bytes;
        intervalNanos = every.toNanos();
    }

    void delays(Duration time) {
        delayNanos = time.toNanos();
    }

    void stallsAfter(long bytes, @Nullable Duration time) {
        stallAt = bytes;
        stallNanos = time == null ? FOR_EVER : time.toNanos();
    }

    void endsAfter(long bytes, Ending how) {
        endAt = bytes;
        ending = how;
    }

    /** Returns the number of bytes that may pass at once after {@code passed} bytes. */
    int maxPiece(long passed) {
        long untilStall = stallAt > passed ? stallAt - passed : Long.MAX_VALUE;
        return (int) Math.min(pieceSize, Math.min(untilStall, endAt - passed));
    }

    long intervalNanos() {
        return intervalNanos;
    }

    long delayNanos() {
        return delayNanos;
    }

    /** Returns how long nothing passes after {@code passed} bytes. */
    long stallNanosAt(long passed) {
        return passed == stallAt ? stallNanos : 0;
    }

    boolean endsAt(long passed) {
        return passed == endAt;
    }

    Ending ending() {
        return ending;
    }

    static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
