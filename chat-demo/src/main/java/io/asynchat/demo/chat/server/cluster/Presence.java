package io.asynchat.demo.chat.server.cluster;

import io.asynchat.demo.chat.server.EventLog;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this node takes part: from the return of its introduction until the other nodes take it for dead, or will because nothing
 * of it has come back for as long as a node lives without an entry.
 *
 * <p><b>Thread:</b> the log's event loop.
 */
final class Presence {
    private static final Logger LOG = LoggerFactory.getLogger(Presence.class);

    /** How often {@link #check} is called, in nanoseconds. */
    static final long TICK = TimeUnit.MILLISECONDS.toNanos(250);

    private static final long LIFETIME = TimeUnit.MILLISECONDS.toNanos(Nodes.LIFETIME);

    private final OwnEntries own;
    private final long patience;
    private EventLog.@Nullable Listener listener; // from open() on, as the next one
    private @Nullable Promise<Void> opened; // when the node is introduced
    private boolean introduced; // this incarnation
    private boolean away; // longer than the patience
    private boolean leaving; // the node ends: its sessions are closed

    /**
     * Creates the presence of a node that takes no part yet.
     *
     * @param patience how long the log may be away before users are given a notice
     */
    Presence(OwnEntries own, Duration patience) {
        this.own = own;
        this.patience = Math.max(patience.toNanos(), 2 * TICK);
    }

    /** Begins the first incarnation. The promise succeeds when it is introduced. */
    void open(EventLog.Listener listener, Promise<Void> opened, long now) {
        this.listener = listener;
        this.opened = opened;
        own.beginIncarnation(now);
    }

    private EventLog.Listener listener() {
        return Objects.requireNonNull(listener);
    }

    /** The introduction is in the log. */
    void introduced() {
        if (!introduced) {
            introduced = true;
            Objects.requireNonNull(opened).trySuccess(null);
            listener().onBack();
        }
        listener().onWritable();
    }

    /** An entry of this node has come back. */
    void returned() {
        if (away) {
            away = false;
            listener().onBack();
        }
    }

    /** The node appends no more, and its users have no sessions. */
    void leave() {
        leaving = true;
    }

    /** Looks at how long nothing has come back. Returns whether a new incarnation has begun. */
    boolean check(long now) {
        Long oldest = own.oldest();
        long age = oldest == null ? 0 : now - oldest;
        if (!introduced || leaving) {
            return false;
        }
        if (age >= LIFETIME) {
            LOG.warn("nothing has come back from the log of the cluster for {} ms: all sessions end", Nodes.LIFETIME);
            expelled(now);
            return true;
        }
        if (!away && age >= patience) {
            away = true;
            listener().onAway();
        }
        return false;
    }

    /** The other nodes take this incarnation for dead: ends its sessions, and begins a new one, unless the node ends. */
    void expelled(long now) {
        if (!leaving) {
            introduced = false;
            away = false;
            listener().onExpelled();
            own.beginIncarnation(now);
        }
    }

    boolean isLeaving() {
        return leaving;
    }
}
