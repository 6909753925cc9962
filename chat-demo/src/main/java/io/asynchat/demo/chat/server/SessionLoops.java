package io.asynchat.demo.chat.server;

import io.asynchat.demo.RejectionLog;
import io.netty.channel.EventLoop;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loops of a node's sessions, and the home of the sequencer, which is one of them or a loop of its own.
 *
 * <p><b>Thread:</b> any.
 */
final class SessionLoops {
    private static final Logger LOG = LoggerFactory.getLogger(SessionLoops.class);

    private final LoopSessions.Sequencer sequencer;
    private final Metrics metrics;
    private final RejectionLog rejections;
    private final AtomicLong sessionNumbers = new AtomicLong(); // the last one
    private final AtomicReference<@Nullable EventLoop> home = new AtomicReference<>(); // set once
    private final Map<EventLoop, LoopSessions> loops = new ConcurrentHashMap<>(); // looked up once a connection

    SessionLoops(LoopSessions.Sequencer sequencer, Metrics metrics) {
        this.sequencer = sequencer;
        this.metrics = metrics;
        rejections = new RejectionLog(Session.class, metrics::rejected);
    }

    /** Makes an event loop the home. Returns false if there is one. */
    boolean setHome(EventLoop loop) {
        return home.compareAndSet(null, loop);
    }

    boolean hasHome() {
        return home.get() != null;
    }

    EventLoop home() {
        return Objects.requireNonNull(home.get());
    }

    /** Returns the sessions of an event loop. */
    LoopSessions of(EventLoop loop) {
        return loops.computeIfAbsent(loop, first -> {
            LoopSessions added = new LoopSessions(loop, sequencer, sessionNumbers, metrics, rejections);
            metrics.watch(loop, added::unsentBytes);
            return added;
        });
    }

    Collection<LoopSessions> all() {
        return loops.values();
    }

    /** Runs a task at home: at once if it is called there. */
    void execute(Runnable task) {
        if (home().inEventLoop()) {
            task.run();
            return;
        }
        try {
            home().execute(task);
        } catch (RejectedExecutionException shutDown) {
            LOG.debug("lines came after the event loop of the rooms had ended");
        }
    }

    /** Calls an action with the sessions of each event loop, there. */
    void forEach(Consumer<LoopSessions> action) {
        for (LoopSessions sessions : loops.values()) {
            try {
                sessions.loop().execute(() -> action.accept(sessions));
            } catch (RejectedExecutionException shutDown) { // and so are all its sessions
                LOG.debug("an event loop has ended before its sessions were closed");
            }
        }
    }
}
