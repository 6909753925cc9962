package io.asynchat.demo.chat.server;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.List;

/** A log whose entries do not come back once it is stuck. */
final class StuckLog implements EventLog {
    private final EventLog log = new MemoryLog();
    boolean stuck; // from some moment on

    @Override
    public void open(EventLoop loop, Listener listener) {
        log.open(loop, listener);
    }

    @Override
    public long epoch() {
        return log.epoch();
    }

    @Override
    public NodeId self() {
        return log.self();
    }

    @Override
    public void append(long number, List<ChatEvent> events) {
        if (!stuck) {
            log.append(number, events);
        }
    }

    @Override
    public Future<Void> close() {
        return ImmediateEventExecutor.INSTANCE.newSucceededFuture(null);
    }
}
