package io.asynchat;

import io.asynchat.internal.framing.Framer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Limits the time from the first byte of a frame to its end, or from when a length is set. The time stands still while nothing
 * is delivered: bytes that a paused handler leaves unread are not the peer's fault, nor is a close that waits for pushes.
 *
 * <p>Schedules one timer at most, and again when it fires, not for each frame.
 */
final class FrameTimeout implements Runnable {
    /** The timeout of a channel whose handler sets none. */
    static final AttributeKey<Long> DEFAULT_NANOS = AttributeKey.valueOf(FrameTimeout.class, "default");

    private static final long NONE = -1;

    private final ConnectionListener listener;
    private long nanos; // 0: none
    private boolean chosen; // by the user, perhaps as none: then no default holds
    private @Nullable ChannelHandlerContext ctx; // of the last watch
    private @Nullable Framer<?> framer;
    private long frame = NONE; // the number of the one that is watched
    private long elapsed; // of its time, until it last stood still
    private long since; // its time has gone on
    private boolean standing; // its time stands still
    private boolean expired; // its time is over, and that is reported
    private @Nullable Future<?> timer; // while one is set

    FrameTimeout(ConnectionListener listener) {
        this.listener = listener;
    }

    /** Sets the timeout; 0 for none. */
    void set(long nanos) {
        cancel();
        this.nanos = nanos;
        chosen = true;
    }

    /** Takes the default of the channel. */
    void setDefault(Channel channel) {
        Long ofChannel =
                channel.hasAttr(DEFAULT_NANOS) ? channel.attr(DEFAULT_NANOS).get() : null;
        if (!chosen && ofChannel != null) {
            nanos = ofChannel;
        }
    }

    /** Takes the timeout of a decoder. */
    void setDefault(FrameTimeout decoder) {
        if (!chosen) {
            nanos = decoder.nanos;
            chosen = decoder.chosen;
        }
    }

    /** Starts the time if a frame has begun since the last call, stops it, or lets it go on. */
    void watch(ChannelHandlerContext ctx, Framer<?> framer, FlowControl flow) {
        if (nanos == 0) {
            return;
        }
        this.ctx = ctx;
        this.framer = framer;
        long present = framer.isInsideFrame() ? framer.frames() : NONE;
        boolean stands = !flow.awaitsPeer();
        if (present != frame || stands != standing) {
            boolean begins = present != frame;
            frame = present;
            if (present != NONE) {
                change(ctx, begins, stands);
            }
            standing = stands;
        }
    }

    private void change(ChannelHandlerContext ctx, boolean begins, boolean stands) {
        long now = ctx.executor().ticker().nanoTime();
        if (begins) {
            elapsed = 0;
            expired = false;
        } else if (!standing) {
            elapsed += now - since;
        }
        since = now;
        if (!stands && !expired && timer == null) {
            schedule(ctx, nanos - elapsed);
        }
    }

    private void schedule(ChannelHandlerContext ctx, long delay) {
        timer = ctx.executor().schedule(this, delay, TimeUnit.NANOSECONDS);
    }

    @Override
    public void run() {
        timer = null;
        ChannelHandlerContext ctx = this.ctx;
        if (ctx == null
                || framer == null
                || frame == NONE
                || frame != framer.frames()
                || !framer.isInsideFrame()
                || standing) {
            return;
        }
        long passed = elapsed + ctx.executor().ticker().nanoTime() - since;
        if (passed < nanos) {
            schedule(ctx, nanos - passed);
        } else {
            expired = true;
            listener.failed(new ProtocolTimeoutException(
                    ProtocolTimeoutException.Kind.FRAME,
                    "frame: not complete within " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms"));
        }
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        frame = NONE;
    }
}
