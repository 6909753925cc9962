package io.asynchat.demo.chat.server;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The log of a single node: reports each entry in the call that appends it, and keeps nothing. */
final class MemoryLog implements EventLog {
    private final NodeId self = new NodeId(0, 1);
    private final long epoch = ThreadLocalRandom.current().nextLong();
    private @Nullable Listener listener; // from open() on
    private long position; // of the last entry

    @Override
    public Future<Void> open(EventLoop loop, Listener listener) {
        this.listener = listener;
        return ImmediateEventExecutor.INSTANCE.newSucceededFuture(null);
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public NodeId self() {
        return self;
    }

    @Override
    public void append(List<ChatEvent> events) {
        Objects.requireNonNull(listener).onEntry(new Entry(++position, 0, List.of(), self, events, true));
    }

    @Override
    public boolean isCongested() {
        return false;
    }

    @Override
    public Future<Void> close() {
        return ImmediateEventExecutor.INSTANCE.newSucceededFuture(null);
    }
}
