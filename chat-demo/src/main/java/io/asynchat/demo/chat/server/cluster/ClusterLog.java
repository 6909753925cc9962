package io.asynchat.demo.chat.server.cluster;

import io.asynchat.demo.chat.server.ChatEvent;
import io.asynchat.demo.chat.server.EventLog;
import io.asynchat.demo.chat.server.NodeId;
import io.asynchat.demo.chat.server.cluster.LogEntry.Kind;
import io.asynchat.demo.chat.server.cluster.LogStore.Stored;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The log of several nodes, in a {@link LogStore} that they share.
 *
 * <p>After each failure the node connects anew, reads to the end of the log, and sends its own entries again from the first one that is
 * missing.
 *
 * <p><b>Thread:</b> the event loop that it is opened with.
 */
final class ClusterLog implements EventLog, StoreConnector.Listener, LogReader.Listener {
    private static final long OPEN_TIMEOUT = TimeUnit.MILLISECONDS.toNanos(Nodes.LIFETIME);
    private static final long END_TIMEOUT = TimeUnit.SECONDS.toNanos(2);

    private final Executor encoder;
    private final OwnEntries own;
    private final Presence presence;
    private final StoreConnector connector;
    private final LogReader reader;
    private final SnapshotSchedule snapshots;
    private @Nullable EventLoop loop; // from open() on, as the next one
    private EventLog.@Nullable Listener listener;
    private @Nullable Promise<Void> closed; // from close() on

    /**
     * Creates the log of a node.
     *
     * @param name a random number of this process
     * @param newEpoch a random number, of the log if there is none yet
     * @param encoder encodes snapshots
     */
    ClusterLog(LogStore store, ClusterSettings settings, long name, long newEpoch, Executor encoder) {
        this.encoder = encoder;
        own = new OwnEntries(new NodeId(name, 0));
        presence = new Presence(own, settings.patience());
        connector = new StoreConnector(store, this);
        reader = new LogReader(settings, connector, newEpoch, this);
        snapshots = new SnapshotSchedule(settings, connector);
    }

    private EventLoop loop() {
        return Objects.requireNonNull(loop);
    }

    private EventLog.Listener listener() {
        return Objects.requireNonNull(listener);
    }

    private long now() {
        return loop().ticker().nanoTime();
    }

    // ---- from the sequencer

    @Override
    public Future<Void> open(EventLoop loop, EventLog.Listener listener) {
        this.loop = loop;
        this.listener = listener;
        Promise<Void> opened = loop.newPromise();
        presence.open(listener, opened, now());
        connector.open(loop);
        loop.schedule(this::tick, Presence.TICK, TimeUnit.NANOSECONDS);
        loop.schedule(() -> opened.tryFailure(connector.lastFailure()), OPEN_TIMEOUT, TimeUnit.NANOSECONDS);
        return opened;
    }

    private void tick() {
        if (!connector.isClosed()) {
            if (presence.check(now())) {
                send();
            }
            loop().schedule(this::tick, Presence.TICK, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public long epoch() {
        return reader.epoch();
    }

    @Override
    public NodeId self() {
        return own.node();
    }

    @Override
    public void append(List<ChatEvent> events) {
        own.add(Kind.EVENTS, events, now());
        send();
    }

    private void send() {
        if (reader.isFollowing()) {
            own.nextToSend().forEach(entry -> connector.request(on -> on.append(entry), appended -> {}));
        }
    }

    @Override
    public boolean isCongested() {
        return !reader.isFollowing() || own.isCongested();
    }

    @Override
    public Future<Void> close() {
        if (closed == null) {
            closed = loop().newPromise();
            presence.leave();
            if (reader.isFollowing()) {
                own.add(Kind.END, List.of(), now());
                send();
                loop().schedule(this::finish, END_TIMEOUT, TimeUnit.NANOSECONDS);
            } else {
                finish();
            }
        }
        return closed;
    }

    private void finish() {
        connector.close();
        if (closed != null) {
            closed.trySuccess(null);
        }
    }

    // ---- from the connector

    @Override
    public void onConnected() {
        reader.connected();
    }

    @Override
    public void onDisconnected() {
        reader.disconnected();
        own.connectionLost();
    }

    /** Called by the reader, too. */
    @Override
    public void onFailed(String reason) {
        connector.close();
        listener().onFailed(reason);
    }

    // ---- from the reader

    @Override
    public void onSnapshot(byte[] state, long number, boolean isLoss) {
        snapshots.restart(number);
        listener().onSnapshot(state, isLoss);
        listener().onSkipped(own.removeUpTo(reader.nodes()));
    }

    @Override
    public boolean onEntry(Stored stored, LogEntry entry, Nodes.Outcome outcome) {
        NodeId self = own.node();
        boolean restoring = reader.isRestoring();
        boolean mine = outcome.isApplied() && entry.node().equals(self);
        boolean returned = mine && own.isFirst(entry);
        if (mine && !returned && !restoring) {
            return false;
        }
        if (returned) {
            own.remove();
        }
        if (outcome.gone().contains(self) && !restoring) {
            presence.expelled(now());
        }
        boolean events = outcome.isApplied() && entry.kind() == Kind.EVENTS;
        if (events || !outcome.gone().isEmpty()) {
            report(stored, outcome, events ? entry : null, returned);
        }
        if (snapshots.count(stored) && !restoring && entry.node().name() == self.name()) {
            snapshots.save(
                    reader.epoch(),
                    stored,
                    () -> SnapshotCodec.encode(reader.nodes(), listener().snapshot(), encoder),
                    loop());
        }
        if (returned) {
            afterReturn(entry);
        }
        return true;
    }

    private void report(Stored stored, Nodes.Outcome outcome, @Nullable LogEntry entry, boolean returned) {
        listener()
                .onEntry(new Entry(
                        stored.position(),
                        stored.millis(),
                        reader.nodes().time(),
                        outcome.gone(),
                        entry == null ? null : entry.node(),
                        entry == null ? List.of() : entry.events(),
                        returned && entry != null));
    }

    private void afterReturn(LogEntry entry) {
        if (entry.kind() == Kind.INTRODUCTION && !reader.isRestoring()) {
            presence.introduced();
        } else if (entry.kind() == Kind.END) {
            finish();
        }
        presence.returned();
    }

    @Override
    public void onEnd(boolean restored) {
        Nodes nodes = reader.nodes();
        if (nodes.isDead(own.node()) && !presence.isLeaving()) {
            presence.expelled(now());
        } else {
            own.continueAfter(nodes, now());
            if (nodes.lastNumber(own.node()) > 0) {
                presence.introduced();
            }
        }
        if (restored) {
            listener().onCaughtUp();
        }
        listener().onWritable();
    }

    @Override
    public void onBatchEnd() {
        send();
    }
}
