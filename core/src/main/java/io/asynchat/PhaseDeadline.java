package io.asynchat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The deadline of one handler: one point in time, that moves with each phase of a protocol, and one alarm.
 *
 * <p>A phase lasts as long as a request, an alarm costs a place in the event loop's queue. So moving the deadline stores a
 * number; the alarm looks again some time before, and cannot be late for a phase that is longer than {@link #STEP}.
 */
final class PhaseDeadline {
    /** The alarm is never further away than this, so that a deadline of at least as much needs no other. */
    private static final long STEP = TimeUnit.SECONDS.toNanos(5);

    private final Runnable passed;
    private boolean set;
    private long end; // of the phase, if set
    private @Nullable Future<?> alarm; // one at most; it may ring for nothing
    private long alarmAt;

    PhaseDeadline(Runnable passed) {
        this.passed = passed;
    }

    void set(ChannelHandlerContext ctx, long nanos) {
        EventLoops.run(ctx.executor(), () -> begin(ctx, nanos));
    }

    private void begin(ChannelHandlerContext ctx, long nanos) {
        long now = ctx.executor().ticker().nanoTime();
        set = true;
        end = now + nanos;
        if (alarm == null || end - alarmAt < 0) {
            cancelAlarm();
            schedule(ctx, now);
        }
    }

    void extend(ChannelHandlerContext ctx, long nanos) {
        EventLoops.run(ctx.executor(), () -> end += nanos);
    }

    void clear(ChannelHandlerContext ctx) {
        EventLoops.run(ctx.executor(), () -> set = false);
    }

    /** Nothing rings any more. On the executor. */
    void cancel() {
        set = false;
        cancelAlarm();
    }

    private void cancelAlarm() {
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }

    private void schedule(ChannelHandlerContext ctx, long now) {
        long delay = Math.min(end - now, STEP);
        alarmAt = now + delay;
        alarm = ctx.executor().schedule(() -> look(ctx), delay, TimeUnit.NANOSECONDS);
    }

    private void look(ChannelHandlerContext ctx) {
        alarm = null;
        if (!set) {
            return;
        }
        long now = ctx.executor().ticker().nanoTime();
        if (end - now > 0) {
            schedule(ctx, now);
        } else {
            set = false;
            passed.run();
        }
    }
}
