package io.asynchat.testkit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The faults of one direction of a {@link FaultyLink}. */
final class LinkWay {

    /** How a direction ends. */
    enum Ending {
        CUT,
        HALF_CLOSE,
        RESET
    }

    static final long FOR_EVER = Long.MAX_VALUE;

    // Mutable because settings come one by one.
    private int pieceSize = Integer.MAX_VALUE;
    private long nanosBetween;
    private long nanosLate;
    private long stall = Long.MAX_VALUE;
    private long nanosStalled;
    private long end = Long.MAX_VALUE;
    private Ending ending = Ending.CUT;

    void dribbles(int bytes, Duration every) {
        pieceSize = bytes;
        nanosBetween = every.toNanos();
    }

    void delays(Duration time) {
        nanosLate = time.toNanos();
    }

    void stallsAfter(long bytes, @Nullable Duration time) {
        stall = bytes;
        nanosStalled = time == null ? FOR_EVER : time.toNanos();
    }

    void endsAfter(long bytes, Ending how) {
        end = bytes;
        ending = how;
    }

    /** So many bytes may pass at once, where that many have passed before. */
    int room(long passed) {
        long untilStall = stall > passed ? stall - passed : Long.MAX_VALUE;
        return (int) Math.min(pieceSize, Math.min(untilStall, end - passed));
    }

    long nanosBetween() {
        return nanosBetween;
    }

    long nanosLate() {
        return nanosLate;
    }

    /** How long nothing passes where so many bytes have passed. */
    long nanosStalledAt(long passed) {
        return passed == stall ? nanosStalled : 0;
    }

    boolean endsAt(long passed) {
        return passed == end;
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
