package io.asynchat;

import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The maximum rate of frames: a token bucket. Frames above it wait, in order, and none is dropped.
 *
 * <pre>{@code
 * setRateLimit(RateLimit.perSecond(1_000).burst(2_000).perTurn(64));
 * }</pre>
 *
 * @param perSecond the maximum number of frames a second, after a burst; 0 for no limit
 * @param burst the maximum number of frames at once, at least 1
 * @param perTurn the maximum number of frames in one turn of the event loop, so that other connections are served in between
 */
public record RateLimit(int perSecond, int burst, int perTurn) {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if {@code perSecond} is negative, or another is not positive
     */
    public RateLimit {
        Checks.notNegative(perSecond, "frames per second");
        Checks.positive(burst, "burst");
        Checks.positive(perTurn, "frames per turn");
    }

    /** Returns the rate without a limit. */
    public static RateLimit unlimited() {
        return new RateLimit(0, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    /** Returns a rate of at most {@code frames} a second, at least 1, and as many at once. */
    public static RateLimit perSecond(int frames) {
        return new RateLimit(Checks.positive(frames, "frames per second"), frames, Integer.MAX_VALUE);
    }

    /** Returns the same rate with at most {@code frames} at once. */
    public RateLimit burst(int frames) {
        return new RateLimit(perSecond, frames, perTurn);
    }

    /** Returns the same rate with at most {@code frames} in a turn of the event loop. */
    public RateLimit perTurn(int frames) {
        return new RateLimit(perSecond, burst, frames);
    }

    /**
     * Suspends delivery while the frames of a peer are above the limit.
     *
     * <p>Tokens are turned into permits a portion at a time, so that the clock is read once a portion and not once a frame. A
     * portion that is used up ends the turn; the next one follows in the next turn of the event loop, or when the rate
     * allows it.
     */
    static final class Limiter {
        private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
        private static final long FLOOD_TIMEOUT = TimeUnit.SECONDS.toNanos(30);

        private final DecodeLoop loop;
        private final RateLimit limit;
        private final Runnable exceeded;
        private int permits; // frames that may be delivered in this turn
        private long tokens; // of the burst
        private boolean started; // `refilledAt` is set, by the first portion that needs the clock
        private long refilledAt; // when `tokens` was last refilled
        private boolean waiting; // for the rate
        private long waitingSince;
        private @Nullable Future<?> timer; // while a portion is awaited

        Limiter(DecodeLoop loop, RateLimit limit, Runnable exceeded) {
            this.loop = loop;
            this.limit = limit;
            this.exceeded = exceeded;
            tokens = limit.burst();
            takePermits();
        }

        private void takePermits() {
            permits = limit.perSecond() == 0 ? limit.perTurn() : (int) Math.min(limit.perTurn(), tokens);
            tokens -= permits;
        }

        /** Counts a frame that was delivered. */
        void onFrame() {
            if (--permits <= 0 && timer == null) {
                loop.suspend(FlowControl.RATE_LIMITED);
                schedule(0);
            }
        }

        private void schedule(long nanos) {
            timer = loop.executor().schedule(this::onTimer, nanos, TimeUnit.NANOSECONDS);
        }

        private void onTimer() {
            timer = null;
            long now = loop.executor().ticker().nanoTime();
            refill(now);
            if (limit.perSecond() > 0 && tokens == 0) {
                if (!waiting) {
                    waiting = true;
                    waitingSince = now;
                }
                schedule(SECOND / Math.min(limit.perSecond(), 50)); // so that waiting frames come in portions
                if (now - waitingSince >= FLOOD_TIMEOUT) {
                    waitingSince = now; // the handler may not close
                    exceeded.run(); // the last step, since it may cancel this limiter
                }
                return;
            }
            takePermits();
            loop.resume(FlowControl.RATE_LIMITED);
            waiting &= loop.framer().hasUnread();
        }

        private void refill(long now) {
            if (!started) {
                started = true;
                refilledAt = now;
            } else if (limit.perSecond() > 0) {
                long elapsed = now - refilledAt;
                long seconds = Math.min(elapsed / SECOND, Integer.MAX_VALUE);
                long gained = seconds * limit.perSecond() + elapsed % SECOND * limit.perSecond() / SECOND;
                if (tokens + gained >= limit.burst()) {
                    tokens = limit.burst();
                    refilledAt = now;
                } else {
                    tokens += gained;
                    refilledAt += gained * SECOND / limit.perSecond();
                }
                // A pause of the peer ends the waiting, even if bytes are always unread.
                waiting &= tokens < (limit.burst() + 1L) / 2;
            }
        }

        /** Cancels the timer: another limit takes this one's place, or the handler is removed. */
        void cancel() {
            if (timer != null) {
                timer.cancel(false);
                timer = null;
                loop.resume(FlowControl.RATE_LIMITED);
            }
        }
    }
}
