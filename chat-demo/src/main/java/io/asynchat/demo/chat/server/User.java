package io.asynchat.demo.chat.server;

import org.jspecify.annotations.Nullable;

/**
 * A user who is logged in on one of the nodes, or is about to be: the same on every node.
 * A page that resumes its session makes a new one of the same name.
 *
 * <p><b>Thread:</b> the sequencer's event loop, except for what is final.
 */
final class User implements Directory.Named {
    private final NodeId node;
    private final long number;
    private final String name;
    private final String key;
    private final @Nullable String client;
    private final @Nullable String token;
    private @Nullable Session session;
    private Room room;

    /**
     * Creates a user who asks to be logged in.
     *
     * @param login the event that asks for it
     * @param session the user's session if that is on this node
     * @param room the room for users without a login
     */
    User(NodeId node, ChatEvent login, @Nullable Session session, Room room) {
        this(node, login.session(), login.text(), login.key(), login.client(), login.token(), session, room);
    }

    private User(
            NodeId node,
            long number,
            String name,
            String key,
            @Nullable String client,
            @Nullable String token,
            @Nullable Session session,
            Room room) {
        this.node = node;
        this.number = number;
        this.name = name;
        this.key = key;
        this.client = client;
        this.token = token;
        this.session = session;
        this.room = room;
    }

    /** Returns the same user with the session, and in the room, of another, who has no name: its page has connected again. */
    User resumedBy(User other) {
        return new User(other.node, other.number, name, key, client, token, other.session, other.room);
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

    /** The page, for its line numbers; null for lines. */
    @Nullable
    String client() {
        return client;
    }

    /** What resumes the session; null for lines. */
    @Nullable
    String token() {
        return token;
    }

    /** Null if it is on another node. */
    @Nullable
    Session session() {
        return session;
    }

    Room room() {
        return room;
    }

    /** The user of a snapshot is in this room. */
    void restore(Room of) {
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

    /** Leaves the room to the same user with another session; other users are not informed. */
    void giveWayTo(User resumed, Room end) {
        room.replace(this, resumed);
        resumed.room = room;
        room = end;
        end.add(this);
    }
}
