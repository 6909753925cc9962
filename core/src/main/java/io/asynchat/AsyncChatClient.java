package io.asynchat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Connects to addresses and gives each connection a handler of its own, of the same kinds as a server's.
 *
 * <pre>{@code
 * try (AsyncChatClient<Echo> client = AsyncChatClient.builder(Echo::new).build()) {
 *     Echo echo = client.connect(new InetSocketAddress("127.0.0.1", 5005)).sync().getNow();
 *     echo.channel().closeFuture().sync();
 * }
 * }</pre>
 *
 * <p><b>Thread:</b> any; one event loop of its own serves all its connections, unless an event loop group is given.
 *
 * <p><b>Errors.</b> On Netty 4.1 every attempt to build a client fails with an {@link IllegalStateException}.
 *
 * <p><b>Source.</b> asyncore's {@code dispatcher.connect}.
 *
 * @param <H> the type of the handlers
 */
// Longer than other files: half of it is the builder, and most of that is contract.
public final class AsyncChatClient<H extends ChannelHandler> implements AutoCloseable {
    private final Transport transport;
    private final EventLoopGroup loops;
    private final boolean ownsLoops;
    private final Bootstrap bootstrap;
    private final ChannelGroup connections =
            new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true); // after close() it closes what is added
    private final Supplier<? extends H> handlers;
    private final ConnectionInitializer.Settings settings;
    private final List<Consumer<? super Bootstrap>> options;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Map<Channel, CompletableFuture<Void>> removals =
            new ConcurrentHashMap<>(); // of a connection's handlers

    private AsyncChatClient(Builder<H> builder) {
        handlers = builder.handlers;
        settings = builder.settings.copy();
        options = List.copyOf(builder.options);
        ownsLoops = builder.group == null;
        transport = Transport.choose(builder.group, builder.transport);
        loops = builder.group != null ? builder.group : transport.newLoops(1, "asynchat-client");
        bootstrap =
                new Bootstrap().option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) builder.connectTimeout.toMillis());
    }

    /**
     * Returns a builder for a client; {@code handlers} makes one handler for each connection.
     *
     * @throws IllegalStateException on Netty 4.1
     */
    public static <H extends ChannelHandler> Builder<H> builder(Supplier<? extends H> handlers) {
        NettyVersions.requireNetty42();
        return new Builder<>(handlers);
    }

    /**
     * Returns a builder for a client that opens streams: see {@link #open}. Its {@link #connect} is of no use.
     *
     * @throws IllegalStateException on Netty 4.1
     */
    public static Builder<ChannelHandler> streams() {
        return builder(() -> {
            throw new IllegalStateException("connect: a client of streams (expected: open)");
        });
    }

    /**
     * Connects, in place of a handler with a stream that straight-line code reads and writes, and waits until the connection is
     * established, after the TLS handshake if there is one.
     *
     * @param address as of {@link #connect}
     * @throws IOException as the future of {@link #connect} fails
     * @throws IllegalStateException if the client is closed, or on one of its event loops, which this would block
     */
    public ChatStream open(SocketAddress address) throws IOException, InterruptedException {
        EventLoops.refuseOn(loops, "open: on the event loop of the client (expected: another thread)");
        if (Thread.interrupted()) {
            throw new InterruptedException("open: interrupted before it began");
        }
        Future<StreamHandler> connected = connect(address, () -> new StreamHandler(stream -> {}));
        try {
            connected.await();
        } catch (InterruptedException interrupt) {
            if (!connected.cancel(false) && connected.isSuccess()) {
                connected.getNow().close(); // it was established at that moment
            }
            throw interrupt;
        }
        if (!connected.isSuccess()) {
            throw ChatStream.rethrown(connected.cause());
        }
        return connected.getNow().stream();
    }

    /**
     * Connects; may be called more than once. The future succeeds with the handler of the new connection, after the TLS
     * handshake if there is one. Cancelling it closes the connection.
     *
     * @param address an {@link InetSocketAddress}, which is resolved first if it is not yet; or a {@link
     *     java.net.UnixDomainSocketAddress} or {@link io.netty.channel.unix.DomainSocketAddress}
     * @return fails with a {@link java.net.ConnectException} if the connection is refused, a {@link
     *     io.netty.channel.ConnectTimeoutException} if it takes too long, the cause of a TLS handshake that fails, or the
     *     exception of the supplier of handlers
     * @throws IllegalStateException if the client is closed
     */
    public Future<H> connect(SocketAddress address) {
        return connect(address, handlers);
    }

    private <T extends ChannelHandler> Future<T> connect(SocketAddress address, Supplier<? extends T> handlers) {
        Checks.notNull(address, "address");
        if (closed.get()) {
            throw new IllegalStateException("connect: after close (expected: before)");
        }
        EventLoop loop = loops.next();
        Promise<T> result = loop.newPromise();
        AtomicReference<T> handler = new AtomicReference<>(); // set by the initializer
        ChannelFuture connected = configured(loop, Transport.isUnix(address))
                .handler(new ConnectionInitializer(settings, address, () -> make(handlers, handler, result)))
                .connect(transport.adapt(address));
        if (connected.isDone() && !connected.isSuccess()) { // an event loop that has ended calls no listener
            result.tryFailure(connected.cause());
            return GlobalEventExecutor.INSTANCE.newFailedFuture(result.cause());
        }
        track(connected.channel());
        connected.addListener(done -> afterConnect(connected, handler, result));
        result.addListener(done -> {
            if (result.isCancelled()) {
                connected.channel().close();
            }
        });
        return result;
    }

    private void track(Channel connection) {
        connections.add(connection);
        CompletableFuture<Void> removal = new CompletableFuture<>();
        removals.put(connection, removal);
        connection
                .closeFuture()
                .addListener(end -> EventLoops.whenHandlersRemoved(connection, () -> {
                    removals.remove(connection);
                    removal.complete(null);
                }));
    }

    private Bootstrap configured(EventLoop loop, boolean unix) {
        Bootstrap connecting = bootstrap.clone(loop).channel(transport.clientChannel(unix));
        if (transport.allowsHalfClosure(unix)) {
            connecting.option(ChannelOption.ALLOW_HALF_CLOSURE, true);
        }
        if (!unix) {
            connecting.option(ChannelOption.TCP_NODELAY, true);
        }
        options.forEach(option -> option.accept(connecting));
        return connecting;
    }

    private static <T> T make(Supplier<? extends T> handlers, AtomicReference<T> handler, Promise<T> result) {
        try {
            T made = Checks.notNull(handlers.get(), "handler");
            handler.set(made);
            return made;
        } catch (Throwable thrown) {
            result.tryFailure(thrown);
            throw thrown;
        }
    }

    private static <T> void afterConnect(ChannelFuture connected, AtomicReference<T> handler, Promise<T> result) {
        SslHandler tls = connected.channel().pipeline().get(SslHandler.class);
        if (!connected.isSuccess()) {
            result.tryFailure(connected.cause());
        } else if (tls == null) {
            result.trySuccess(handler.get());
        } else {
            tls.handshakeFuture().addListener(shaken -> {
                if (shaken.isSuccess()) {
                    result.trySuccess(handler.get());
                } else {
                    result.tryFailure(shaken.cause());
                }
            });
        }
    }

    /**
     * Returns the event loop of all its connections, or one of them if the client was given a group of several: for a timer
     * that outlives a connection, such as a reconnect, and for state that connections share. It ends with the client if it is
     * the client's own.
     */
    public EventExecutor executor() {
        return loops.next();
    }

    /**
     * Closes all connections at once, and returns when the client's thread has ended. An event loop group that was given to the
     * builder is not shut down: then this waits one second at most for the connections. Handlers on executors of the user's have
     * ten seconds to be removed there.
     *
     * @throws IllegalStateException on an event loop of the client, which it would wait for
     */
    @Override
    public void close() {
        EventLoops.refuseOn(loops, "close: on the event loop of the client (expected: another thread)");
        closed.set(true);
        connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS); // handlers see a local close
        if (ownsLoops) {
            connections.forEach(EventLoops::closeNow);
            CompletableFuture.allOf(removals.values().toArray(CompletableFuture<?>[]::new))
                    .completeOnTimeout(null, 10, TimeUnit.SECONDS)
                    .join();
            loops.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    /**
     * The settings of a client.
     *
     * @param <H> the type of the handlers
     */
    public static final class Builder<H extends ChannelHandler> {
        private final Supplier<? extends H> handlers;
        private final ConnectionInitializer.Settings settings = new ConnectionInitializer.Settings();
        private final List<Consumer<? super Bootstrap>> options = new ArrayList<>();
        private @Nullable Transport transport; // the best unless set
        private @Nullable EventLoopGroup group; // the client's own unless set
        private Duration connectTimeout = Duration.ofSeconds(10);

        private Builder(Supplier<? extends H> handlers) {
            this.handlers = Checks.notNull(handlers, "handlers");
        }

        /**
         * The transport; {@link Transport#best} unless set.
         *
         * @throws IllegalArgumentException if it is not available here
         * @throws IllegalStateException if an event loop group is set, which brings its transport
         */
        public Builder<H> transport(Transport transport) {
            Checks.notBoth("transport", "event loop group", group);
            this.transport = Checks.notNull(transport, "transport").requireAvailable();
            return this;
        }

        /**
         * Event loops to share with others; the client has one of its own unless set. They bring their transport, and are
         * never shut down by the client. An {@link EventLoop} is a group of one.
         *
         * @throws IllegalArgumentException if they are for none of the {@link Transport}s
         * @throws IllegalStateException if a transport is set
         */
        public Builder<H> eventLoopGroup(EventLoopGroup group) {
            Checks.notBoth("event loop group", "transport", transport);
            Transport.of(Checks.notNull(group, "event loop group"));
            this.group = group;
            return this;
        }

        /** Sets an option of each connection. */
        public <T> Builder<H> option(ChannelOption<T> option, T value) {
            Checks.option(option, value);
            options.add(bootstrap -> bootstrap.option(option, value));
            return this;
        }

        /** The maximum time that connecting may take, in whole milliseconds; 10 seconds unless set. */
        public Builder<H> connectTimeout(Duration timeout) {
            if (Checks.notNull(timeout, "connect timeout").compareTo(Duration.ofMillis(1)) < 0
                    || timeout.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) > 0) {
                throw new IllegalArgumentException("connect timeout: " + timeout + " (expected: 1 ms to 2^31-1 ms)");
            }
            this.connectTimeout = timeout;
            return this;
        }

        /** As a server's {@link AsyncChatServer.Builder#halfClosedTimeout}. */
        public Builder<H> halfClosedTimeout(Duration timeout) {
            settings.halfClosedTimeout = Checks.notNegative(timeout, "half-closed timeout");
            return this;
        }

        /** Uses TLS, and expects the certificate of the host that it connects to. */
        public Builder<H> ssl(SslContext ssl) {
            settings.ssl = Checks.notNull(ssl, "ssl");
            return this;
        }

        /** Initializes each channel before TLS is added, on its event loop: for a proxy's handler, for instance. */
        public Builder<H> beforeTls(Consumer<? super Channel> initializer) {
            settings.beforeTls = Checks.notNull(initializer, "initializer");
            return this;
        }

        /** Initializes each channel after TLS is added and before the handler is, on its event loop. */
        public Builder<H> initializer(Consumer<? super Channel> initializer) {
            settings.afterTls = Checks.notNull(initializer, "initializer");
            return this;
        }

        /** Creates the client, without a connection. */
        public AsyncChatClient<H> build() {
            return new AsyncChatClient<>(this);
        }
    }
}
