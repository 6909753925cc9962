package io.asynchat.demo.chat.server;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Appends an entry that changes nothing every 2 seconds: that it comes back shows that others do.
 *
 * <p><b>Thread:</b> the sequencer's event loop, except for {@link #isReturning}.
 */
final class Heartbeat {
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(2);

    private final SessionLoops loops;
    private final LinesUnderWay underWay;
    private final Metrics metrics;
    private final BooleanSupplier isOpen;
    private volatile boolean started;
    private volatile long returnedAt; // when the last one came back

    /**
     * Creates a heartbeat that does not beat yet.
     *
     * @param isOpen returns whether the chat is open on this node
     */
    Heartbeat(SessionLoops loops, LinesUnderWay underWay, Metrics metrics, BooleanSupplier isOpen) {
        this.loops = loops;
        this.underWay = underWay;
        this.metrics = metrics;
        this.isOpen = isOpen;
    }

    void start() {
        returnedAt = now();
        started = true;
        append();
    }

    private long now() {
        return loops.home().ticker().nanoTime();
    }

    private void append() {
        if (isOpen.getAsBoolean()) {
            underWay.addHeartbeat(now());
        }
        loops.home().schedule(this::append, INTERVAL, TimeUnit.NANOSECONDS);
    }

    void returned(long appendedAt) {
        returnedAt = now();
        metrics.heartbeat(returnedAt - appendedAt);
    }

    /** Returns whether one has come back within the time of two. From any thread. */
    boolean isReturning() {
        return !started || now() - returnedAt <= 2 * INTERVAL;
    }
}
