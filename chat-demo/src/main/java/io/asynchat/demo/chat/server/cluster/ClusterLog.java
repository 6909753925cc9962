package io.asynchat.demo.chat.server.cluster;

import io.asynchat.demo.chat.server.ChatEvent;
import io.asynchat.demo.chat.server.EventLog;
import io.asynchat.demo.chat.server.NodeId;
import io.asynchat.demo.chat.server.cluster.LogEntry.Kind;
import io.asynchat.demo.chat.server.cluster.LogStore.Connection;
import io.asynchat.demo.chat.server.cluster.LogStore.Snapshot;
import io.asynchat.demo.chat.server.cluster.LogStore.Stored;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of several nodes, in a {@link LogStore} that they share.
 *
 * <p>After each failure the log connects anew, verifies that the entry that was applied last still is there, reads to the end, and
 * sends its own entries again from the first one that is missing. If that entry is gone, it takes the snapshot.
 *
 * <p><b>Thread:</b> the event loop that it is opened with.
 */
// Longer than other files: what happens next depends on connection, phase and position, which are kept in one place.
public final class ClusterLog implements EventLog {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterLog.class);

    /** A batch below both of these that ends at the end of the log cannot stand behind a gap; see {@link #mayFollowGap}. */
    private static final int MAX_READ = 256;

    private static final long LIFETIME = TimeUnit.MILLISECONDS.toNanos(Nodes.LIFETIME);
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long MIN_DELAY = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long MAX_DELAY = TimeUnit.SECONDS.toNanos(1);
    private static final long END_TIMEOUT = TimeUnit.SECONDS.toNanos(2);

    /**
     * How a node behaves.
     *
     * @param patience how long the log may be away before users are given a notice
     * @param snapshotEntries a snapshot is made after this many entries, or
     * @param snapshotBytes after this many bytes; the same on all nodes
     */
    record Settings(Duration patience, int snapshotEntries, int snapshotBytes) {
        static Settings of(Duration patience) {
            return new Settings(patience, 4_096, 4 << 20);
        }
    }

    private enum Phase {
        /** Has no connection, or has not verified the position. */
        CONNECTING,
        /** Reads to the end of the log, before it appends. */
        CATCHING_UP,
        FOLLOWING,
        CLOSED
    }

    private final LogStore store;
    private final Settings settings;
    private final Executor encoder;
    private final long newEpoch;
    private final OwnEntries own;
    private @Nullable EventLoop loop; // from open() on, as the next two
    private @Nullable Listener listener;
    private @Nullable Promise<Void> opened; // when the node is introduced
    private @Nullable Promise<Void> closed; // from close() on
    private @Nullable Connection connection;
    private Phase phase = Phase.CONNECTING;
    private long delay = MIN_DELAY; // before the next attempt to connect
    private @Nullable Throwable lastFailure; // to connect
    private String failure = ""; // the last one that was logged
    private Nodes nodes = new Nodes();
    private boolean loaded; // a snapshot, or the beginning
    private boolean restoring; // entries since the snapshot may have been applied before
    private long epoch;
    private long position; // of the last entry that was applied
    private byte @Nullable [] last; // that entry; null behind a snapshot
    private long gap = -1; // the position of the snapshot behind which entries were missing
    private long snapshots; // their number up to here
    private int entries; // since the last snapshot
    private int bytes; // of them
    private boolean saving; // a snapshot
    private boolean introduced; // this incarnation
    private boolean away; // longer than the patience

    /**
     * Creates the log of a node.
     *
     * @param name a random number of this process
     * @param newEpoch a random number, of the log if there is none yet
     * @param encoder encodes snapshots
     */
    ClusterLog(LogStore store, Settings settings, long name, long newEpoch, Executor encoder) {
        this.store = store;
        this.settings = settings;
        this.newEpoch = newEpoch;
        this.encoder = encoder;
        own = new OwnEntries(new NodeId(name, 0));
    }

    private EventLoop loop() {
        return Objects.requireNonNull(loop);
    }

    private Listener listener() {
        return Objects.requireNonNull(listener);
    }

    private long now() {
        return loop().ticker().nanoTime();
    }

    // ---- from the sequencer

    @Override
    public Future<Void> open(EventLoop loop, Listener listener) {
        this.loop = loop;
        this.listener = listener;
        opened = loop.newPromise();
        own.beginIncarnation(now());
        connect();
        loop.schedule(this::tick, TICK, TimeUnit.NANOSECONDS);
        loop.schedule(this::failOpening, LIFETIME, TimeUnit.NANOSECONDS);
        return opened;
    }

    private void failOpening() {
        if (opened != null) {
            opened.tryFailure(lastFailure == null ? new IOException("no answer") : lastFailure);
        }
    }

    @Override
    public long epoch() {
        return epoch;
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

    @Override
    public boolean isCongested() {
        return phase != Phase.FOLLOWING || own.isCongested();
    }

    @Override
    public Future<Void> close() {
        Promise<Void> done = loop().newPromise();
        if (closed == null) {
            closed = done;
            if (phase == Phase.FOLLOWING) {
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
        if (phase != Phase.CLOSED) {
            phase = Phase.CLOSED;
            disconnect();
            store.close();
        }
        if (closed != null) {
            closed.trySuccess(null);
        }
    }

    // ---- the connection

    private void connect() {
        store.connect().whenCompleteAsync(this::connected, loop());
    }

    private void connected(@Nullable Connection connection, @Nullable Throwable failure) {
        if (connection == null) {
            failed(Objects.requireNonNull(failure));
        } else if (phase == Phase.CLOSED) {
            connection.close();
        } else {
            this.connection = connection;
            if (loaded && last != null) {
                verify(connection, last);
            } else {
                load(connection);
            }
        }
    }

    /** Continues with a result of this connection, if it is still the present one. */
    private <T extends @Nullable Object> void then(Connection of, CompletionStage<T> stage, Consumer<T> next) {
        stage.whenCompleteAsync(
                (result, failure) -> {
                    if (of != connection) {
                        return;
                    }
                    try {
                        if (failure == null) {
                            next.accept(result);
                        } else {
                            failed(failure);
                        }
                    } catch (RuntimeException bug) { // the state may be another than the other nodes' now
                        LOG.error("an entry of the cluster could not be handled", bug);
                        stop("an entry of the cluster could not be handled: " + bug);
                    }
                },
                loop());
    }

    private void failed(Throwable failure) {
        if (phase == Phase.CLOSED) {
            return;
        }
        Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        String reason = String.valueOf(cause.getMessage());
        if (!reason.equals(this.failure)) {
            LOG.warn("the log of the cluster cannot be reached, connecting again: {}", reason);
            this.failure = reason;
        }
        lastFailure = cause;
        disconnect();
        phase = Phase.CONNECTING;
        loop().schedule(this::connectAgain, delay, TimeUnit.NANOSECONDS);
        delay = Math.min(delay * 2, MAX_DELAY);
    }

    private void connectAgain() {
        if (phase == Phase.CONNECTING && connection == null) {
            connect();
        }
    }

    private void disconnect() {
        Connection old = connection;
        connection = null;
        own.connectionLost();
        if (old != null) {
            old.close();
        }
    }

    /** Stops: the log says something that this program does not understand. */
    private void stop(String reason) {
        phase = Phase.CLOSED;
        disconnect();
        listener().onFailed(reason);
    }

    // ---- where to continue

    private void verify(Connection on, byte[] expected) {
        then(on, on.find(position), found -> {
            if (found != null && Arrays.equals(found, expected)) {
                phase = Phase.CATCHING_UP;
                read(on);
            } else {
                lost(on, "the entry that was applied last is not in the log of the cluster any more");
            }
        });
    }

    private void lost(Connection on, String reason) {
        LOG.warn("{}: taking the snapshot; lines may have been lost", reason);
        load(on);
    }

    private void load(Connection on) {
        phase = Phase.CONNECTING;
        then(on, on.load(newEpoch, EntryCodec.encode(LogEntry.begin(newEpoch))), snapshot -> restore(on, snapshot));
    }

    private void restore(Connection on, Snapshot snapshot) {
        SnapshotCodec.Parts parts;
        try {
            parts = SnapshotCodec.decode(snapshot.state());
        } catch (UnknownFormatException unknown) {
            stop("the snapshot of the cluster: " + unknown.getMessage());
            return;
        }
        nodes = parts.nodes();
        epoch = snapshot.epoch();
        position = snapshot.position();
        last = null;
        snapshots = snapshot.number();
        entries = 0;
        bytes = 0;
        boolean loss = loaded;
        loaded = true;
        restoring = true;
        listener().onSnapshot(parts.state(), loss);
        listener().onSkipped(own.removeUpTo(nodes.lastNumber(own.node()), nodes.term(own.node())));
        phase = Phase.CATCHING_UP;
        read(on);
    }

    // ---- reading

    private void read(Connection on) {
        long from = position;
        then(on, on.read(from, MAX_READ, phase == Phase.FOLLOWING), batch -> {
            if (!mayFollowGap(batch)) {
                apply(on, batch);
            } else if (from == 0) {
                verifyBegin(on, batch);
            } else {
                then(on, on.find(from), found -> {
                    if (found == null) {
                        behind(on);
                    } else {
                        apply(on, batch);
                    }
                });
            }
        });
    }

    /**
     * Entries are dropped only before the last snapshot but one, so that those that are left are at least as many, or as long, as
     * are between two snapshots. What is less, up to the end of the log, follows its predecessor.
     */
    private boolean mayFollowGap(List<Stored> batch) {
        return batch.size() >= Math.min(MAX_READ, settings.snapshotEntries())
                || batch.stream().mapToLong(each -> each.entry().length).sum() >= settings.snapshotBytes();
    }

    private void verifyBegin(Connection on, List<Stored> batch) {
        LogEntry first = decode(batch.get(0));
        if (first != null && first.kind() == Kind.BEGIN) {
            apply(on, batch);
        } else if (first != null) {
            behind(on);
        }
    }

    private void behind(Connection on) {
        if (last == null && position == gap) {
            stop("the log of the cluster has a gap behind its snapshot: entries were removed by hand");
        } else {
            gap = last == null ? position : -1;
            lost(on, "this node is too far behind the log of the cluster");
        }
    }

    private void apply(Connection on, List<Stored> batch) {
        for (Stored stored : batch) {
            LogEntry entry = decode(stored);
            if (entry == null) {
                return;
            }
            if (!apply(stored, entry)) {
                lost(on, "the log of the cluster has begun anew, or has lost entries");
                return;
            }
            if (phase == Phase.CLOSED) {
                return;
            }
        }
        if (phase == Phase.CATCHING_UP && batch.size() < MAX_READ) {
            caughtUp();
        }
        send();
        read(on);
    }

    private @Nullable LogEntry decode(Stored stored) {
        try {
            return EntryCodec.decode(stored.entry());
        } catch (UnknownFormatException unknown) {
            stop("the entry of the cluster at " + stored.millis() + ": " + unknown.getMessage());
            return null;
        }
    }

    /** Returns false if the entry does not belong to the log that was applied so far. */
    private boolean apply(Stored stored, LogEntry entry) {
        boolean begin = entry.kind() == Kind.BEGIN;
        if (begin && entry.term() != epoch) {
            return false;
        }
        NodeId self = own.node();
        Nodes.Outcome outcome = nodes.advance(stored.millis(), entry);
        position = stored.position();
        last = stored.entry();
        boolean returned = outcome.isApplied() && entry.node().equals(self) && own.isFirst(entry);
        if (outcome.isApplied() && entry.node().equals(self) && !returned && !restoring) {
            return false;
        }
        if (returned) {
            own.remove();
        }
        boolean expelled = outcome.gone().contains(self) && closed == null && !restoring;
        if (expelled) {
            expelled();
        }
        boolean events = outcome.isApplied() && entry.kind() == Kind.EVENTS;
        if (events || !outcome.gone().isEmpty()) {
            report(stored, outcome, events ? entry : null, returned);
        }
        afterEntry(stored, entry, returned);
        return true;
    }

    private void report(Stored stored, Nodes.Outcome outcome, @Nullable LogEntry entry, boolean returned) {
        listener()
                .onEntry(new Entry(
                        stored.position(),
                        stored.millis(),
                        nodes.time(),
                        outcome.gone(),
                        entry == null ? null : entry.node(),
                        entry == null ? List.of() : entry.events(),
                        returned && entry != null));
    }

    private void afterEntry(Stored stored, LogEntry entry, boolean returned) {
        countForSnapshot(stored, entry);
        if (returned && entry.kind() == Kind.INTRODUCTION && !restoring) {
            introduced();
        } else if (returned && entry.kind() == Kind.END) {
            finish();
        }
        if (returned && away) {
            away = false;
            listener().onBack();
        }
    }

    // ---- the end of the log

    private void caughtUp() {
        phase = Phase.FOLLOWING;
        delay = MIN_DELAY;
        if (!failure.isEmpty()) {
            LOG.info("the log of the cluster is reached again");
            failure = "";
        }
        boolean restored = restoring;
        restoring = false;
        if (nodes.isDead(own.node()) && closed == null) {
            expelled();
        } else {
            NodeId node = own.node();
            own.continueAfter(nodes.lastNumber(node), nodes.term(node), now());
            if (nodes.lastNumber(own.node()) > 0) {
                introduced();
            }
        }
        if (restored) {
            listener().onCaughtUp();
        }
        listener().onWritable();
    }

    private void introduced() {
        if (!introduced) {
            introduced = true;
            Objects.requireNonNull(opened).trySuccess(null);
            listener().onBack();
        }
        listener().onWritable();
    }

    private void send() {
        Connection on = connection;
        if (on == null || phase != Phase.FOLLOWING) {
            return;
        }
        for (byte[] next = own.nextToSend(); next != null; next = own.nextToSend()) {
            then(on, on.append(next), appended -> {});
        }
    }

    // ---- presence

    private void tick() {
        if (phase == Phase.CLOSED) {
            return;
        }
        Long oldest = own.oldest();
        long age = oldest == null ? 0 : now() - oldest;
        if (introduced && closed == null && age >= LIFETIME) {
            LOG.warn("nothing has come back from the log of the cluster for {} ms: all sessions end", Nodes.LIFETIME);
            expelled();
            send();
        } else if (introduced
                && closed == null
                && !away
                && age >= Math.max(settings.patience().toNanos(), 2 * TICK)) {
            away = true;
            listener().onAway();
        }
        loop().schedule(this::tick, TICK, TimeUnit.NANOSECONDS);
    }

    private void expelled() {
        introduced = false;
        away = false;
        listener().onExpelled();
        own.beginIncarnation(now());
    }

    // ---- snapshots

    private void countForSnapshot(Stored stored, LogEntry entry) {
        entries++;
        bytes += stored.entry().length;
        if (entries >= settings.snapshotEntries() || bytes >= settings.snapshotBytes()) {
            entries = 0;
            bytes = 0;
            snapshots++;
            Connection on = connection;
            if (on != null
                    && !saving
                    && !restoring
                    && entry.node().name() == own.node().name()) {
                save(on, stored);
            }
        }
    }

    private void save(Connection on, Stored stored) {
        long number = snapshots;
        saving = true;
        SnapshotCodec.encode(nodes, listener().snapshot(), encoder)
                .whenCompleteAsync(
                        (state, bug) -> {
                            saving = false;
                            if (bug != null) {
                                LOG.error("a snapshot could not be made", bug);
                            } else if (on == connection) {
                                Snapshot snapshot = new Snapshot(epoch, number, stored.position(), state);
                                then(on, on.save(snapshot, stored.entry()), saved -> {});
                            }
                        },
                        loop());
    }
}
