package io.asynchat.demo.chat.server;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The end of a server: reads all that its sessions have sent, waits until all of it is applied or the time is over, and closes the
 * sessions with a notice.
 *
 * <p><b>Thread:</b> the sequencer's event loop.
 */
final class Drain {
    private final SessionLoops loops;
    private final TurnScheduler turns;
    private final BooleanSupplier isApplied;
    private final Duration timeout;
    private boolean started; // the server is closing
    private boolean expired; // the time for that is over
    private boolean confirmAgain; // an event loop has become drained since
    private int unconfirmed; // event loops that have not confirmed that they are drained; 0 while none is asked
    private boolean drained; // all lines have been submitted
    private boolean closed; // the notice is given

    /**
     * Creates the drain of a server that is not closing yet.
     *
     * @param isApplied returns whether no line is under way
     * @param timeout when the server closes all connections by force
     */
    Drain(SessionLoops loops, TurnScheduler turns, BooleanSupplier isApplied, Duration timeout) {
        this.loops = loops;
        this.turns = turns;
        this.isApplied = isApplied;
        this.timeout = timeout;
    }

    /** Begins. Ends before the server closes all connections by force, so that every session gets its notice. */
    void start() {
        if (!started) {
            started = true;
            long end = timeout.toNanos();
            long margin = Math.min(end / 4, TimeUnit.SECONDS.toNanos(1));
            loops.home().schedule(this::expire, end - margin, TimeUnit.NANOSECONDS);
            loops.home().schedule(this::close, end - margin / 2, TimeUnit.NANOSECONDS);
        }
    }

    private void expire() {
        expired = true;
        loops.forEach(LoopSessions::expire);
        closeIfDone();
    }

    /** An event loop is drained. Asks every one once more, behind the tasks that it has got: lines may be on their way. */
    void loopDrained() {
        if (closed) {
            closeSessions(); // another port has accepted one meanwhile
        }
        if (!started || drained) {
            return;
        }
        if (unconfirmed > 0) {
            confirmAgain = true;
        } else if (allDrained()) {
            unconfirmed = loops.all().size();
            loops.forEach(sessions -> loops.execute(this::confirmed));
        }
    }

    private boolean allDrained() {
        return loops.all().stream().allMatch(LoopSessions::allDrained);
    }

    private void confirmed() {
        unconfirmed--;
        if (unconfirmed > 0) {
            return;
        }
        if (confirmAgain) {
            confirmAgain = false;
            loopDrained();
        } else {
            drained = allDrained();
            closeIfDone();
        }
    }

    /** Ends if all that was read is applied. */
    void closeIfDone() {
        if (drained && (expired || isApplied.getAsBoolean())) {
            close();
        }
    }

    private void close() {
        if (!closed) {
            closed = true;
            turns.end();
            closeSessions();
        }
    }

    /** Returns whether the sessions have got the notice. */
    boolean isClosed() {
        return closed;
    }

    void closeSessions() {
        loops.forEach(sessions -> sessions.closeAll(Notices.CLOSING));
    }
}
