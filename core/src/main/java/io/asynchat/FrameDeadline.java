package io.asynchat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells of a frame that is not whole some time after its first byte, once, by a {@link ReadTimeoutException}. Before the
 * decoder in the pipeline.
 *
 * <p>Bytes that a paused handler leaves unread are not the sender's fault and do not count.
 */
final class FrameDeadline extends ChannelInboundHandlerAdapter {
    private final long nanos;
    private @Nullable TerminatorFrameDecoder decoder; // found when first looked for
    private @Nullable Future<?> alarm; // one at most: it looks again rather than being set anew for each frame
    private long frame = -1; // the number of the frame that is being watched
    private long end; // of its time

    FrameDeadline(long nanos) {
        this.nanos = nanos;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ctx.fireChannelRead(message);
        watch(ctx);
    }

    private void watch(ChannelHandlerContext ctx) {
        if (decoder == null || decoder.isRemoved()) {
            decoder = ctx.pipeline().get(TerminatorFrameDecoder.class);
        }
        if (decoder == null) {
            return;
        }
        FrameEngine engine = decoder.loop().engine();
        if (engine.insideFrame() && engine.frames() != frame) {
            frame = engine.frames();
            end = ctx.executor().ticker().nanoTime() + nanos;
            if (alarm == null) {
                schedule(ctx, nanos);
            }
        }
    }

    private void schedule(ChannelHandlerContext ctx, long delay) {
        alarm = ctx.executor().schedule(() -> look(ctx), delay, TimeUnit.NANOSECONDS);
    }

    private void look(ChannelHandlerContext ctx) {
        alarm = null;
        if (decoder == null || ctx.isRemoved()) {
            return;
        }
        FrameLoop loop = decoder.loop();
        if (!loop.engine().insideFrame() || loop.engine().frames() != frame) {
            watch(ctx);
            return;
        }
        long now = ctx.executor().ticker().nanoTime();
        if (loop.isHeld(~0)) {
            end = now + nanos;
        }
        if (end - now > 0) {
            schedule(ctx, end - now);
        } else {
            ctx.fireExceptionCaught(new ReadTimeoutException(
                    "frame: not whole " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms after its first byte"));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ctx.fireChannelInactive();
        handlerRemoved(ctx);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }
}
