package io.asynchat.demo.chat.server.cluster;

import java.time.Duration;

/**
 * How a node behaves.
 *
 * @param patience how long the log may be away before users are given a notice
 * @param snapshotEntries a snapshot is made after this many entries, or
 * @param snapshotBytes after this many bytes; the same on all nodes
 */
record ClusterSettings(Duration patience, int snapshotEntries, int snapshotBytes) {
    static ClusterSettings of(Duration patience) {
        return new ClusterSettings(patience, 4_096, 4 << 20);
    }
}
