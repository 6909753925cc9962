package io.asynchat.demo.chat.server.cluster;

import io.asynchat.demo.chat.server.ChatEvent;
import io.asynchat.demo.chat.server.NodeId;
import io.asynchat.demo.chat.server.cluster.LogEntry.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The entries of this node that have not come back from the log, in their order. An entry keeps its number and its bytes when it
 * is sent again; only after the log has lost entries are all numbered anew, in a new term.
 */
final class OwnEntries {
    private static final int MAX_ENTRIES = 16;
    private static final int MAX_BYTES = 1 << 20;

    /** An entry, and the time at which it was added, in nanoseconds. */
    @SuppressWarnings("ArrayRecordComponent") // none are compared
    record Pending(LogEntry entry, byte[] bytes, long addedAt) {}

    private final Deque<Pending> pending = new ArrayDeque<>();
    private NodeId node;
    private long term;
    private long number; // of the last one
    private int sent; // of the pending ones, on this connection
    private int bytes; // of the pending ones

    OwnEntries(NodeId node) {
        this.node = node;
    }

    NodeId node() {
        return node;
    }

    void add(Kind kind, List<ChatEvent> events, long now) {
        add(new LogEntry(kind, node, term, ++number, events), now);
    }

    private void add(LogEntry entry, long now) {
        Pending added = new Pending(entry, EntryCodec.encode(entry), now);
        pending.add(added);
        bytes += added.bytes().length;
    }

    boolean isCongested() {
        return pending.size() >= MAX_ENTRIES || bytes >= MAX_BYTES;
    }

    /** Returns when the oldest entry was added; null if there is none. */
    @Nullable
    Long oldest() {
        Pending first = pending.peek();
        return first == null ? null : first.addedAt();
    }

    /** Returns the bytes of the next entries to send; none if enough are under way. */
    List<byte[]> nextToSend() {
        List<byte[]> next = pending.stream()
                .limit(MAX_ENTRIES)
                .skip(sent)
                .map(Pending::bytes)
                .toList();
        sent += next.size();
        return next;
    }

    /** Returns whether this is the oldest one. */
    boolean isFirst(LogEntry entry) {
        Pending first = pending.peek();
        return first != null
                && first.entry().number() == entry.number()
                && first.entry().term() == entry.term();
    }

    /** Removes the oldest one, which has come back. */
    void remove() {
        bytes -= pending.remove().bytes().length;
        sent = Math.max(0, sent - 1);
    }

    /** The connection is lost: all must be sent again. */
    void connectionLost() {
        sent = 0;
    }

    /** Removes the entries that the log has according to the snapshot. Returns how many of them had events, or none. */
    int removeUpTo(Nodes snapshot) {
        long last = snapshot.lastNumber(node);
        long lastTerm = snapshot.term(node);
        int removed = 0;
        for (Pending first = pending.peek(); first != null; first = pending.peek()) {
            LogEntry entry = first.entry();
            if (entry.term() != lastTerm || entry.number() > last) {
                break;
            }
            removed += entry.kind() == Kind.EVENTS ? 1 : 0;
            remove();
        }
        return removed;
    }

    /** Continues behind the last entry of this node that the log has; in a new term if it may have lost entries. */
    void continueAfter(Nodes log, long now) {
        long last = log.lastNumber(node);
        Pending first = pending.peek();
        boolean introduced = last > 0 || (first != null && first.entry().kind() == Kind.INTRODUCTION);
        boolean next = first == null ? number == last : first.entry().number() == last + 1;
        if (next && introduced) {
            return;
        }
        List<Pending> old = new ArrayList<>(pending);
        clear();
        term = Math.max(term, log.term(node)) + 1;
        number = last;
        if (!introduced) {
            add(Kind.INTRODUCTION, List.of(), now);
        }
        for (Pending each : old) {
            if (last == 0 || each.entry().kind() != Kind.INTRODUCTION) {
                add(
                        new LogEntry(
                                each.entry().kind(),
                                node,
                                term,
                                ++number,
                                each.entry().events()),
                        each.addedAt());
            }
        }
    }

    /** Begins a new incarnation, and drops the entries of the former one. */
    void beginIncarnation(long now) {
        clear();
        node = new NodeId(node.name(), node.incarnation() + 1);
        term = 0;
        number = 0;
        add(Kind.INTRODUCTION, List.of(), now);
    }

    private void clear() {
        pending.clear();
        bytes = 0;
        sent = 0;
    }

    @Override
    public String toString() {
        return Objects.toString(pending);
    }
}
