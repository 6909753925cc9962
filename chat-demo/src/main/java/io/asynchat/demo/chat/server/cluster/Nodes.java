package io.asynchat.demo.chat.server.cluster;

import io.asynchat.demo.chat.server.NodeId;
import io.asynchat.demo.chat.server.cluster.LogEntry.Kind;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes live, and the running number of each: a pure function of the log.
 *
 * <p>Time is the log's: the sum of the differences between the times of entries, each counted as 2 seconds at most, so that
 * neither a log that was stopped nor a clock that was set ends a node.
 */
final class Nodes {
    /** A node without an entry for this long, in milliseconds of log time, is dead. */
    static final long LIFETIME = 6_000;

    private static final long MAX_STEP = 2_000;

    /** How long a dead node is remembered, so that entries of it that come late are skipped. */
    private static final long MEMORY = 600_000;

    /** What follows from an entry: whether it is applied, and which nodes have ended with it, in their order. */
    record Outcome(boolean isApplied, List<NodeId> gone) {}

    private static final class Node {
        final NodeId id;
        long term;
        long number; // of its last entry that was applied
        long seen; // log time of that entry
        boolean dead;

        Node(NodeId id) {
            this.id = id;
        }
    }

    private final Map<Long, Node> byName =
            new LinkedHashMap<>(); // the last incarnation of each, in the order they came
    private long time;
    private long clock; // of the last entry, in milliseconds; 0 if there was none

    /** Takes the next entry of the log; {@code millis} is its clock. */
    Outcome advance(long millis, LogEntry entry) {
        if (clock != 0) {
            time += Math.max(0, Math.min(millis - clock, MAX_STEP));
        }
        clock = millis;
        List<NodeId> gone = new ArrayList<>(0);
        boolean applied = entry.kind() != Kind.BEGIN && apply(entry, gone);
        expire(gone);
        return new Outcome(applied, gone);
    }

    private boolean apply(LogEntry entry, List<NodeId> gone) {
        NodeId id = entry.node();
        Node node = byName.get(id.name());
        if (entry.kind() == Kind.INTRODUCTION && (node == null || id.incarnation() > node.id.incarnation())) {
            if (node != null && !node.dead) {
                gone.add(node.id);
            }
            node = new Node(id);
            byName.remove(id.name()); // to be the last one
            byName.put(id.name(), node);
        }
        if (node == null
                || node.dead
                || !node.id.equals(id)
                || entry.term() < node.term
                || entry.number() != node.number + 1) {
            return false;
        }
        node.term = entry.term();
        node.number = entry.number();
        node.seen = time;
        if (entry.kind() == Kind.END) {
            node.dead = true;
            gone.add(id);
        }
        return true;
    }

    private void expire(List<NodeId> gone) {
        for (Iterator<Node> nodes = byName.values().iterator(); nodes.hasNext(); ) {
            Node node = nodes.next();
            if (!node.dead && time - node.seen >= LIFETIME) {
                node.dead = true;
                gone.add(node.id);
            } else if (node.dead && time - node.seen >= MEMORY) {
                nodes.remove();
            }
        }
    }

    /** Returns the log time, in milliseconds. */
    long time() {
        return time;
    }

    /** Returns the number of the node's last entry; 0 if there is none. */
    long lastNumber(NodeId id) {
        Node node = find(id);
        return node == null ? 0 : node.number;
    }

    /** Returns the term of the node's last entry; 0 if there is none. */
    long term(NodeId id) {
        Node node = find(id);
        return node == null ? 0 : node.term;
    }

    boolean isDead(NodeId id) {
        Node node = find(id);
        return node != null && node.dead;
    }

    private @Nullable Node find(NodeId id) {
        Node node = byName.get(id.name());
        return node != null && node.id.equals(id) ? node : null;
    }

    // ---- snapshots

    void write(DataOutputStream to) throws IOException {
        to.writeLong(time);
        to.writeLong(clock);
        to.writeInt(byName.size());
        for (Node node : byName.values()) {
            to.writeLong(node.id.name());
            to.writeLong(node.id.incarnation());
            to.writeLong(node.term);
            to.writeLong(node.number);
            to.writeLong(node.seen);
            to.writeBoolean(node.dead);
        }
    }

    static Nodes read(DataInputStream from) throws IOException {
        Nodes nodes = new Nodes();
        nodes.time = from.readLong();
        nodes.clock = from.readLong();
        for (int count = from.readInt(); count > 0; count--) {
            Node node = new Node(new NodeId(from.readLong(), from.readLong()));
            node.term = from.readLong();
            node.number = from.readLong();
            node.seen = from.readLong();
            node.dead = from.readBoolean();
            nodes.byName.put(node.id.name(), node);
        }
        return nodes;
    }
}
