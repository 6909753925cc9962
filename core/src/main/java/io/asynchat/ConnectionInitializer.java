package io.asynchat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Fills the pipeline of each connection that a server lets in: TLS, deadlines, what the user wants there, the handler. */
final class ConnectionInitializer extends ChannelInitializer<Channel> {
    private final @Nullable SslContext ssl;
    private final long writeNanos;
    private final long idleNanos;
    private final long frameNanos;
    private final Consumer<? super Channel> childInitializer;
    private final Supplier<? extends ChannelHandler> handlers;

    ConnectionInitializer(
            @Nullable SslContext ssl,
            Duration writeStallTimeout,
            Duration idleTimeout,
            Duration frameTimeout,
            Consumer<? super Channel> childInitializer,
            Supplier<? extends ChannelHandler> handlers) {
        this.ssl = ssl;
        this.writeNanos = writeStallTimeout.toNanos();
        this.idleNanos = idleTimeout.toNanos();
        this.frameNanos = frameTimeout.toNanos();
        this.childInitializer = childInitializer;
        this.handlers = handlers;
    }

    @Override
    protected void initChannel(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        if (writeNanos > 0) {
            pipeline.addLast(new WriteStallHandler(writeNanos));
        }
        if (ssl != null) {
            pipeline.addLast(ssl.newHandler(channel.alloc()));
        }
        if (idleNanos > 0) {
            pipeline.addLast(new IdleTimeoutHandler(idleNanos));
        }
        if (frameNanos > 0) {
            pipeline.addLast(new FrameDeadline(frameNanos));
        }
        childInitializer.accept(channel);
        pipeline.addLast(handlers.get());
    }
}
