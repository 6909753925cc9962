package io.asynchat.demo.chat.server;

import org.jspecify.annotations.Nullable;

/**
 * A user who is logged in on one of the nodes, or is about to be: the same on every node.
 *
 * <p><b>Thread:</b> the sequencer's event loop, except for what is final.
 */
final class User implements Directory.Named {
    private final NodeId node;
    private final long number;
    private final String name;
    private final String key;
    private final @Nullable Session session;
    private Room room;

    /**
     * Creates a user who asks to be logged in.
     *
     * @param number of its session, unique in that node's incarnation
     * @param session the user's session if that is on this node
     * @param room the room for users without a login
     */
    User(NodeId node, long number, String name, String key, @Nullable Session session, Room room) {
        this.node = node;
        this.number = number;
        this.name = name;
        this.key = key;
        this.session = session;
        this.room = room;
    }

    NodeId node() {
        return node;
    }

    long number() {
        return number;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String key() {
        return key;
    }

    @Nullable
    Session session() {
        return session;
    }

    Room room() {
        return room;
    }

    /** Leaves the room for another. */
    void enter(Room next) {
        room.remove(this);
        next.add(this);
        room = next;
    }
}
