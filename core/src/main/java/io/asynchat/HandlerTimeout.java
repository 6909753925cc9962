package io.asynchat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The timeout that a handler sets for a step of its protocol: one point in time that moves with each step, and one timer.
 *
 * <p>Moving the timeout stores a number and schedules no timer, unless the new time is before the timer's. The timer fires at
 * most {@link #MAX_DELAY} after it is scheduled, and is then scheduled again.
 */
final class HandlerTimeout {
    /** The maximum delay of the timer: a timeout of at least as much needs no earlier one. */
    private static final long MAX_DELAY = TimeUnit.SECONDS.toNanos(5);

    private final Runnable expired;
    private boolean set;
    private long end; // of the step, if set
    private @Nullable Future<?> timer; // one at most; it may fire too early
    private long timerAt;

    HandlerTimeout(Runnable expired) {
        this.expired = expired;
    }

    void set(ChannelHandlerContext ctx, long nanos) {
        EventLoops.run(ctx.executor(), () -> restart(ctx, nanos));
    }

    private void restart(ChannelHandlerContext ctx, long nanos) {
        long now = ctx.executor().ticker().nanoTime();
        set = true;
        end = now + nanos;
        if (timer == null || end - timerAt < 0) {
            cancelTimer();
            schedule(ctx, now);
        }
    }

    void extend(ChannelHandlerContext ctx, long nanos) {
        EventLoops.run(ctx.executor(), () -> end += nanos);
    }

    void clear(ChannelHandlerContext ctx) {
        EventLoops.run(ctx.executor(), () -> set = false);
    }

    /** Clears the timeout and its timer. On the executor. */
    void cancel() {
        set = false;
        cancelTimer();
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void schedule(ChannelHandlerContext ctx, long now) {
        long delay = Math.min(end - now, MAX_DELAY);
        timerAt = now + delay;
        timer = ctx.executor().schedule(() -> onTimer(ctx), delay, TimeUnit.NANOSECONDS);
    }

    private void onTimer(ChannelHandlerContext ctx) {
        timer = null;
        if (!set) {
            return;
        }
        long now = ctx.executor().ticker().nanoTime();
        if (end - now > 0) {
            schedule(ctx, now);
        } else {
            set = false;
            expired.run();
        }
    }
}
