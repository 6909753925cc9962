package io.asynchat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose peer has ended its side, when nothing has been sent for some time since. A reset of such a
 * connection goes unnoticed until something is sent, so without a limit it could stay forever.
 *
 * <p>Fires a {@link ProtocolTimeoutException} of kind {@code HALF_CLOSED} first, then closes the channel if it is still
 * open. While bytes wait to be sent the peer is not timed: they tell whether it is there, and a {@link WriteStallHandler}
 * limits how long they wait.
 *
 * <p>Behind an SslHandler, so that the end of TLS counts as the end of input. No timer until then.
 */
final class HalfClosedTimeoutHandler extends ChannelDuplexHandler {
    private final long nanos;
    private boolean inputEnded;
    private long start; // of the silence: the end of input, or the last write
    private @Nullable Future<?> timer; // once the input has ended

    HalfClosedTimeoutHandler(long nanos) {
        this.nanos = nanos;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        boolean end = event == ChannelInputShutdownEvent.INSTANCE || event == SslCloseCompletionEvent.SUCCESS;
        if (end && !inputEnded) {
            inputEnded = true;
            restart(ctx);
            schedule(ctx, nanos);
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (inputEnded) {
            ctx.write(message, promise.unvoid().addListener(written -> restart(ctx)));
        } else {
            ctx.write(message, promise);
        }
    }

    private void restart(ChannelHandlerContext ctx) {
        start = ctx.executor().ticker().nanoTime();
    }

    private void schedule(ChannelHandlerContext ctx, long delay) {
        timer = ctx.executor().schedule(() -> onTimer(ctx), delay, TimeUnit.NANOSECONDS);
    }

    private void onTimer(ChannelHandlerContext ctx) {
        Channel channel = ctx.channel();
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        if (waiting != null && !waiting.isEmpty()) {
            restart(ctx);
        }
        long elapsed = ctx.executor().ticker().nanoTime() - start;
        if (elapsed < nanos) {
            schedule(ctx, nanos - elapsed);
            return;
        }
        ctx.fireExceptionCaught(new ProtocolTimeoutException(
                ProtocolTimeoutException.Kind.HALF_CLOSED,
                "half-closed: nothing sent within " + TimeUnit.NANOSECONDS.toMillis(nanos)
                        + " ms of the end of input"));
        channel.close(); // from the tail: behind what handlers on other executors do about the exception
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
