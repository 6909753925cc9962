package io.asynchat.demo.chat.server.cluster;

import io.asynchat.demo.chat.server.cluster.LogStore.Snapshot;
import io.asynchat.demo.chat.server.cluster.LogStore.Stored;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts entries up to the next snapshot, which all nodes do alike, and saves those that are this node's to make.
 *
 * <p><b>Thread:</b> the log's event loop.
 */
final class SnapshotSchedule {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotSchedule.class);

    private final ClusterSettings settings;
    private final StoreConnector connector;
    private long number; // of the snapshots up to here
    private int entries; // since the last one
    private int bytes; // of them
    private boolean saving;

    SnapshotSchedule(ClusterSettings settings, StoreConnector connector) {
        this.settings = settings;
        this.connector = connector;
    }

    /** Counts from a snapshot on. */
    void restart(long snapshot) {
        number = snapshot;
        entries = 0;
        bytes = 0;
    }

    /** Counts an entry. Returns whether a snapshot is due behind it. */
    boolean count(Stored stored) {
        entries++;
        bytes += stored.entry().length;
        boolean due = entries >= settings.snapshotEntries() || bytes >= settings.snapshotBytes();
        if (due) {
            restart(number + 1);
        }
        return due;
    }

    /** Saves the state behind an entry, unless a snapshot is being saved; the supplier begins to encode it. */
    void save(long epoch, Stored behind, Supplier<CompletableFuture<byte[]>> state, EventLoop loop) {
        if (!connector.isConnected() || saving) {
            return;
        }
        long saved = number;
        saving = true;
        state.get()
                .whenCompleteAsync(
                        (encoded, bug) -> {
                            saving = false;
                            if (bug != null) {
                                LOG.error("a snapshot could not be made", bug);
                            } else {
                                Snapshot snapshot = new Snapshot(epoch, saved, behind.position(), encoded);
                                connector.request(on -> on.save(snapshot, behind.entry()), done -> {});
                            }
                        },
                        loop);
    }
}
