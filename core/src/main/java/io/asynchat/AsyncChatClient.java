package io.asynchat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Connects to addresses and gives each connection a handler of its own: the same handlers as of a server.
 *
 * <pre>{@code
 * try (AsyncChatClient client = AsyncChatClient.builder(Echo::new).build()) {
 *     client.connect(new InetSocketAddress("127.0.0.1", 5005)).sync().channel().closeFuture().sync();
 * }
 * }</pre>
 *
 * <p><b>Thread:</b> any; one event loop of its own serves all its connections.
 *
 * <p><b>Source.</b> asyncore's {@code dispatcher.connect}.
 */
public final class AsyncChatClient implements AutoCloseable {
    private final Bootstrap bootstrap;
    private final EventLoopGroup loop;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Supplier<? extends ChannelHandler> handlers;
    private final @Nullable SslContext ssl;

    private AsyncChatClient(Builder settings) {
        handlers = settings.handlers;
        ssl = settings.ssl;
        loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("asynchat-client"), settings.transport.ioHandlers());
        bootstrap = new Bootstrap()
                .group(loop)
                .channel(settings.transport.clientChannel())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) settings.connectTimeout.toMillis())
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.TCP_NODELAY, true);
    }

    /** A client with settings of its own; {@code handlers} makes one handler for each connection. */
    public static Builder builder(Supplier<? extends ChannelHandler> handlers) {
        return new Builder(handlers);
    }

    /**
     * Connects; may be called any number of times. The handler of the new connection is in its pipeline once this
     * succeeds: {@code connect(address).sync().channel().pipeline().get(MyHandler.class)}.
     *
     * @param address a host that is not resolved yet is looked up first
     * @return succeeds when the connection is there; fails with a {@link java.net.ConnectException} if it is refused, a
     *     {@link io.netty.channel.ConnectTimeoutException} if it takes too long
     * @throws IllegalStateException if the client is closed
     */
    public ChannelFuture connect(InetSocketAddress address) {
        if (loop.isShuttingDown()) {
            throw new IllegalStateException("connect: after close (expected: before)");
        }
        return bootstrap.clone().handler(initializer(address)).connect(address);
    }

    /**
     * The event loop of all its connections: for a timer that outlives one of them, as to connect again, and for state that
     * several share. It ends with the client.
     */
    public EventExecutor executor() {
        return loop.next();
    }

    private ChannelInitializer<Channel> initializer(InetSocketAddress address) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                connections.add(channel);
                if (ssl != null) {
                    channel.pipeline()
                            .addLast(ssl.newHandler(channel.alloc(), address.getHostString(), address.getPort()));
                }
                channel.pipeline().addLast(handlers.get());
            }
        };
    }

    /**
     * Closes the connections that are left, at once, and ends its thread. Returns when that is done.
     *
     * @throws IllegalStateException on its own event loop, which it would wait for
     */
    @Override
    public void close() {
        if (loop.next().inEventLoop()) {
            throw new IllegalStateException("close: on the event loop of the client (expected: another thread)");
        }
        connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS); // by their handlers, so that they know by whom
        loop.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** The settings of a client. */
    public static final class Builder {
        private final Supplier<? extends ChannelHandler> handlers;
        private Transport transport = Transport.best();
        private Duration connectTimeout = Duration.ofSeconds(10);
        private @Nullable SslContext ssl;

        private Builder(Supplier<? extends ChannelHandler> handlers) {
            this.handlers = handlers;
        }

        /**
         * The transport; {@link Transport#best} unless set.
         *
         * @throws IllegalArgumentException if it is not available here
         */
        public Builder transport(Transport transport) {
            this.transport = transport.requireAvailable();
            return this;
        }

        /** How long connecting may take, in milliseconds at the finest; 10 seconds unless set. */
        public Builder connectTimeout(Duration timeout) {
            if (timeout.compareTo(Duration.ofMillis(1)) < 0
                    || timeout.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) > 0) {
                throw new IllegalArgumentException("connect timeout: " + timeout + " (expected: 1 ms to 2^31-1 ms)");
            }
            this.connectTimeout = timeout;
            return this;
        }

        /** Speaks TLS, and expects the certificate of the host that is connected to. */
        public Builder ssl(SslContext ssl) {
            this.ssl = ssl;
            return this;
        }

        /** Makes the client; nothing is connected yet. */
        public AsyncChatClient build() {
            return new AsyncChatClient(this);
        }
    }
}
