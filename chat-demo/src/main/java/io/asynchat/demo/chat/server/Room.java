package io.asynchat.demo.chat.server;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of a session, which decides what its lines mean.
 *
 * <p><b>Thread:</b> {@link #handle}, {@link #login} and {@link #entered} run on the session's event loop and change nothing here; the other
 * methods run on the sequencer's event loop, and only they change a room.
 *
 * <p><b>Source.</b> The tutorial's {@code Room}.
 */
abstract class Room extends CommandHandler {
    Room(Map<String, Command> commands) {
        super(commands);
    }

    /** Logs a user in, if no user has logged in by this session. */
    void login(Session session, String name) {}

    /** A session has come here. */
    void entered(Session session) {}

    /** Changes the state as the event of a user who is here says. */
    void apply(User user, ChatEvent event) {}

    /** Replies to a user who is here. */
    void answer(User user, Query query) {}

    /** A user comes. */
    void add(User user) {}

    /** A user goes. */
    void remove(User user) {}

    /** A user of a snapshot is here. */
    void restore(User user) {}

    /** The session of a user who is here is found again. */
    void attach(User user, Session session) {}

    /** The session of a user who is here is lost. */
    void detach(Session session) {}

    /** A user who is here is the same with another session. */
    void replace(User user, User resumed) {}

    /** The sessions of this node that are sent what is said here; null if nothing is. */
    @Nullable
    LocalMembers localMembers() {
        return null;
    }
}
