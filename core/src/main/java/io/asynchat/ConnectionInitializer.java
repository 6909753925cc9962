package io.asynchat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Fills the pipeline of each connection of a server or client: what the user wants before TLS, TLS, timeouts, what the user
 * wants after TLS, the handler.
 */
final class ConnectionInitializer extends ChannelInitializer<Channel> {
    /** How long a frame may take in this channel; set if there is a limit. */
    static final AttributeKey<Long> FRAME_TIMEOUT_NANOS =
            AttributeKey.valueOf(ConnectionInitializer.class, "FRAME_TIMEOUT_NANOS");

    /** What the builders of server and client collect; mutable for them, copied when the initializer is made. */
    static final class Settings {
        Duration writeStallTimeout = Duration.ZERO;
        Duration idleTimeout = Duration.ZERO;
        Duration frameTimeout = Duration.ZERO;
        Duration halfClosedTimeout = Duration.ofSeconds(60);
        Consumer<? super Channel> beforeTls = channel -> {};
        Consumer<? super Channel> afterTls = channel -> {};

        Settings copy() {
            Settings copy = new Settings();
            copy.writeStallTimeout = writeStallTimeout;
            copy.idleTimeout = idleTimeout;
            copy.frameTimeout = frameTimeout;
            copy.halfClosedTimeout = halfClosedTimeout;
            copy.beforeTls = beforeTls;
            copy.afterTls = afterTls;
            return copy;
        }
    }

    private final Duration writeStallTimeout;
    private final Duration idleTimeout;
    private final long frameNanos;
    private final long halfClosedNanos;
    private final Consumer<? super Channel> beforeTls;
    private final @Nullable Function<? super Channel, ? extends ChannelHandler> tls;
    private final Consumer<? super Channel> afterTls;
    private final Supplier<? extends ChannelHandler> handlers;

    ConnectionInitializer(
            Settings settings,
            @Nullable Function<? super Channel, ? extends ChannelHandler> tls,
            Supplier<? extends ChannelHandler> handlers) {
        writeStallTimeout = settings.writeStallTimeout;
        idleTimeout = settings.idleTimeout;
        frameNanos = settings.frameTimeout.toNanos();
        halfClosedNanos = settings.halfClosedTimeout.toNanos();
        beforeTls = settings.beforeTls;
        this.tls = tls;
        afterTls = settings.afterTls;
        this.handlers = handlers;
    }

    @Override
    protected void initChannel(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        if (!writeStallTimeout.isZero()) {
            pipeline.addLast(new WriteStallHandler(writeStallTimeout));
        }
        beforeTls.accept(channel);
        if (tls != null) {
            pipeline.addLast(tls.apply(channel));
        }
        if (halfClosedNanos > 0) {
            pipeline.addLast(new HalfClosedTimeoutHandler(halfClosedNanos));
        }
        if (!idleTimeout.isZero()) {
            pipeline.addLast(new IdleTimeoutHandler(idleTimeout));
        }
        if (frameNanos > 0) {
            channel.attr(FRAME_TIMEOUT_NANOS).set(frameNanos);
            pipeline.addLast(new FrameDeadline(frameNanos));
        }
        afterTls.accept(channel);
        pipeline.addLast(Checks.notNull(handlers.get(), "handler"));
    }
}
