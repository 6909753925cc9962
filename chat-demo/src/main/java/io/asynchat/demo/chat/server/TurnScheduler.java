package io.asynchat.demo.chat.server;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Decides when the turn ends, and sends its output.
 *
 * <p><b>Thread:</b> the sequencer's event loop.
 */
final class TurnScheduler {
    private final Turn turn;
    private final SessionLoops loops;
    private boolean scheduled; // the end of the turn

    TurnScheduler(Turn turn, SessionLoops loops) {
        this.turn = turn;
        this.loops = loops;
    }

    /**
     * Ends the turn when other lines that are on their way have come, if many users speak: to wait for them costs less than
     * another write for each member.
     */
    void endSoon(boolean more) {
        if (scheduled) {
            return;
        }
        scheduled = true;
        try {
            if (more && !loops.home().isShuttingDown()) { // which drops scheduled tasks
                loops.home()
                        .schedule(() -> {}, 0, TimeUnit.SECONDS) // after a poll
                        .addListener(doneOrDropped -> end());
            } else {
                loops.home().execute(this::end); // behind the tasks of other event loops that wait already
            }
        } catch (RejectedExecutionException shutDown) {
            end();
        }
    }

    /** Ends the turn if it is as large as one may be. */
    void endIfFull() {
        if (turn.isFull()) {
            end();
        }
    }

    void end() {
        scheduled = false;
        turn.end().forEach(Delivery::send);
    }
}
