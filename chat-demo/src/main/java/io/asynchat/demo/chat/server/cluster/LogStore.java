package io.asynchat.demo.chat.server.cluster;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Where the shared log is kept: entries in one order, and one snapshot of the state behind one of them. */
interface LogStore {
    /** An entry at its position; positions increase, and their upper 44 bits are a clock in milliseconds. */
    @SuppressWarnings("ArrayRecordComponent") // none are compared
    record Stored(long position, byte[] entry) {
        static final int CLOCK_SHIFT = 20;

        long millis() {
            return position >>> CLOCK_SHIFT;
        }
    }

    /**
     * The state behind the entry at a position.
     *
     * @param epoch chosen at random when the log began
     * @param number counts the snapshots of this log; 0 for the beginning
     * @param state empty for the beginning
     */
    @SuppressWarnings("ArrayRecordComponent") // none are compared
    record Snapshot(long epoch, long number, long position, byte[] state) {}

    /** A connection. Each stage may complete on any thread, and fails if the store does not answer; then close it. */
    interface Connection {
        /** Appends an entry. If it fails, the entry may be in the log nevertheless, now or later. */
        CompletionStage<?> append(byte[] entry);

        /**
         * Reads the entries behind a position, or none if there is none.
         *
         * @param waits whether to wait some time for one
         */
        CompletionStage<List<Stored>> read(long after, int max, boolean waits);

        /** Reads the entry at a position; null if it is not there, or not any more. */
        CompletionStage<byte @Nullable []> find(long position);

        /** Reads the snapshot. If there is no log, begins one with this epoch and this first entry. */
        CompletionStage<Snapshot> load(long epoch, byte[] begin);

        /**
         * Replaces the snapshot, if this one is newer, of the same epoch, and of the very entry that stands at its position; drops
         * the entries before the former one.
         */
        CompletionStage<Boolean> save(Snapshot snapshot, byte[] entry);

        void close();
    }

    /** Connects anew. */
    CompletionStage<Connection> connect();

    /** Ends all threads. */
    void close();
}
