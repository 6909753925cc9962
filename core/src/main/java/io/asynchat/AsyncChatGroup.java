package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.util.concurrent.EventExecutor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A set of handlers to which one message is sent: encoded once and shared, with one task for each event loop instead of one
 * for each member.
 *
 * <pre>{@code
 * protected void handleConnect() {
 *     group.join(this);
 * }
 *
 * protected void foundTerminator() {
 *     group.broadcast(takeData(), this);
 * }
 * }</pre>
 *
 * <p><b>Order.</b> Broadcasts of one thread reach every member in their order. Those of several threads reach all members of
 * one event loop in one order. A broadcast is queued as a push: behind the member's earlier pushes, whole, also between two
 * pieces of a producer. On the caller's event loop too it is sent after the pushes of the present callback.
 *
 * <p><b>Membership.</b> A thread that joins a member and then broadcasts reaches it; earlier broadcasts do not. Nothing is
 * sent after {@link #leave} has returned on the member's executor. Members whose channel is closed, or that were removed from
 * their pipeline, are removed by themselves.
 *
 * <p><b>Limits.</b> The bytes count against a member's send limit when its event loop sends them; a member that does not
 * read is then treated as for a push ({@link AsyncChatHandler#setSendLimit}).
 *
 * <p><b>Thread:</b> any, for every method.
 *
 * <p><b>Source.</b> The loop over {@code asyncore.socket_map} with which asynchat's servers send to all.
 */
public final class AsyncChatGroup {
    private final Map<EventExecutor, Shard> shards = new ConcurrentHashMap<>();

    /** A group without members. */
    public AsyncChatGroup() {}

    /**
     * Adds a handler; does nothing if it is a member already.
     *
     * @throws IllegalStateException if the handler has never been in a pipeline
     */
    public void join(AsyncChatHandler handler) {
        EventExecutor executor = Checks.notNull(handler, "handler").executor();
        Shard shard = shards.compute(executor, (key, present) -> {
            Shard used = present == null ? new Shard(executor) : present;
            used.users++;
            return used;
        });
        long since = shard.broadcasts.get();
        if (!EventLoops.run(executor, () -> shard.add(handler, since))) {
            release(executor);
        }
    }

    /** Removes a handler; does nothing if it is no member. */
    public void leave(AsyncChatHandler handler) {
        EventExecutor executor = Checks.notNull(handler, "handler").executor();
        Shard shard = shards.get(executor);
        if (shard != null) {
            EventLoops.run(executor, () -> shard.remove(handler));
        }
    }

    /**
     * Sends {@code data} to all members.
     *
     * <p><b>Ownership:</b> takes {@code data} over.
     */
    public void broadcast(ByteBuf data) {
        broadcast(data, null);
    }

    /**
     * Sends {@code data} to all members except one, if that is a member.
     *
     * <p><b>Ownership:</b> takes {@code data} over.
     */
    public void broadcast(ByteBuf data, @Nullable AsyncChatHandler except) {
        Checks.notNull(data, "data");
        try {
            if (data.isReadable()) {
                shards.values().forEach(shard -> shard.submit(data, except));
            }
        } finally {
            data.release();
        }
    }

    /** Whether no handler is a member or about to be one. */
    boolean isEmpty() {
        return shards.isEmpty();
    }

    private void release(EventExecutor executor) {
        shards.computeIfPresent(executor, (key, shard) -> --shard.users == 0 ? null : shard);
    }

    /**
     * Of one member.
     *
     * @param since the number of the last broadcast before it joined
     * @param onClose removed when it leaves: it may join and leave often in the life of one channel
     */
    private record Membership(long since, ChannelFutureListener onClose) {}

    /** The members of one executor; on that executor only, except {@link #submit}. */
    private final class Shard {
        private static final AsyncChatHandler[] CHANGED = {};

        private final EventExecutor executor;
        private final AtomicLong broadcasts = new AtomicLong(); // submitted from any thread
        private final Map<AsyncChatHandler, Membership> members = new LinkedHashMap<>();
        private AsyncChatHandler[] all = CHANGED; // the same, until one comes or goes: callbacks may do that meanwhile
        private int users; // joined, or about to; guarded by the map's compute methods

        Shard(EventExecutor executor) {
            this.executor = executor;
        }

        void add(AsyncChatHandler handler, long since) {
            if (handler.hasLeft() || members.containsKey(handler)) {
                release(executor);
                return;
            }
            ChannelFutureListener onClose = closed -> EventLoops.run(executor, () -> remove(handler));
            members.put(handler, new Membership(since, onClose));
            all = CHANGED;
            handler.channel().closeFuture().addListener(onClose);
        }

        void remove(AsyncChatHandler handler) {
            Membership left = members.remove(handler);
            if (left != null) {
                all = CHANGED;
                handler.channel().closeFuture().removeListener(left.onClose);
                release(executor);
            }
        }

        void submit(ByteBuf data, @Nullable AsyncChatHandler except) {
            ByteBuf shared = data.retainedDuplicate();
            long number = broadcasts.incrementAndGet();
            try {
                executor.execute(() -> send(number, shared, except));
            } catch (RejectedExecutionException ended) {
                shared.release();
                shards.remove(executor, this); // it never comes back
            }
        }

        private void send(long number, ByteBuf shared, @Nullable AsyncChatHandler except) {
            try {
                if (all.length != members.size()) {
                    all = members.keySet().toArray(CHANGED);
                }
                for (AsyncChatHandler member : all) {
                    Membership membership = members.get(member); // null: it has left while another was sent to
                    if (member.hasLeft()) {
                        remove(member);
                    } else if (membership != null && membership.since < number && member != except) {
                        member.pushNow(shared.retainedDuplicate());
                    }
                }
            } finally {
                shared.release();
            }
        }
    }
}
