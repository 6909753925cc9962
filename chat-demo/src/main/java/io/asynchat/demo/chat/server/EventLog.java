package io.asynchat.demo.chat.server;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.function.Supplier;

/**
 * The one order of the events of all nodes.
 *
 * <p><b>Thread:</b> the event loop that it was opened with, for calls and for the listener.
 */
interface EventLog {
    /**
     * The events that a node has appended in one turn.
     *
     * @param position where it stands in the log; increases
     * @param node which node has appended it
     * @param number its running number in that node's incarnation, from 1
     */
    record Entry(long position, NodeId node, long number, List<ChatEvent> events) {}

    /** What a log reports. */
    interface Listener {
        /** An entry, after all that stand before it. Each is reported once. */
        void onEntry(Entry entry);

        /** The entries up to this position are not read one by one: this is the state that they have made. */
        void onSnapshot(long position, byte[] snapshot);

        /** The end of the log was lost: entries that were reported are not in it. A snapshot follows, and the entries after it. */
        void onLoss();
    }

    /** Begins to read: reports a snapshot if there is one, and then the entries behind it as they come. */
    void open(EventLoop loop, Listener listener);

    /** This node, as its entries name it. */
    NodeId self();

    /** A name for all that this log holds: positions of another epoch mean nothing. */
    String epoch();

    /**
     * Appends an entry of this node. It is reported to the listener when it has its place: perhaps before this returns.
     *
     * @param number the next running number
     */
    void append(long number, List<ChatEvent> events);

    /** Whether the node has as much under way as it may: its sessions are paused meanwhile. */
    boolean isCongested();

    /**
     * Asks whether the log wants a snapshot now.
     *
     * @param position of the last entry that is in it
     * @param snapshot encodes a copy of the state that was taken in this call; may be called on another thread
     */
    void offerSnapshot(long position, Supplier<byte[]> snapshot);

    /** Ends the node's part of the log, so that other nodes see its users leave; then reports nothing more. */
    Future<Void> close();
}
