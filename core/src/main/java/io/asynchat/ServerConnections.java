package io.asynchat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open connections of one server: accepts or rejects new ones, and drains all when the server closes. A handler in the
 * pipeline of the listening channel, before Netty's acceptor; its state belongs to that channel's event loop.
 */
// Longer than other files: accepting and closing share the same few fields, and one file keeps them.
final class ServerConnections extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(AsyncChatServer.class);

    /** The user's callbacks for connection events, called on the listener's event loop. */
    record Events(
            Consumer<? super ConnectionRejectReason> onRejected,
            Consumer<? super Channel> onOpened,
            Consumer<? super Channel> onClosed) {}

    /** Logs at most one line a second, with the number of lines left out: peers must not be able to fill the disk. */
    private static final class LogLimit {
        private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

        private boolean logged; // ever
        private long last; // when a line was logged
        private long leftOut; // since then

        void warn(ChannelHandlerContext ctx, String what, String why) {
            long now = ctx.executor().ticker().nanoTime();
            if (logged && now - last < SECOND) {
                leftOut++;
                return;
            }
            LOG.warn("{}: {}{}", what, why, leftOut == 0 ? "" : " (and " + leftOut + " more like it before)");
            logged = true;
            last = now;
            leftOut = 0;
        }
    }

    /** Counts the open connections of one server, or of several that share their limits. <b>Thread:</b> any. */
    static final class Limits {
        private final int maxConnections;
        private final int maxConnectionsPerAddress;
        private int open;
        private final Map<InetAddress, Integer> perAddress = new HashMap<>();

        /** A limit of zero means none. */
        Limits(int maxConnections, int maxConnectionsPerAddress) {
            this.maxConnections = maxConnections == 0 ? Integer.MAX_VALUE : maxConnections;
            this.maxConnectionsPerAddress =
                    maxConnectionsPerAddress == 0 ? Integer.MAX_VALUE : maxConnectionsPerAddress;
        }

        /**
         * Counts a new connection, unless a limit is reached.
         *
         * @param address its key; null if it has none
         * @return the reason for which it must be rejected; null if it is counted
         */
        synchronized @Nullable ConnectionRejectReason open(@Nullable InetAddress address) {
            if (open >= maxConnections) {
                return ConnectionRejectReason.TOO_MANY_CONNECTIONS;
            }
            if (address != null && perAddress.getOrDefault(address, 0) >= maxConnectionsPerAddress) {
                return ConnectionRejectReason.TOO_MANY_FROM_ADDRESS;
            }
            open++;
            if (address != null) {
                perAddress.merge(address, 1, Integer::sum);
            }
            return null;
        }

        /** Counts a connection no longer. */
        synchronized void closed(@Nullable InetAddress address) {
            open--;
            if (address != null) {
                perAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
            }
        }

        /** Returns the key of an address: an IPv6 /64 counts as one, since each customer has that many. Null for Unix sockets. */
        static @Nullable InetAddress addressKey(@Nullable SocketAddress remote) {
            if (remote != null && !(remote instanceof InetSocketAddress)) {
                return null;
            }
            InetAddress address = remote == null ? null : ((InetSocketAddress) remote).getAddress();
            if (address == null) {
                return InetAddress.getLoopbackAddress(); // closed by the peer already
            }
            if (!(address instanceof Inet6Address)) {
                return address;
            }
            byte[] prefix =
                    ByteBuffer.allocate(16).put(address.getAddress(), 0, 8).array();
            try {
                return InetAddress.getByAddress(prefix);
            } catch (UnknownHostException impossible) {
                throw new AssertionError("16 bytes are an address", impossible);
            }
        }
    }

    private final Limits limits;
    private final Events events;
    private final Set<Channel> open = new HashSet<>(); // or closed while its protocol runs
    private final LogLimit rejections = new LogLimit();
    private final LogLimit acceptFailures = new LogLimit();
    private final LogLimit eventFailures = new LogLimit();

    private long accepted; // rejected ones too
    private boolean resting; // after a failed accept
    private @Nullable Promise<Void> drained; // once the server is closing
    private final Set<Channel> draining = new HashSet<>(); // those that have received the drain event
    private boolean stopped; // the listener is closed
    private boolean protocolsAwaited = true; // until they have had a second after an interrupt

    ServerConnections(Limits limits, Events events) {
        this.limits = limits;
        this.events = events;
    }

    Limits limits() {
        return limits;
    }

    // ---- accepting

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Channel child = (Channel) message;
        accepted++;
        InetAddress address = Limits.addressKey(child.remoteAddress());
        ConnectionRejectReason reason = limits.open(address);
        if (reason != null) {
            reject(ctx, child, reason);
        } else {
            open.add(child);
            notify(ctx, events.onOpened, child);
            Runnable ended = () -> EventLoops.run(ctx.executor(), () -> onClosed(ctx, child, address));
            Runnable removed = () -> StreamHandler.whenReturned(child, ended);
            child.closeFuture().addListener(closed -> EventLoops.whenHandlersRemoved(child, removed));
            ctx.fireChannelRead(child);
        }
    }

    private void onClosed(ChannelHandlerContext ctx, Channel child, @Nullable InetAddress address) {
        open.remove(child);
        draining.remove(child);
        limits.closed(address);
        notify(ctx, events.onClosed, child);
        reportIfDrained();
    }

    private void reject(ChannelHandlerContext ctx, Channel child, ConnectionRejectReason reason) {
        rejections.warn(ctx, "rejected " + child.remoteAddress(), reason.toString());
        child.unsafe().closeForcibly();
        notify(ctx, events.onRejected, reason);
    }

    /** Calls a callback of the user; what it throws, an Error too, does not count as a failed accept. */
    private <T> void notify(ChannelHandlerContext ctx, Consumer<? super T> consumer, T event) {
        try {
            consumer.accept(event);
        } catch (Throwable fault) {
            eventFailures.warn(ctx, "connection event failed", fault.toString());
        }
    }

    /** An accept failed, usually for want of file descriptors: stops accepting for a second, then goes on. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        acceptFailures.warn(ctx, "accept failed", cause.toString());
        if (drained != null) {
            open.forEach(this::requestDrain); // connections that close free descriptors for those that wait
        }
        if (!resting) {
            resting = true;
            ctx.channel().config().setAutoRead(false);
            ctx.executor()
                    .schedule(
                            () -> {
                                resting = false;
                                ctx.channel().config().setAutoRead(true);
                            },
                            1,
                            TimeUnit.SECONDS);
        }
    }

    // ---- closing

    /**
     * Closes the listener once no connection waits to be accepted, sends each connection a drain event, and closes those that
     * have not finished in time. {@code drained} succeeds when all are closed. On the event loop, once.
     */
    void close(ChannelHandlerContext ctx, long timeoutNanos, Promise<Void> drained) {
        this.drained = drained;
        Future<?> deadline = ctx.executor()
                .schedule(
                        () -> {
                            stopAccepting(ctx);
                            List.copyOf(open).forEach(ServerConnections::closeNow);
                            ctx.executor().schedule(this::awaitProtocolsNoMore, 1, TimeUnit.SECONDS);
                        },
                        timeoutNanos,
                        TimeUnit.NANOSECONDS);
        drained.addListener(all -> deadline.cancel(false));
        whenAcceptQueueEmpty(ctx, accepted, 0, () -> stopAccepting(ctx));
    }

    /**
     * Runs the task when two passes of the event loop in a row, each with a poll of the selector, have accepted nothing: to
     * close the listener resets the connections that wait to be accepted.
     *
     * <p>A task that is due at once makes a pass poll. The loop takes due tasks from its schedule before it runs
     * tasks, so one that is scheduled now runs in the next pass; and as it is due when that pass begins, the loop polls
     * without blocking. With a delay it may not poll at all: epoll's loop skips the wait if another thread submits a task or
     * the delay ends at the wrong moment. Any number of passes may be needed, as a pass may accept one connection only.
     */
    private void whenAcceptQueueEmpty(ChannelHandlerContext ctx, long acceptedBefore, int emptyPasses, Runnable task) {
        if (emptyPasses == 2) {
            task.run();
        } else if (!stopped) {
            ctx.executor()
                    .schedule(
                            () -> pollAcceptQueue(ctx, acceptedBefore, emptyPasses, task),
                            resting ? 1 : 0,
                            TimeUnit.MILLISECONDS);
        }
    }

    private void pollAcceptQueue(ChannelHandlerContext ctx, long acceptedBefore, int emptyPasses, Runnable task) {
        boolean empty = accepted == acceptedBefore && !resting;
        whenAcceptQueueEmpty(ctx, accepted, empty ? emptyPasses + 1 : 0, task);
    }

    private void stopAccepting(ChannelHandlerContext ctx) {
        if (!stopped) {
            stopped = true;
            ctx.channel().close().addListener(closed -> {
                open.forEach(this::requestDrain);
                reportIfDrained();
            });
        }
    }

    private void reportIfDrained() {
        boolean ended = protocolsAwaited ? open.isEmpty() : open.stream().noneMatch(Channel::isOpen);
        if (stopped && ended && drained != null && drained.trySuccess(null) && !open.isEmpty()) {
            LOG.warn("closed while {} protocols or callbacks run on", open.size());
        }
    }

    private void awaitProtocolsNoMore() {
        protocolsAwaited = false;
        reportIfDrained();
    }

    /**
     * Fires the drain event once a connection, after one poll of its event loop: the bytes of a new one are read first. Only what
     * the loop itself schedules waits for a poll; a task of another thread that is due runs at once.
     */
    private void requestDrain(Channel child) {
        if (draining.add(child)) {
            Runnable drain = () -> child.pipeline().fireUserEventTriggered(DrainEvent.INSTANCE);
            EventLoop loop = child.eventLoop();
            // If the user has shut the event loop down, the connection is closed with it.
            EventLoops.run(loop, () -> loop.schedule(drain, 0, TimeUnit.NANOSECONDS));
        }
    }

    private static void closeNow(Channel child) {
        EventLoops.closeNow(child);
        StreamHandler.interrupt(child);
    }
}
