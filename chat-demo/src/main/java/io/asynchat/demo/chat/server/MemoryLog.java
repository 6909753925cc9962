package io.asynchat.demo.chat.server;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The log of a single node: reports each entry in the call that appends it, and keeps nothing. */
final class MemoryLog implements EventLog {
    private final NodeId self = new NodeId("", 0);
    private final long epoch = new SecureRandom().nextLong() >>> 4; // 15 hexadecimal digits
    private @Nullable Listener listener; // from open() on
    private long position; // of the last entry

    @Override
    public void open(EventLoop loop, Listener listener) {
        this.listener = listener;
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
    public void append(long number, List<ChatEvent> events) {
        Objects.requireNonNull(listener).onEntry(new Entry(++position, self, number, events));
    }

    @Override
    public Future<Void> close() {
        return ImmediateEventExecutor.INSTANCE.newSucceededFuture(null);
    }
}
