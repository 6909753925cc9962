package io.asynchat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Fires a {@link ProtocolTimeoutException} of kind {@link ProtocolTimeoutException.Kind#WRITE WRITE} when the peer has
 * accepted none of the bytes that wait to be sent for some time. Works in any pipeline, added first; closing the channel is
 * left to the handlers behind it.
 *
 * <pre>{@code
 * pipeline.addFirst(new WriteStallHandler(Duration.ofSeconds(30)));
 * }</pre>
 *
 * <p>Progress counts, not the time of a message: a peer that downloads a large file slowly is not reported.
 * Netty's {@code WriteTimeoutHandler} limits the time of each whole message instead, with one timer per write. This handler
 * has no timer while nothing waits, and one otherwise. The exception is fired once per stall.
 *
 * <p><b>Thread:</b> the channel's event loop; an executor of its own is refused, as the handler reads the channel's
 * outbound buffer.
 */
public final class WriteStallHandler extends ChannelOutboundHandlerAdapter {
    private final long nanos;
    private @Nullable Future<?> timer; // while bytes wait
    private int head; // identity of the first message that waited when the timer was set,
    private long progress; // the bytes sent of it,
    private long pending; // and the bytes that waited in all

    /** @throws IllegalArgumentException if {@code timeout} is not positive, or longer than 2^63-1 ns */
    public WriteStallHandler(Duration timeout) {
        nanos = Checks.positive(timeout, "timeout").toNanos();
    }

    /** @throws IllegalStateException if it is added with an executor other than the channel's event loop */
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.executor() != ctx.channel().eventLoop()) {
            throw new IllegalStateException("executor: " + ctx.executor() + " (expected: the channel's event loop)");
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        ctx.flush();
        if (timer == null) {
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
        head = System.identityHashCode(waiting.current());
        progress = waiting.currentProgress();
        pending = waiting.totalPendingWriteBytes();
        timer = ctx.executor().schedule(() -> onTimer(ctx), nanos, TimeUnit.NANOSECONDS);
    }

    private void onTimer(ChannelHandlerContext ctx) {
        timer = null;
        ChannelOutboundBuffer waiting = ctx.isRemoved() ? null : waiting(ctx.channel());
        if (waiting == null) {
            return;
        }
        // More may have been written meanwhile: that alone is no progress.
        boolean moved = head != System.identityHashCode(waiting.current())
                || progress != waiting.currentProgress()
                || waiting.totalPendingWriteBytes() < pending;
        if (moved) {
            watch(ctx, waiting);
        } else {
            ctx.fireExceptionCaught(new ProtocolTimeoutException(
                    ProtocolTimeoutException.Kind.WRITE,
                    "write: nothing accepted for " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms"));
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
