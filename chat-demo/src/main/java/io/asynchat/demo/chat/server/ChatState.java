package io.asynchat.demo.chat.server;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Users and rooms: a pure function of the log, the same on every node.
 *
 * <p><b>Thread:</b> the sequencer's event loop.
 */
final class ChatState {
    /** The name, and the key, of the room that every user comes to first. */
    static final String MAIN = "main";

    private final Turn turn;
    private final Metrics metrics;
    private final LongSupplier epoch; // of the log
    private final Directory<User> users = new Directory<>("users", "The following are logged in:");
    private final Directory<ChatRoom> rooms = new Directory<>("rooms", "The following rooms are open:");
    private final Map<NodeId, LongObjectMap<User>> sessions = new HashMap<>(); // users by node and number
    private final Map<String, User> resumable = new HashMap<>(); // users of pages, by token
    private final LastNumbers lastNumbers = new LastNumbers();
    private final History.Budget historyBudget = new History.Budget(); // of all rooms except main
    private final Room logoutRoom;
    private ChatRoom main;

    ChatState(Turn turn, Metrics metrics, LongSupplier epoch) {
        this.turn = turn;
        this.metrics = metrics;
        this.epoch = epoch;
        logoutRoom = new LogoutRoom(users, turn);
        main = newMain();
        rooms.add(main);
    }

    private ChatRoom newMain() {
        return new ChatRoom(this, turn, metrics, MAIN, MAIN, new History(new History.Budget()));
    }

    Directory<User> users() {
        return users;
    }

    Directory<ChatRoom> rooms() {
        return rooms;
    }

    ChatRoom main() {
        return main;
    }

    /** Returns the user of a session; null if it has none. */
    @Nullable
    User find(NodeId node, long session) {
        LongObjectMap<User> ofNode = sessions.get(node);
        return ofNode == null ? null : ofNode.get(session);
    }

    /** Returns the users of a node, in the order of their logins. */
    List<User> of(NodeId node) {
        return sessions.containsKey(node)
                ? users.all().stream().filter(user -> user.node().equals(node)).toList()
                : List.of();
    }

    LastNumbers lastNumbers() {
        return lastNumbers;
    }

    long epoch() {
        return epoch.getAsLong();
    }

    /** Logs a user in. Returns false if the name is taken. */
    boolean login(User user) {
        boolean free = users.add(user);
        if (free) {
            addSession(user);
            turn.loggedIn(user, lastNumbers.login(user.client()));
            user.enter(main);
            if (user.session() != null) {
                metrics.loggedIn();
            }
        }
        return free;
    }

    /**
     * Gives the user who has this token the session of another, who has no name. Returns that user; null if no user who is
     * logged in has the token.
     */
    @Nullable
    User resume(String token, User by) {
        User user = resumable.get(token);
        if (user == null) {
            return null;
        }
        User resumed = user.resumedBy(by);
        removeSession(user);
        addSession(resumed);
        users.replace(resumed);
        long last = lastNumbers.login(resumed.client());
        lastNumbers.logout(user.client());
        turn.loggedIn(resumed, last);
        countLoggedIn(user, resumed);
        user.giveWayTo(resumed, logoutRoom);
        return resumed;
    }

    void logout(User user) {
        user.enter(logoutRoom);
        removeSession(user);
        lastNumbers.logout(user.client());
        if (user.session() != null) {
            metrics.loggedOut();
        }
    }

    private void countLoggedIn(User before, User after) {
        if (before.session() != null) {
            metrics.loggedOut();
        }
        if (after.session() != null) {
            metrics.loggedIn();
        }
    }

    private void addSession(User user) {
        sessions.computeIfAbsent(user.node(), first -> new LongObjectHashMap<>())
                .put(user.number(), user);
        if (user.token() != null) {
            resumable.put(user.token(), user);
        }
    }

    private void removeSession(User user) {
        LongObjectMap<User> ofNode = sessions.get(user.node());
        if (ofNode != null) {
            ofNode.remove(user.number());
            if (ofNode.isEmpty()) {
                sessions.remove(user.node());
            }
        }
        if (user.token() != null) {
            resumable.remove(user.token());
        }
    }

    /** Returns the room of this key, which is opened under this name if it is not open. */
    ChatRoom open(String name, String key) {
        ChatRoom room = rooms.find(key);
        if (room == null) {
            room = new ChatRoom(this, turn, metrics, name, key, new History(historyBudget));
            rooms.add(room);
        }
        return room;
    }

    /** Closes a room that the last member has left, unless it is the main room. */
    void close(ChatRoom room) {
        if (room != main) {
            rooms.remove(room);
            room.history().clear();
        }
    }

    // ---- snapshots

    /** Forgets everything, for a snapshot; no user has a session then. */
    void clear() {
        detach(users.all());
        rooms.all().forEach(room -> room.history().clear());
        users.clear();
        rooms.clear();
        sessions.clear();
        resumable.clear();
        lastNumbers.clear();
        main = newMain();
        rooms.add(main);
    }

    /** Adds a user of a snapshot, who is in no room yet. */
    void restore(User user) {
        users.add(user);
        addSession(user);
        lastNumbers.login(user.client());
    }

    /** The session of a user of a snapshot is found again. */
    void attach(User user, Session session) {
        user.attach(session);
        turn.loggedIn(user, lastNumbers.last(user.client()));
        ((ChatRoom) user.room()).catchUp(user, null);
        metrics.loggedIn();
    }

    /** The sessions of these users are lost; the users stay until the log says otherwise. */
    void detach(Collection<User> lost) {
        for (User user : lost) {
            if (user.session() != null) {
                user.detach();
                metrics.loggedOut();
            }
        }
    }
}
