package io.asynchat;

import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes a peer that sends too many frames wait, so that it is served later and others are served meanwhile.
 *
 * <p>Frames are granted some at a time: what the clock is asked for is not each frame, but each grant. A grant that is
 * used up ends the turn; the next one comes with the next turn of the event loop, or when the rate allows it.
 */
final class Throttle {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    private final ChatLink link;
    private final int perTurn;
    private final int perSecond;
    private final int burst;
    private int granted; // frames that may come in this turn
    private long left; // of the burst
    private boolean begun; // `filledAt` is set, with the first grant that needs a clock
    private long filledAt; // when `left` was last made up
    private boolean waiting; // for the rate
    private long waitingFrom;
    private @Nullable Future<?> next; // while a grant is awaited

    /** {@code perSecond} 0: at any rate. */
    Throttle(ChatLink link, int perTurn, int perSecond, int burst) {
        this.link = link;
        this.perTurn = perTurn;
        this.perSecond = perSecond;
        this.burst = burst;
        left = burst;
        grant();
    }

    private void grant() {
        granted = perSecond == 0 ? perTurn : (int) Math.min(perTurn, left);
        left -= granted;
    }

    /** A frame has been handled. */
    void handled() {
        if (--granted <= 0 && next == null) {
            link.decoder().onLoop(loop -> loop.hold(Holds.THROTTLED));
            await(0);
        }
    }

    private void await(long nanos) {
        next = link.executor().schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        next = null;
        long now = link.executor().ticker().nanoTime();
        fill(now);
        if (perSecond > 0 && left == 0) {
            if (!waiting) {
                waiting = true;
                waitingFrom = now;
            }
            if (now - waitingFrom >= PATIENCE) {
                waitingFrom = now; // a handler may bear with it
                link.flood();
            }
            await(SECOND / Math.min(perSecond, 50)); // so that what waits comes in portions
            return;
        }
        grant();
        link.decoder().onLoop(loop -> loop.free(Holds.THROTTLED));
        waiting &= link.decoder().loop().hasUnread();
    }

    private void fill(long now) {
        if (!begun) {
            begun = true;
            filledAt = now;
        } else if (perSecond > 0) {
            long seconds = Math.min((now - filledAt) / SECOND, Integer.MAX_VALUE);
            long gained = seconds * perSecond + (now - filledAt) % SECOND * perSecond / SECOND;
            if (left + gained >= burst) {
                left = burst;
                filledAt = now;
            } else {
                left += gained;
                filledAt += gained * SECOND / perSecond;
            }
            waiting &= left < (burst + 1) / 2; // a rest ends the waiting, even if something is always there
        }
    }

    /** The handler has left, and another may have come in its place. */
    void cancel() {
        if (next != null) {
            next.cancel(false);
            next = null;
            link.decoder().onLoop(loop -> loop.free(Holds.THROTTLED));
        }
    }
}
