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
    private @Nullable Session session;
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

    /** The user of a snapshot is in this room. */
    void restore(ChatRoom of) {
        of.restore(this);
        room = of;
    }

    /** The user of a snapshot has this session. */
    void attach(Session found) {
        session = found;
        room.attach(this, found);
    }

    /** The session is lost; the user stays until the log says otherwise. */
    void detach() {
        Session lost = session;
        if (lost != null) {
            room.detach(lost);
            session = null;
        }
    }

    /** Leaves the room for another. */
    void enter(Room next) {
        room.remove(this);
        next.add(this);
        room = next;
    }
}
