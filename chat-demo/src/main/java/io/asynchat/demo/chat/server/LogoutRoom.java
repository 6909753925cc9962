package io.asynchat.demo.chat.server;

import java.util.Map;

/** Where a user goes who leaves: the name becomes free, and the session ends. */
final class LogoutRoom extends Room {
    private final Directory<User> users;
    private final Turn turn;

    LogoutRoom(Directory<User> users, Turn turn) {
        super(Map.of());
        this.users = users;
        this.turn = turn;
    }

    @Override
    void entered(Session session) {
        session.end();
    }

    @Override
    void unknown(Session session, String word) {}

    @Override
    void add(User user) {
        users.remove(user);
        turn.enter(user, this);
    }
}
