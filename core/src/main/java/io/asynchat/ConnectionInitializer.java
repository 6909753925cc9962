package io.asynchat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Fills the pipeline of each connection of a server or client: the user's handlers before TLS, TLS, timeouts, the user's
 * handlers after TLS, the handler.
 */
final class ConnectionInitializer extends ChannelInitializer<Channel> {
    /** The settings that the builders of server and client collect; mutable for them, copied when the initializer is made. */
    static final class Settings {
        Duration writeStallTimeout = Duration.ZERO;
        Duration idleTimeout = Duration.ZERO;
        Duration frameTimeout = Duration.ZERO;
        Duration halfClosedTimeout = Duration.ofSeconds(60);

        @Nullable
        SslContext ssl;

        Consumer<? super Channel> beforeTls = channel -> {};
        Consumer<? super Channel> afterTls = channel -> {};

        Settings copy() {
            Settings copy = new Settings();
            copy.writeStallTimeout = writeStallTimeout;
            copy.idleTimeout = idleTimeout;
            copy.frameTimeout = frameTimeout;
            copy.halfClosedTimeout = halfClosedTimeout;
            copy.ssl = ssl;
            copy.beforeTls = beforeTls;
            copy.afterTls = afterTls;
            return copy;
        }
    }

    private final Settings settings;
    private final @Nullable SocketAddress peer;
    private final Supplier<? extends ChannelHandler> handlers;

    /** For a client {@code peer} is the address it connects to, whose certificate TLS expects; for a server null. */
    ConnectionInitializer(
            Settings settings, @Nullable SocketAddress peer, Supplier<? extends ChannelHandler> handlers) {
        this.settings = settings.copy();
        this.peer = peer;
        this.handlers = handlers;
    }

    @Override
    protected void initChannel(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        if (!settings.writeStallTimeout.isZero()) {
            pipeline.addLast(new WriteStallHandler(settings.writeStallTimeout));
        }
        settings.beforeTls.accept(channel);
        SslContext ssl = settings.ssl;
        if (ssl != null) {
            pipeline.addLast(
                    peer instanceof InetSocketAddress inet
                            ? ssl.newHandler(channel.alloc(), inet.getHostString(), inet.getPort())
                            : ssl.newHandler(channel.alloc()));
        }
        if (!settings.halfClosedTimeout.isZero()) {
            pipeline.addLast(new HalfClosedTimeoutHandler(settings.halfClosedTimeout.toNanos()));
        }
        if (!settings.idleTimeout.isZero()) {
            pipeline.addLast(new IdleTimeoutHandler(settings.idleTimeout));
        }
        if (!settings.frameTimeout.isZero()) {
            channel.attr(FrameTimeout.DEFAULT_NANOS).set(settings.frameTimeout.toNanos());
        }
        settings.afterTls.accept(channel);
        pipeline.addLast(Checks.notNull(handlers.get(), "handler"));
    }

    /**
     * Closes a connection whose peer has ended its side, when nothing has been sent for some time since. A reset of such a
     * connection goes unnoticed until something is sent, so without a limit it could stay forever.
     *
     * <p>Fires a {@link ProtocolTimeoutException} of kind {@code HALF_CLOSED} first, then closes the channel if it is still
     * open. The time stands still while bytes wait to be sent: they reveal whether the peer exists, and a {@link
     * WriteStallHandler} limits how long they wait.
     *
     * <p>Behind an SslHandler, so that the end of TLS counts as the end of input. No timer until then.
     */
    static final class HalfClosedTimeoutHandler extends ChannelDuplexHandler {
        private final long nanos;
        private boolean inputEnded;
        private long start; // of the silence: the end of input, or the last write
        private @Nullable Future<?> timer; // once the input has ended

        HalfClosedTimeoutHandler(long nanos) {
            this.nanos = nanos;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (InputEnd.isReportedBy(event) && !inputEnded) {
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
            channel.close(); // from the tail: behind the reactions of handlers on other executors to the exception
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext ctx) {
            if (timer != null) {
                timer.cancel(false);
            }
        }
    }
}
