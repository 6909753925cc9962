package io.asynchat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells of a peer that has taken nothing for some time although something waits for it, once, by a {@link
 * ProtocolTimeoutException}. First in the pipeline, where what waits are the bytes that go to the socket.
 *
 * <p>Not Netty's {@code WriteTimeoutHandler}: that one gives a whole message so long, and so cuts whoever downloads a large
 * file at leisure; and it costs an alarm for each write. Here a connection whose peer reads has none.
 */
final class WriteStallHandler extends ChannelOutboundHandlerAdapter {
    private final long nanos;
    private @Nullable Future<?> alarm; // while something waits
    private int first; // the message that waits at the head when the alarm was set,
    private long progress; // what of it had gone,
    private long pending; // and all that waited

    WriteStallHandler(long nanos) {
        this.nanos = nanos;
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        ctx.flush();
        if (alarm == null) {
            ChannelOutboundBuffer waiting = waiting(ctx.channel());
            if (waiting != null) {
                watch(ctx, waiting);
            }
        }
    }

    private static @Nullable ChannelOutboundBuffer waiting(Channel channel) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null || buffer.isEmpty() ? null : buffer;
    }

    private void watch(ChannelHandlerContext ctx, ChannelOutboundBuffer waiting) {
        first = System.identityHashCode(waiting.current());
        progress = waiting.currentProgress();
        pending = waiting.totalPendingWriteBytes();
        alarm = ctx.executor().schedule(() -> look(ctx), nanos, TimeUnit.NANOSECONDS);
    }

    private void look(ChannelHandlerContext ctx) {
        alarm = null;
        ChannelOutboundBuffer waiting = ctx.isRemoved() ? null : waiting(ctx.channel());
        if (waiting == null) {
            return;
        }
        // More may have been pushed meanwhile: that alone is no progress.
        boolean moved = first != System.identityHashCode(waiting.current())
                || progress != waiting.currentProgress()
                || waiting.totalPendingWriteBytes() < pending;
        if (moved) {
            watch(ctx, waiting);
        } else {
            ctx.fireExceptionCaught(new ProtocolTimeoutException(
                    ProtocolTimeoutException.Kind.WRITE,
                    "write: nothing taken for " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms"));
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }
}
