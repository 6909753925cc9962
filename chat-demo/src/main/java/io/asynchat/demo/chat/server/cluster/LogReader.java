package io.asynchat.demo.chat.server.cluster;

import io.asynchat.demo.chat.server.cluster.LogEntry.Kind;
import io.asynchat.demo.chat.server.cluster.LogStore.Snapshot;
import io.asynchat.demo.chat.server.cluster.LogStore.Stored;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the shared log from where it has come to, entry by entry. On each new connection it verifies that the entry that was read
 * last is still there; if it is not, or if entries behind it are missing, the reader takes the snapshot and reads on from there.
 *
 * <p><b>Thread:</b> the log's event loop.
 */
final class LogReader {
    private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);

    /** A batch below both of these that ends at the end of the log cannot stand behind a gap; see {@link #mayFollowGap}. */
    private static final int MAX_READ = 256;

    /** What a reader reports. */
    interface Listener {
        /** Reports the state from which the entries go on, and whether entries that were read are lost, or some were missed. */
        void onSnapshot(byte[] state, long number, boolean isLoss);

        /** Reports an entry. Returns false if it does not belong to the log that was read so far. */
        boolean onEntry(Stored stored, LogEntry entry, Nodes.Outcome outcome);

        /** Reports the end of the log, the first one on this connection; {@code restored} if a snapshot was taken before. */
        void onEnd(boolean restored);

        /** Reports that all entries that had come were reported. */
        void onBatchEnd();

        /** Reports that the log says something that this program does not understand. */
        void onFailed(String reason);
    }

    private enum Phase {
        /** Has no connection, or has not verified the position. */
        CONNECTING,
        /** Reads to the end of the log. */
        CATCHING_UP,
        FOLLOWING
    }

    private final ClusterSettings settings;
    private final StoreConnector connector;
    private final long newEpoch;
    private final Listener listener;
    private Phase phase = Phase.CONNECTING;
    private Nodes nodes = new Nodes();
    private boolean loaded; // a snapshot, or the beginning
    private boolean restoring; // entries since the snapshot may have been reported before
    private long epoch;
    private long position; // of the last entry that was reported
    private byte @Nullable [] last; // that entry; null behind a snapshot
    private long gap = -1; // the position of the snapshot behind which entries were missing

    /**
     * Creates a reader that has read nothing.
     *
     * @param newEpoch of the log if there is none yet
     */
    LogReader(ClusterSettings settings, StoreConnector connector, long newEpoch, Listener listener) {
        this.settings = settings;
        this.connector = connector;
        this.newEpoch = newEpoch;
        this.listener = listener;
    }

    long epoch() {
        return epoch;
    }

    /** The nodes behind the entry that was reported last. */
    Nodes nodes() {
        return nodes;
    }

    /** Whether all entries of the log up to the end have been reported, on this connection. */
    boolean isFollowing() {
        return phase == Phase.FOLLOWING;
    }

    /** Whether the entries are those between a snapshot and the end of the log. */
    boolean isRestoring() {
        return restoring;
    }

    // ---- where to continue

    void connected() {
        byte[] expected = last;
        if (!loaded || expected == null) {
            load();
            return;
        }
        connector.request(on -> on.find(position), found -> {
            if (found != null && Arrays.equals(found, expected)) {
                phase = Phase.CATCHING_UP;
                read();
            } else {
                lost("the entry that was applied last is not in the log of the cluster any more");
            }
        });
    }

    void disconnected() {
        phase = Phase.CONNECTING;
    }

    private void lost(String reason) {
        LOG.warn("{}: taking the snapshot; lines may have been lost", reason);
        load();
    }

    private void load() {
        phase = Phase.CONNECTING;
        connector.request(on -> on.load(newEpoch, EntryCodec.encode(LogEntry.begin(newEpoch))), this::restore);
    }

    private void restore(Snapshot snapshot) {
        SnapshotCodec.Parts parts;
        try {
            parts = SnapshotCodec.decode(snapshot.state());
        } catch (UnknownFormatException unknown) {
            listener.onFailed("the snapshot of the cluster: " + unknown.getMessage());
            return;
        }
        nodes = parts.nodes();
        epoch = snapshot.epoch();
        position = snapshot.position();
        last = null;
        boolean loss = loaded;
        loaded = true;
        restoring = true;
        listener.onSnapshot(parts.state(), snapshot.number(), loss);
        phase = Phase.CATCHING_UP;
        read();
    }

    // ---- reading

    private void read() {
        long from = position;
        boolean waits = isFollowing();
        connector.request(on -> on.read(from, MAX_READ, waits), batch -> {
            if (!mayFollowGap(batch)) {
                report(batch);
            } else if (from == 0) {
                verifyBegin(batch);
            } else {
                connector.request(on -> on.find(from), found -> {
                    if (found == null) {
                        behind();
                    } else {
                        report(batch);
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

    private void verifyBegin(List<Stored> batch) {
        LogEntry first = decode(batch.get(0));
        if (first != null && first.kind() == Kind.BEGIN) {
            report(batch);
        } else if (first != null) {
            behind();
        }
    }

    private void behind() {
        if (last == null && position == gap) {
            listener.onFailed("the log of the cluster has a gap behind its snapshot: entries were removed by hand");
        } else {
            gap = last == null ? position : -1;
            lost("this node is too far behind the log of the cluster");
        }
    }

    private void report(List<Stored> batch) {
        for (Stored stored : batch) {
            LogEntry entry = decode(stored);
            if (entry == null) {
                return;
            }
            if (!report(stored, entry)) {
                lost("the log of the cluster has begun anew, or has lost entries");
                return;
            }
            if (connector.isClosed()) {
                return;
            }
        }
        if (phase == Phase.CATCHING_UP && batch.size() < MAX_READ) {
            endReached();
        }
        listener.onBatchEnd();
        read();
    }

    private @Nullable LogEntry decode(Stored stored) {
        try {
            return EntryCodec.decode(stored.entry());
        } catch (UnknownFormatException unknown) {
            listener.onFailed("the entry of the cluster at " + stored.millis() + ": " + unknown.getMessage());
            return null;
        }
    }

    private boolean report(Stored stored, LogEntry entry) {
        if (entry.kind() == Kind.BEGIN && entry.term() != epoch) {
            return false;
        }
        Nodes.Outcome outcome = nodes.advance(stored.millis(), entry);
        position = stored.position();
        last = stored.entry();
        return listener.onEntry(stored, entry, outcome);
    }

    private void endReached() {
        phase = Phase.FOLLOWING;
        connector.established();
        boolean restored = restoring;
        restoring = false;
        listener.onEnd(restored);
    }
}
