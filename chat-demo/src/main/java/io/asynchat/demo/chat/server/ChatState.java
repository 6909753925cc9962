package io.asynchat.demo.chat.server;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.HashMap;
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
    private final ChatRoom main;
    private final Room logoutRoom;

    ChatState(Turn turn, Metrics metrics, LongSupplier epoch) {
        this.turn = turn;
        this.metrics = metrics;
        this.epoch = epoch;
        main = new ChatRoom(this, turn, metrics, MAIN, MAIN, new History(new History.Budget()));
        logoutRoom = new LogoutRoom(users, turn);
        rooms.add(main);
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
            metrics.loggedIn(users.size());
            turn.loggedIn(user, lastNumbers.login(user.client()));
            user.enter(main);
        }
        return free;
    }

    /**
     * Gives the user who has this token the session of another, who has no name. Returns that user; null if nobody who is logged
     * in has the token.
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
        user.giveWayTo(resumed, logoutRoom);
        return resumed;
    }

    void logout(User user) {
        user.enter(logoutRoom);
        removeSession(user);
        lastNumbers.logout(user.client());
        metrics.loggedIn(users.size());
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
}
