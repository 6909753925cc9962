package io.asynchat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
 *     ...
 * }
 * }</pre>
 *
 * <p><b>Thread:</b> any; not {@link #close} on one of its own event loops.
 *
 * <p><b>Limits.</b> 10,000 connections unless set. A connection beyond a limit is closed and logged, one line a second at
 * most. A connection whose peer has ended its side and that sends nothing is closed after 60 seconds. The other timeouts are
 * off unless set, as only the protocol knows what is slow.
 *
 * <p><b>Errors.</b> A failing accept, for want of file descriptors, is tried again after a second. On Netty 4.1 every attempt
 * to build a server fails with an {@link IllegalStateException} that says so.
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
    private final Promise<Void> closed = GlobalEventExecutor.INSTANCE.newPromise();

    private AsyncChatServer(Channel listener, EventLoopGroup loops, boolean ownsLoops, Duration drainTimeout) {
        this.listener = listener;
        this.loops = loops;
        this.ownsLoops = ownsLoops;
        this.registry = listener.pipeline().context(ServerConnections.class);
        this.drainTimeout = drainTimeout;
    }

    /**
     * Listens, with the defaults of {@link #builder}.
     *
     * @param address port 0 stands for any free port
     * @param handlers makes one handler for each connection; an {@link AsyncChatHandler}, a {@link ChannelInitializer}
     * @throws IOException if the address cannot be bound
     */
    public static AsyncChatServer bind(SocketAddress address, Supplier<? extends ChannelHandler> handlers)
            throws IOException {
        return builder(handlers).bind(address);
    }

    /**
     * A builder for a server; {@code handlers} makes one handler for each connection.
     *
     * @throws IllegalStateException on Netty 4.1
     */
    public static Builder builder(Supplier<? extends ChannelHandler> handlers) {
        NettyVersions.requireNetty42();
        return new Builder(handlers);
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
     *   <li>Each connection is asked to finish, by a {@link DrainEvent}.
     *   <li>Connections that have not finished when the drain timeout has passed are closed; it counts from the call.
     *   <li>The server's threads end. An event loop group that was given to the builder is not shut down.
     * </ol>
     *
     * @throws IllegalStateException on one of its own event loops, which it would wait for
     */
    @Override
    public void close() {
        refuseOn(loops, "close: on an event loop of the server (expected: closeAsync there)");
        closeAsync().syncUninterruptibly();
    }

    private static void refuseOn(EventLoopGroup loops, String message) {
        for (EventExecutor loop : loops) {
            if (loop.inEventLoop()) {
                throw new IllegalStateException(message);
            }
        }
    }

    /** As {@link #close}, without waiting. */
    public Future<Void> closeAsync() {
        if (closing.compareAndSet(false, true)) {
            removeExitHook();
            Promise<Void> drained = GlobalEventExecutor.INSTANCE.newPromise();
            drained.addListener(done -> endLoops());
            endWithForeignLoops(drained);
            EventLoops.run(
                    registry.executor(),
                    () -> ((ServerConnections) registry.handler()).close(registry, drainTimeout.toNanos(), drained));
        }
        return closed;
    }

    /** A user may shut down the event loops first: then all is closed. */
    private void endWithForeignLoops(Promise<Void> drained) {
        if (!ownsLoops) {
            FutureListener<Object> ended = done -> drained.trySuccess(null);
            loops.terminationFuture().addListener(ended);
            drained.addListener(done -> loops.terminationFuture().removeListener(ended));
        }
    }

    private void endLoops() {
        if (ownsLoops) {
            loops.shutdownGracefully(0, drainTimeout.toMillis(), TimeUnit.MILLISECONDS)
                    .addListener(ended -> closed.setSuccess(null));
        } else {
            closed.setSuccess(null);
        }
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

    /** The settings of a server. */
    public static final class Builder {
        private final Supplier<? extends ChannelHandler> handlers;
        private final ConnectionInitializer.Settings settings = new ConnectionInitializer.Settings();
        private final List<Consumer<? super ServerBootstrap>> options = new ArrayList<>();
        private @Nullable Transport transport; // the best unless set
        private @Nullable EventLoopGroup group; // the server's own unless set
        private int eventLoops; // one a processor unless set
        private int maxConnections = 10_000;
        private int maxConnectionsPerAddress;
        private Duration drainTimeout = Duration.ofSeconds(10);
        private @Nullable SslContext ssl;
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
         * @throws IllegalStateException if an event loop group is set, which brings its transport
         */
        public Builder transport(Transport transport) {
            Checks.notBoth("transport", "event loop group", group);
            this.transport = Checks.notNull(transport, "transport").requireAvailable();
            return this;
        }

        /**
         * The number of event loops, each a thread, that serve the connections; one per processor unless set.
         *
         * @throws IllegalStateException if an event loop group is set
         */
        public Builder eventLoops(int eventLoops) {
            Checks.notBoth("event loops", "event loop group", group);
            this.eventLoops = Checks.positive(eventLoops, "event loops");
            return this;
        }

        /**
         * Event loops to share with others; the server has its own unless set. The server accepts and serves on them, with
         * the transport that they are for, and never shuts them down. An {@link io.netty.channel.EventLoop} is a group of
         * one.
         *
         * @throws IllegalArgumentException if they are for none of the {@link Transport}s
         * @throws IllegalStateException if a transport or a number of event loops is set
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
            Checks.notNull(option, "option");
            options.add(bootstrap -> bootstrap.option(option, value));
            return this;
        }

        /** Sets an option of each connection. */
        public <T> Builder childOption(ChannelOption<T> option, T value) {
            Checks.notNull(option, "option");
            options.add(bootstrap -> bootstrap.childOption(option, value));
            return this;
        }

        /** The maximum number of open connections; 10,000 unless set, 0 for no limit. */
        public Builder maxConnections(int maxConnections) {
            this.maxConnections = Checks.notNegative(maxConnections, "max connections");
            return this;
        }

        /**
         * The maximum number of open connections of one IPv4 address or IPv6 /64 network; 0, the default, for no limit: the
         * clients behind a load balancer share one address. Unix sockets are not counted.
         */
        public Builder maxConnectionsPerAddress(int maxConnections) {
            this.maxConnectionsPerAddress = Checks.notNegative(maxConnections, "max connections per address");
            return this;
        }

        /**
         * The maximum time from the first byte of a frame to its end; 0, the default, for no limit. A late frame is reported
         * once, as a {@link ProtocolTimeoutException}.
         */
        public Builder frameTimeout(Duration timeout) {
            settings.frameTimeout = Checks.notNegative(timeout, "frame timeout");
            return this;
        }

        /** The maximum time in which nothing is received; 0, the default, for no limit. See {@link IdleTimeoutHandler}. */
        public Builder idleTimeout(Duration timeout) {
            settings.idleTimeout = Checks.notNegative(timeout, "idle timeout");
            return this;
        }

        /**
         * The maximum time in which the peer accepts none of the bytes that wait for it; 0, the default, for no limit. See
         * {@link WriteStallHandler}.
         */
        public Builder writeStallTimeout(Duration timeout) {
            settings.writeStallTimeout = Checks.notNegative(timeout, "write stall timeout");
            return this;
        }

        /**
         * The maximum time in which nothing is sent to a peer that has ended its side; 60 seconds unless set, 0 for no
         * limit. It counts from the end of input or the last byte sent. When it has passed, a {@link
         * ProtocolTimeoutException} is fired through the pipeline, and the channel is closed if it is still open then. A
         * reset of such a connection goes unnoticed while nothing is sent.
         */
        public Builder halfClosedTimeout(Duration timeout) {
            settings.halfClosedTimeout = Checks.notNegative(timeout, "half-closed timeout");
            return this;
        }

        /** The maximum time from {@link AsyncChatServer#close} until all connections are closed; 10 seconds unless set. */
        public Builder drainTimeout(Duration timeout) {
            this.drainTimeout = Checks.notNegative(timeout, "drain timeout");
            return this;
        }

        /** Speaks TLS. */
        public Builder ssl(SslContext ssl) {
            this.ssl = Checks.notNull(ssl, "ssl");
            return this;
        }

        /**
         * Initializes each channel before TLS is added, on its event loop: for handlers that read what comes before TLS or
         * choose its certificate, such as Netty's {@code HAProxyMessageDecoder} and {@code SniHandler}.
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

        /** Called when an accepted connection has been closed, on the event loop that accepted it. */
        public Builder onConnectionClosed(Consumer<? super Channel> onConnectionClosed) {
            this.onConnectionClosed = Checks.notNull(onConnectionClosed, "onConnectionClosed");
            return this;
        }

        /**
         * Listens.
         *
         * @param address an {@link InetSocketAddress}, port 0 stands for any free port; or a {@link
         *     java.net.UnixDomainSocketAddress} or {@link io.netty.channel.unix.DomainSocketAddress}, where with NIO the end
         *     of input closes the connection
         * @throws IOException if the address cannot be bound
         * @throws IllegalStateException on an event loop of the group that was given
         */
        public AsyncChatServer bind(SocketAddress address) throws IOException {
            if (group != null) {
                refuseOn(group, "bind: on an event loop of the group (expected: bindAsync there)");
            }
            Future<AsyncChatServer> bound = bindAsync(address).awaitUninterruptibly();
            if (!bound.isSuccess()) {
                throw (IOException) bound.cause();
            }
            return bound.getNow();
        }

        /** As {@link #bind}, without waiting; a host name is looked up by the caller. Fails with an {@link IOException}. */
        public Future<AsyncChatServer> bindAsync(SocketAddress address) {
            NettyVersions.requireNetty42();
            Checks.notNull(address, "address");
            Transport chosen =
                    group != null ? Transport.of(group) : transport != null ? transport : Transport.bestOrLog();
            EventLoopGroup loops = group != null ? group : newLoops(chosen);
            SocketAddress local = chosen.adapt(resolve(address));
            Promise<AsyncChatServer> result = GlobalEventExecutor.INSTANCE.newPromise();
            bootstrap(chosen, loops, Transport.isUnix(address)).bind(local).addListener((ChannelFuture bound) -> {
                if (bound.isSuccess()) {
                    LOG.info("listening on {} with {}", bound.channel().localAddress(), chosen);
                    result.setSuccess(new AsyncChatServer(bound.channel(), loops, group == null, drainTimeout));
                } else {
                    if (group == null) {
                        loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
                    }
                    result.setFailure(new IOException(name(address) + ": " + reason(local, bound), bound.cause()));
                }
            });
            return result;
        }

        private EventLoopGroup newLoops(Transport transport) {
            int count = eventLoops == 0 ? Runtime.getRuntime().availableProcessors() : eventLoops;
            return new MultiThreadIoEventLoopGroup(
                    count, new DefaultThreadFactory("asynchat-server"), transport.ioHandlers());
        }

        private ServerBootstrap bootstrap(Transport transport, EventLoopGroup loops, boolean unix) {
            ServerConnections.Events events =
                    new ServerConnections.Events(onRejected, onConnectionOpened, onConnectionClosed);
            SslContext tls = ssl;
            ServerBootstrap bootstrap = new ServerBootstrap()
                    .group(loops)
                    .channel(transport.serverChannel(unix))
                    .handler(new ServerConnections(maxConnections, maxConnectionsPerAddress, events))
                    .childHandler(new ConnectionInitializer(
                            settings, tls == null ? null : channel -> tls.newHandler(channel.alloc()), handlers));
            if (transport.allowsHalfClosure(unix)) {
                bootstrap.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            }
            if (!unix) {
                bootstrap.option(ChannelOption.SO_REUSEADDR, true).childOption(ChannelOption.TCP_NODELAY, true);
            }
            options.forEach(option -> option.accept(bootstrap));
            return bootstrap;
        }

        private static SocketAddress resolve(SocketAddress address) {
            return address instanceof InetSocketAddress inet && inet.isUnresolved()
                    ? new InetSocketAddress(inet.getHostString(), inet.getPort())
                    : address;
        }

        private static String name(SocketAddress address) {
            return address instanceof InetSocketAddress inet
                    ? inet.getHostString() + ":" + inet.getPort()
                    : address.toString();
        }

        /** What the system says, in the same words on every transport. */
        private static String reason(SocketAddress local, ChannelFuture failed) {
            return local instanceof InetSocketAddress inet && inet.isUnresolved()
                    ? "unknown host"
                    : String.valueOf(failed.cause().getMessage())
                            .replaceFirst("^bind\\(\\.\\.\\) failed with error\\(-?\\d+\\): ", "");
        }
    }
}
