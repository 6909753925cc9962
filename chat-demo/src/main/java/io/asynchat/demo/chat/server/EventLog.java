package io.asynchat.demo.chat.server;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.List;

/**
 * The one order of the events of all nodes.
 *
 * <p><b>Thread:</b> the event loop that it was opened with, for calls and for the listener.
 */
interface EventLog {
    /**
     * The events that a node has appended in one turn.
     *
     * @param position its place in the log; increases
     * @param node the node that appended it
     * @param number its running number in that node's incarnation, from 1
     */
    record Entry(long position, NodeId node, long number, List<ChatEvent> events) {}

    /** What a log reports. */
    interface Listener {
        /** An entry, after all that stand before it. Each is reported once. */
        void onEntry(Entry entry);
    }

    /** Begins to report entries, as they come. */
    void open(EventLoop loop, Listener listener);

    /**
     * A random number of 60 bits that the log got when it began: positions of another log mean nothing in this one. Known once
     * the first entry is reported.
     */
    long epoch();

    /** This node, as its entries name it. */
    NodeId self();

    /**
     * Appends an entry of this node. It is reported to the listener when it has its place: perhaps before this returns.
     *
     * @param number the next running number
     */
    void append(long number, List<ChatEvent> events);

    /** Ends the node's part of the log, so that other nodes see its users leave; then reports nothing more. */
    Future<Void> close();
}
