package io.asynchat;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A time that the peer has for something; when it is over it is told once, by a {@link ProtocolTimeoutException}. Before the
 * decoder in the pipeline.
 *
 * <p>The time begins anew when delivery goes on after a pause: what a paused handler leaves unread is not the peer's
 * fault. One alarm at most is set: it looks again rather than being set anew for each read.
 */
abstract class Deadline extends ChannelDuplexHandler {
    private final long nanos;
    private @Nullable TerminatorFrameDecoder decoder; // found when first looked for, it may come late and be replaced
    private @Nullable Future<?> alarm; // while one is set
    private long from; // when the time began

    Deadline(long nanos) {
        this.nanos = nanos;
    }

    /** Whether the peer still owes what it has the time for. */
    abstract boolean isOwed(ChannelHandlerContext ctx);

    abstract ProtocolTimeoutException.Kind kind();

    /** What has not come in time. */
    abstract String late();

    final void begin(ChannelHandlerContext ctx) {
        from = ctx.executor().ticker().nanoTime();
        if (alarm == null) {
            schedule(ctx, nanos);
        }
    }

    /** The frames of the connection; null while there is no decoder. */
    final @Nullable FrameLoop frames(ChannelHandlerContext ctx) {
        if (decoder == null || decoder.isRemoved()) {
            decoder = ctx.pipeline().get(TerminatorFrameDecoder.class);
        }
        return decoder == null ? null : decoder.loop();
    }

    private void schedule(ChannelHandlerContext ctx, long delay) {
        alarm = ctx.executor().schedule(() -> look(ctx), delay, TimeUnit.NANOSECONDS);
    }

    private void look(ChannelHandlerContext ctx) {
        alarm = null;
        if (!isOwed(ctx)) {
            return;
        }
        long now = ctx.executor().ticker().nanoTime();
        FrameLoop frames = frames(ctx);
        if (frames != null && frames.keptWaitingUntil(now) - from > 0) {
            from = frames.keptWaitingUntil(now);
        }
        if (now - from < nanos) {
            schedule(ctx, nanos - (now - from));
        } else {
            ctx.fireExceptionCaught(new ProtocolTimeoutException(
                    kind(), late() + " within " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms"));
        }
    }

    /** After a close too: then Netty takes the handlers out. */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }
}
