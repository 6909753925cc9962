package io.asynchat.demo.chat.server;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one order of the events of all nodes.
 *
 * <p><b>Thread:</b> the event loop that it was opened with, for calls and for the listener.
 */
public interface EventLog {
    /**
     * The events that a node has appended in one turn.
     *
     * @param position its place in the log; increases
     * @param time the clock of the log, in milliseconds since the epoch; 0 if it has none
     * @param logTime milliseconds that have passed with the log
     * @param gone nodes that have ended by then, in their order: their users leave before the events are applied
     * @param node the node that appended it; null if it is reported for the nodes that have ended only
     * @param isReturned whether this node has appended it and it comes back for the first time
     */
    record Entry(
            long position,
            long time,
            long logTime,
            List<NodeId> gone,
            @Nullable NodeId node,
            List<ChatEvent> events,
            boolean isReturned) {}

    /** What a log reports, and asks. */
    interface Listener {
        /** Reports an entry, after all that stand before it; those of this node in the order of the calls. */
        void onEntry(Entry entry);

        /** Reports that the log takes entries again after it was congested. */
        void onWritable();

        /** Captures the state as it is now. The supplier encodes it; from any thread. */
        Supplier<byte[]> snapshot();

        /**
         * Replaces the state by a snapshot. The entries from there to {@link #onCaughtUp} may have been reported before.
         *
         * @param state what a {@link #snapshot} of a node was; empty for the state in which a log begins
         * @param isLoss whether entries that were reported are not in the log any more, or others were missed
         */
        void onSnapshot(byte[] state, boolean isLoss);

        /** Reports that this many of this node's entries, the oldest ones, stand before the snapshot: they will not be reported. */
        void onSkipped(int count);

        /** Reports that all entries that stood behind the snapshot have been reported. */
        void onCaughtUp();

        /** Reports that the log has not been reached for as long as users wait without a notice. */
        void onAway();

        /** Reports that the log is reached again after {@link #onAway} or {@link #onExpelled}. */
        void onBack();

        /** Reports that the other nodes take this one for dead, or will: its users, and what it has under way, are lost. */
        void onExpelled();

        /** Reports that this node cannot go on, and why. The log reports nothing more. */
        void onFailed(String reason);
    }

    /** Begins to report entries, as they come. The future fails if the log cannot be reached. */
    Future<Void> open(EventLoop loop, Listener listener);

    /**
     * A random number of 60 bits that the log got when it began: positions of another log mean nothing in this one. Known once
     * the first entry is reported.
     */
    long epoch();

    /** Returns this node, as its entries name it from now on. */
    NodeId self();

    /** Appends an entry of this node. It is reported to the listener when it has its place: perhaps before this returns. */
    void append(List<ChatEvent> events);

    /** Returns whether so much is under way that no more should be appended until {@link Listener#onWritable}. */
    boolean isCongested();

    /** Ends this node, so that the others see its users leave; then reports nothing more. */
    Future<Void> close();
}
