package io.asynchat;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Fires a {@link ProtocolTimeoutException} of kind {@link ProtocolTimeoutException.Kind#IDLE IDLE} when nothing has been
 * received for some time. Works in any pipeline; closing the channel is left to the handlers behind it.
 *
 * <pre>{@code
 * pipeline.addLast(new IdleTimeoutHandler(Duration.ofMinutes(1)), new Echo()); // which closes, by its handleError
 * }</pre>
 *
 * <p>The time starts when the channel becomes active and starts again with each message received. While the channel is
 * not read it stands still: auto-read is off and no {@code read()} is outstanding. It starts again with the next {@code
 * read()} that passes through the pipeline, so a peer that was not read always has the whole time.
 *
 * <p>The exception is fired once per silence. One timer at most is scheduled: receiving a message stores the time and
 * does not schedule a new timer.
 *
 * <p><b>Source.</b> Netty's {@code ReadTimeoutHandler}, which counts the time in which the channel is not read as well.
 */
public final class IdleTimeoutHandler extends ChannelDuplexHandler {
    private final long nanos;
    private @Nullable Future<?> timer; // while one is scheduled
    private long start; // of the silence
    private boolean readRequested; // with auto-read off, and nothing has been received since
    private boolean received; // a message, since the last read()

    /** @throws IllegalArgumentException if {@code timeout} is not positive, or longer than 2^63-1 ns */
    public IdleTimeoutHandler(Duration timeout) {
        nanos = Checks.positive(timeout, "timeout").toNanos();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            restart(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        restart(ctx);
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        received = true;
        restart(ctx);
        ctx.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (received) { // else the read() is still outstanding: an SslHandler, for instance, has had half a record
            readRequested = false;
        }
        ctx.fireChannelReadComplete();
    }

    /** Every read() counts as a resumption, except one that repeats an outstanding one: auto-read can go off unseen. */
    @Override
    public void read(ChannelHandlerContext ctx) {
        boolean manual = !ctx.channel().config().isAutoRead();
        if (!(manual && readRequested) && ctx.channel().isActive()) {
            restart(ctx);
        }
        readRequested = manual;
        received = false;
        ctx.read();
    }

    private void restart(ChannelHandlerContext ctx) {
        start = ctx.executor().ticker().nanoTime();
        if (timer == null) {
            schedule(ctx, nanos);
        }
    }

    private void schedule(ChannelHandlerContext ctx, long delay) {
        timer = ctx.executor().schedule(() -> onTimer(ctx), delay, TimeUnit.NANOSECONDS);
    }

    private void onTimer(ChannelHandlerContext ctx) {
        timer = null;
        if (!readRequested && !ctx.channel().config().isAutoRead()) {
            return; // the next read() restarts it
        }
        long elapsed = ctx.executor().ticker().nanoTime() - start;
        if (elapsed < nanos) {
            schedule(ctx, nanos - elapsed);
        } else {
            ctx.fireExceptionCaught(new ProtocolTimeoutException(
                    ProtocolTimeoutException.Kind.IDLE,
                    "idle: nothing received within " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms"));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        cancel();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        cancel();
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
