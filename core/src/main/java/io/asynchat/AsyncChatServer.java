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
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
 * <p>Limits are on: 10,000 connections, 256 from one IPv4 address or IPv6 /64; a connection beyond them is closed, and the
 * log says so, at most once a second. A failing accept, for want of file descriptors, is tried again after a second.
 * Deadlines are off unless set: what is slow, only the protocol knows.
 *
 * <p><b>Thread:</b> any; not {@link #close} on one of its own event loops.
 *
 * <p><b>Source.</b> asyncore's {@code dispatcher} with {@code listen} and {@code handle_accept}.
 */
// Longer than other files: half of it is the builder, and most of that is contract.
public final class AsyncChatServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AsyncChatServer.class);

    private final Channel listener;
    private final EventLoopGroup loops;
    private final ChannelHandlerContext connections;
    private final Duration drainTimeout;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Promise<Void> closed = GlobalEventExecutor.INSTANCE.newPromise();

    private AsyncChatServer(
            Channel listener, EventLoopGroup loops, ChannelHandlerContext connections, Duration drainTimeout) {
        this.listener = listener;
        this.loops = loops;
        this.connections = connections;
        this.drainTimeout = drainTimeout;
    }

    /**
     * Listens, with the defaults of {@link #builder}.
     *
     * @param address its port may be 0: any that is free
     * @param handlers makes one handler for each connection; an {@link AsyncChatHandler}, a {@link ChannelInitializer}
     * @throws IOException if the address cannot be bound
     */
    public static AsyncChatServer bind(InetSocketAddress address, Supplier<? extends ChannelHandler> handlers)
            throws IOException {
        return builder(handlers).bind(address);
    }

    /** A server with settings of its own. */
    public static Builder builder(Supplier<? extends ChannelHandler> handlers) {
        return new Builder(handlers);
    }

    /** The address that is listened on. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** The port that is listened on. */
    public int port() {
        return address().getPort();
    }

    /**
     * Closes and returns when all is closed: accepts no more, tells each connection to finish ({@link DrainEvent}), closes
     * those that have not after the drain timeout, and ends its threads. A second call waits for the first.
     *
     * @throws IllegalStateException on one of its own event loops, which it would wait for
     */
    @Override
    public void close() {
        for (EventExecutor loop : loops) {
            if (loop.inEventLoop()) {
                throw new IllegalStateException("close: on an event loop of the server (expected: closeAsync there)");
            }
        }
        closeAsync().syncUninterruptibly();
    }

    /** As {@link #close}, without waiting. */
    public Future<Void> closeAsync() {
        if (closing.compareAndSet(false, true)) {
            Promise<Void> drained = connections.executor().newPromise();
            drained.addListener(done -> loops.shutdownGracefully(0, drainTimeout.toMillis(), TimeUnit.MILLISECONDS)
                    .addListener(ended -> closed.setSuccess(null)));
            ServerConnections books = (ServerConnections) connections.handler();
            connections
                    .executor()
                    .execute(() -> books.whenNoneWaits(
                            connections,
                            () -> listener.close()
                                    .addListener(
                                            unbound -> books.drain(connections, drainTimeout.toMillis(), drained))));
        }
        return closed;
    }

    /**
     * Closes when the JVM is told to end, by SIGTERM, SIGINT or {@code System.exit}, and then ends it with exit code 0. For
     * a program that is this server. A callback that blocks does not keep the JVM from ending.
     */
    public void closeAtExit() {
        closeAtExit(() -> {});
    }

    /** As {@link #closeAtExit()}, and runs something last, when all is closed: to flush a log, for instance. */
    public void closeAtExit(Runnable last) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                closeAsync().awaitUninterruptibly(drainTimeout.toMillis() + 1_000);
                                last.run();
                            } finally {
                                Runtime.getRuntime().halt(0);
                            }
                        },
                        "close " + address()));
    }

    /** The settings of a server. */
    public static final class Builder {
        private final Supplier<? extends ChannelHandler> handlers;
        private Transport transport = Transport.best();
        private int eventLoops = Runtime.getRuntime().availableProcessors();
        private int maxConnections = 10_000;
        private int maxConnectionsPerAddress = 256;
        private Duration frameTimeout = Duration.ZERO;
        private Duration idleTimeout = Duration.ZERO;
        private Duration writeStallTimeout = Duration.ZERO;
        private Duration drainTimeout = Duration.ofSeconds(10);
        private @Nullable SslContext ssl;
        private Consumer<? super Channel> childInitializer = channel -> {};
        private Consumer<? super ConnectionRejectReason> onRejected = refusal -> {};

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

        /** How many event loops, each a thread, serve the connections; one a processor unless set. */
        public Builder eventLoops(int eventLoops) {
            this.eventLoops = Checks.positive(eventLoops, "event loops");
            return this;
        }

        /** The most connections at a time; 10,000 unless set, 0 for any number. */
        public Builder maxConnections(int most) {
            this.maxConnections = Checks.notNegative(most, "max connections");
            return this;
        }

        /** The most connections at a time from one IPv4 address or IPv6 /64; 256 unless set, 0 for any number. */
        public Builder maxConnectionsPerAddress(int most) {
            this.maxConnectionsPerAddress = Checks.notNegative(most, "max per address");
            return this;
        }

        /**
         * How long a frame may take from its first byte to its end, in milliseconds at the finest; zero, the default, for
         * ever. A late one is told once as a {@link ProtocolTimeoutException}.
         */
        public Builder frameTimeout(Duration timeout) {
            this.frameTimeout = Checks.notNegative(timeout, "frame timeout");
            return this;
        }

        /** How long a peer may send nothing; told as {@link #frameTimeout} is. Zero, the default, for ever. */
        public Builder idleTimeout(Duration timeout) {
            this.idleTimeout = Checks.notNegative(timeout, "idle timeout");
            return this;
        }

        /**
         * How long a peer may take nothing of what waits for it; told once as a {@link ProtocolTimeoutException}. Zero, the
         * default, for ever. What counts is that it goes on taking, not how long the whole takes.
         */
        public Builder writeStallTimeout(Duration timeout) {
            this.writeStallTimeout = Checks.notNegative(timeout, "write timeout");
            return this;
        }

        /** How long connections have to finish when the server closes; 10 seconds unless set. */
        public Builder drainTimeout(Duration timeout) {
            this.drainTimeout = Checks.notNegative(timeout, "drain timeout");
            return this;
        }

        /** Speaks TLS. */
        public Builder ssl(SslContext ssl) {
            this.ssl = ssl;
            return this;
        }

        /** Runs for each connection that is refused, on an event loop; to count them, for instance. */
        public Builder onRejected(Consumer<? super ConnectionRejectReason> onRejected) {
            this.onRejected = onRejected;
            return this;
        }

        /** Runs for each connection on its event loop, after TLS and deadlines are in its pipeline, before the handler. */
        public Builder childInitializer(Consumer<? super Channel> childInitializer) {
            this.childInitializer = childInitializer;
            return this;
        }

        /**
         * Listens.
         *
         * @throws IOException if the address cannot be bound
         */
        public AsyncChatServer bind(InetSocketAddress address) throws IOException {
            InetSocketAddress resolved = address.isUnresolved()
                    ? new InetSocketAddress(address.getHostString(), address.getPort())
                    : address;
            EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                    eventLoops, new DefaultThreadFactory("asynchat-server"), transport.ioHandlers());
            ServerConnections connections = new ServerConnections(maxConnections, maxConnectionsPerAddress, onRejected);
            ChannelFuture bound = new ServerBootstrap()
                    .group(loops)
                    .channel(transport.serverChannel())
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .handler(connections)
                    .childHandler(new ConnectionInitializer(
                            ssl, writeStallTimeout, idleTimeout, frameTimeout, childInitializer, handlers))
                    .bind(resolved)
                    .awaitUninterruptibly();
            if (!bound.isSuccess()) {
                loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
                String why = resolved.isUnresolved() ? "unknown host" : reason(bound.cause());
                throw new IOException(address.getHostString() + ":" + address.getPort() + ": " + why, bound.cause());
            }
            LOG.info("listening on {} with {}", bound.channel().localAddress(), transport);
            Channel listener = bound.channel();
            return new AsyncChatServer(listener, loops, listener.pipeline().context(connections), drainTimeout);
        }

        /** What the system says, in the same words on every transport. */
        private static String reason(Throwable refused) {
            return String.valueOf(refused.getMessage())
                    .replaceFirst("^bind\\(\\.\\.\\) failed with error\\(-?\\d+\\): ", "");
        }
    }
}
