package io.asynchat;

import io.asynchat.ServerConnections.Limits;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on an address and gives each connection a handler of its own.
 *
 * <pre>{@code
 * try (AsyncChatServer server = AsyncChatServer.bind(new InetSocketAddress("127.0.0.1", 0), Echo::new)) {
 *     System.out.println("listening on port " + server.port());
 * }
 * }</pre>
 *
 * <p><b>Thread:</b> any; not {@link #close} on one of its own event loops.
 *
 * <p><b>Limits.</b> 10,000 connections unless set. A connection beyond a limit is closed and logged, one line a second at
 * most. Most timeouts are off unless set, as only the protocol knows what is slow.
 *
 * <p><b>Errors.</b> A failing accept, for want of file descriptors, is tried again after a second. On Netty 4.1 every attempt
 * to build a server fails with an {@link IllegalStateException}.
 *
 * <p><b>Source.</b> asyncore's {@code dispatcher} with {@code listen} and {@code handle_accept}.
 */
// Longer than other files: half of it is the builder, and most of that is contract.
public final class AsyncChatServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AsyncChatServer.class);

    private final Channel listener;
    private final EventLoopGroup loops;
    private final boolean ownsLoops;
    private final ChannelHandlerContext registry; // of the ServerConnections
    private final Duration drainTimeout;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicReference<@Nullable Thread> exitHook = new AtomicReference<>();
    private final Promise<Void> closed = GlobalEventExecutor.INSTANCE.newPromise(); // which no caller can cancel

    private AsyncChatServer(Channel listener, EventLoopGroup loops, boolean ownsLoops, Duration drainTimeout) {
        this.listener = listener;
        this.loops = loops;
        this.ownsLoops = ownsLoops;
        this.drainTimeout = drainTimeout;
        registry = listener.pipeline().context(ServerConnections.class);
        closed.setUncancellable();
    }

    /** Listens, with the defaults of {@link #builder}: see {@link Builder#bind}. */
    public static AsyncChatServer bind(SocketAddress address, Supplier<? extends ChannelHandler> handlers)
            throws IOException {
        return builder(handlers).bind(address);
    }

    /** A builder for a server; each connection gets a new handler: an {@link AsyncChatHandler}, a {@link ChannelInitializer}. */
    public static Builder builder(Supplier<? extends ChannelHandler> handlers) {
        NettyVersions.requireNetty42();
        return new Builder(handlers);
    }

    /**
     * A builder for a server that runs a protocol for each connection as straight-line code, on the threads of {@code
     * executor}: see {@link ChatStream#handler(Executor, ChatStream.Protocol)}. The executor is not shut down by the server.
     */
    public static Builder streams(Executor executor, ChatStream.Protocol protocol) {
        ChatStream.handler(executor, protocol); // so that bad arguments are refused here
        return builder(() -> ChatStream.handler(executor, protocol));
    }

    /** The address that the server listens on: an {@link InetSocketAddress}, or the address of a Unix socket. */
    public SocketAddress address() {
        return listener.localAddress();
    }

    /**
     * The port that the server listens on.
     *
     * @throws IllegalStateException if it listens on a Unix socket
     */
    public int port() {
        if (address() instanceof InetSocketAddress inet) {
            return inet.getPort();
        }
        throw new IllegalStateException("port: none for " + address() + " (expected: an internet address)");
    }

    /**
     * Closes the server and returns when all is closed. A second call waits for the first.
     *
     * <ol>
     *   <li>Connections that are established already are accepted, then the listener is closed.
     *   <li>Each connection receives a {@link DrainEvent}, which requests it to finish.
     *   <li>Connections that have not finished when the drain timeout has passed are closed; it counts from the call. Protocols
     *       that still run then are interrupted; they, and handlers on other executors, have one second more.
     *   <li>The server's threads end. An event loop group that was given to the builder is not shut down.
     * </ol>
     *
     * @throws IllegalStateException on one of its own event loops, which it would wait for
     */
    @Override
    public void close() {
        EventLoops.refuseOn(loops, "close: on an event loop of the server (expected: closeAsync there)");
        closeAsync().syncUninterruptibly();
    }

    /** As {@link #close}, without waiting. */
    public Future<Void> closeAsync() {
        if (closing.compareAndSet(false, true)) {
            removeExitHook();
            Promise<Void> drained = GlobalEventExecutor.INSTANCE.newPromise();
            EventLoops.closeAfter(drained, loops, ownsLoops, drainTimeout, closed);
            EventLoops.run(
                    registry.executor(),
                    () -> ((ServerConnections) registry.handler()).close(registry, drainTimeout.toNanos(), drained));
        }
        return closed;
    }

    /**
     * Closes the server when the JVM shuts down: on SIGTERM, SIGINT or {@code System.exit}. The exit status stays as it is,
     * other shutdown hooks run at the same time, and so do those of other servers. {@link #close} removes the hook. A
     * callback that blocks delays the end of the JVM for one second more than the drain timeout at most.
     *
     * @throws IllegalStateException if the JVM is shutting down already
     */
    public void closeAtExit() {
        Thread hook = new Thread(
                () -> closeAsync().awaitUninterruptibly(drainTimeout.toMillis() + 1_000), "close " + address());
        if (exitHook.compareAndSet(null, hook)) {
            Runtime.getRuntime().addShutdownHook(hook);
            if (closing.get()) {
                removeExitHook();
            }
        }
    }

    /** For tests. */
    @Nullable
    Thread exitHook() {
        return exitHook.get();
    }

    private void removeExitHook() {
        Thread hook = exitHook.get();
        if (hook != null && hook != Thread.currentThread()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException shuttingDown) {
                // the hook is running
            }
        }
    }

    /**
     * The settings of a server. A limit or timeout is off unless a default is given, and zero switches it off, except the
     * drain timeout: zero closes all connections at once. An event loop
     * group brings its transport and its number of event loops: beside either it is an {@link IllegalStateException}.
     */
    public static final class Builder {
        private final Supplier<? extends ChannelHandler> handlers;
        private final ConnectionInitializer.Settings settings = new ConnectionInitializer.Settings();
        private final List<Consumer<? super ServerBootstrap>> options = new ArrayList<>();
        private @Nullable Transport transport; // the best unless set
        private @Nullable EventLoopGroup group; // the server's own unless set
        private int eventLoops; // one a processor unless set
        private @Nullable Limits shared; // of another server
        private int maxConnections = 10_000;
        private int maxConnectionsPerAddress;
        private Duration drainTimeout = Duration.ofSeconds(10);
        private Consumer<? super ConnectionRejectReason> onRejected = reason -> {};
        private Consumer<? super Channel> onConnectionOpened = channel -> {};
        private Consumer<? super Channel> onConnectionClosed = channel -> {};

        private Builder(Supplier<? extends ChannelHandler> handlers) {
            this.handlers = Checks.notNull(handlers, "handlers");
        }

        /**
         * The transport; {@link Transport#best} unless set.
         *
         * @throws IllegalArgumentException if it is not available here
         */
        public Builder transport(Transport transport) {
            Checks.notBoth("transport", "event loop group", group);
            this.transport = Checks.notNull(transport, "transport").requireAvailable();
            return this;
        }

        /** The number of event loops, each a thread, that serve the connections; one per processor unless set. */
        public Builder eventLoops(int eventLoops) {
            Checks.notBoth("event loops", "event loop group", group);
            this.eventLoops = Checks.positive(eventLoops, "event loops");
            return this;
        }

        /**
         * Event loops to accept and serve on, in place of the server's own, which it never shuts down. An {@link
         * io.netty.channel.EventLoop} is a group of one.
         *
         * @throws IllegalArgumentException if they are for none of the {@link Transport}s
         */
        public Builder eventLoopGroup(EventLoopGroup group) {
            Checks.notBoth("event loop group", "transport", transport);
            Checks.notBoth("event loop group", "number of event loops", eventLoops == 0 ? null : eventLoops);
            Transport.of(Checks.notNull(group, "event loop group"));
            this.group = group;
            return this;
        }

        /** Sets an option of the listening channel. */
        public <T> Builder option(ChannelOption<T> option, T value) {
            Checks.option(option, value);
            options.add(bootstrap -> bootstrap.option(option, value));
            return this;
        }

        /** Sets an option of each connection. */
        public <T> Builder childOption(ChannelOption<T> option, T value) {
            Checks.option(option, value);
            options.add(bootstrap -> bootstrap.childOption(option, value));
            return this;
        }

        /** The maximum number of open connections; 10,000 unless set. */
        public Builder maxConnections(int maxConnections) {
            this.maxConnections = Checks.notNegative(maxConnections, "max connections");
            return this;
        }

        /**
         * The maximum number of open connections of one IPv4 address or IPv6 /64 network; none unless set, as the clients
         * behind a load balancer share one address. Unix sockets are not counted.
         */
        public Builder maxConnectionsPerAddress(int maxConnections) {
            this.maxConnectionsPerAddress = Checks.notNegative(maxConnections, "max connections per address");
            return this;
        }

        /** Counts connections together with those of another server, by that server's limits, not by those set here. */
        public Builder shareLimits(AsyncChatServer server) {
            shared = ((ServerConnections)
                            Checks.notNull(server, "server").registry.handler())
                    .limits();
            return this;
        }

        /** The maximum time from the first byte of a frame to its end. Fires one {@link ProtocolTimeoutException}. */
        public Builder frameTimeout(Duration timeout) {
            settings.frameTimeout = Checks.notNegative(timeout, "frame timeout");
            return this;
        }

        /** The maximum time in which nothing is received. See {@link IdleTimeoutHandler}. */
        public Builder idleTimeout(Duration timeout) {
            settings.idleTimeout = Checks.notNegative(timeout, "idle timeout");
            return this;
        }

        /** The maximum time in which the peer accepts none of the bytes that wait for it. See {@link WriteStallHandler}. */
        public Builder writeStallTimeout(Duration timeout) {
            settings.writeStallTimeout = Checks.notNegative(timeout, "write stall timeout");
            return this;
        }

        /**
         * The maximum time from the end of input, or the last byte sent after it; 60 seconds unless set. When it has passed,
         * a {@link ProtocolTimeoutException} is fired through the pipeline, and the channel is closed if it is still open
         * then. A reset of such a connection goes unnoticed while nothing is sent.
         */
        public Builder halfClosedTimeout(Duration timeout) {
            settings.halfClosedTimeout = Checks.notNegative(timeout, "half-closed timeout");
            return this;
        }

        /** The maximum time from {@link AsyncChatServer#close} to the end of all connections; 10 seconds unless set. */
        public Builder drainTimeout(Duration timeout) {
            this.drainTimeout = Checks.notNegative(timeout, "drain timeout");
            return this;
        }

        /** Uses TLS. */
        public Builder ssl(SslContext ssl) {
            settings.ssl = Checks.notNull(ssl, "ssl");
            return this;
        }

        /**
         * Initializes each channel before TLS is added, on its event loop: for handlers that read bytes before TLS or choose
         * its certificate, such as Netty's {@code HAProxyMessageDecoder} and {@code SniHandler}.
         */
        public Builder beforeTls(Consumer<? super Channel> initializer) {
            settings.beforeTls = Checks.notNull(initializer, "initializer");
            return this;
        }

        /** Initializes each channel after TLS and timeouts are added and before the handler is, on its event loop. */
        public Builder childInitializer(Consumer<? super Channel> initializer) {
            settings.afterTls = Checks.notNull(initializer, "initializer");
            return this;
        }

        /** Called for each connection that is rejected, on an event loop: to count them, for instance. */
        public Builder onRejected(Consumer<? super ConnectionRejectReason> onRejected) {
            this.onRejected = Checks.notNull(onRejected, "onRejected");
            return this;
        }

        /** Called for each connection that is accepted, on an event loop, before its channel is initialized. */
        public Builder onConnectionOpened(Consumer<? super Channel> onConnectionOpened) {
            this.onConnectionOpened = Checks.notNull(onConnectionOpened, "onConnectionOpened");
            return this;
        }

        /** Called when a connection has been closed, and its protocol has returned, on the event loop that accepted it. */
        public Builder onConnectionClosed(Consumer<? super Channel> onConnectionClosed) {
            this.onConnectionClosed = Checks.notNull(onConnectionClosed, "onConnectionClosed");
            return this;
        }

        /**
         * Listens.
         *
         * @param address an {@link InetSocketAddress}, port 0 stands for any free port; or the address of a Unix socket, the
         *     JDK's or Netty's, where with NIO the end of input closes the connection
         * @throws IOException if the address cannot be bound
         * @throws IllegalStateException on an event loop of the group that was given
         */
        public AsyncChatServer bind(SocketAddress address) throws IOException {
            if (group != null) {
                EventLoops.refuseOn(group, "bind: on an event loop of the group (expected: bindAsync there)");
            }
            Future<AsyncChatServer> bound = bindAsync(address).awaitUninterruptibly();
            if (!bound.isSuccess()) {
                throw (IOException) bound.cause();
            }
            return bound.getNow();
        }

        /** As {@link #bind}, without waiting; a host name is looked up by the caller. Fails with an {@link IOException}. */
        public Future<AsyncChatServer> bindAsync(SocketAddress address) {
            Checks.notNull(address, "address");
            Transport chosen = Transport.choose(group, transport);
            SocketAddress local = chosen.localAddress(address);
            boolean owns = group == null;
            EventLoopGroup loops = group != null ? group : chosen.newLoops(eventLoops, "asynchat-server");
            Duration drain = drainTimeout; // the builder may be changed and used again before the address is bound
            Promise<AsyncChatServer> result = GlobalEventExecutor.INSTANCE.newPromise();
            ChannelFuture bound = configure(chosen.serverBootstrap(loops, Transport.isUnix(address)))
                    .bind(local);
            EventLoops.whenDone(bound, () -> {
                if (!bound.isSuccess()) {
                    result.tryFailure(Transport.bindFailure(address, local, bound.cause()));
                } else {
                    LOG.info("listening on {} with {}", bound.channel().localAddress(), chosen);
                    if (!result.trySuccess(new AsyncChatServer(bound.channel(), loops, owns, drain))) {
                        bound.channel().close(); // it was cancelled
                    }
                }
                if (owns && !result.isSuccess()) {
                    loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
                }
            });
            return result;
        }

        private ServerBootstrap configure(ServerBootstrap bootstrap) {
            ServerConnections.Events events =
                    new ServerConnections.Events(onRejected, onConnectionOpened, onConnectionClosed);
            options.forEach(option -> option.accept(bootstrap));
            Limits limits = shared != null ? shared : new Limits(maxConnections, maxConnectionsPerAddress);
            return bootstrap
                    .handler(new ServerConnections(limits, events))
                    .childHandler(new ConnectionInitializer(settings, null, handlers));
        }
    }
}
