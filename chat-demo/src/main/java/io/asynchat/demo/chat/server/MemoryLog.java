package io.asynchat.demo.chat.server;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The log of a single node: reports each entry in the call that appends it, and keeps nothing. */
final class MemoryLog implements EventLog {
    private final NodeId self = new NodeId(0, 1);
    private final long epoch = new SecureRandom().nextLong() >>> 4; // 15 hexadecimal digits
    private @Nullable EventLoop loop; // from open() on, as the next one
    private @Nullable Listener listener;
    private long position; // of the last entry

    @Override
    public Future<Void> open(EventLoop loop, Listener listener) {
        this.loop = loop;
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
        long now = Objects.requireNonNull(loop).ticker().nanoTime();
        Objects.requireNonNull(listener)
                .onEntry(new Entry(++position, 0, TimeUnit.NANOSECONDS.toMillis(now), List.of(), self, events, true));
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
