package io.asynchat.demo.chat.server;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies events to the state, for which users of this node have their sessions, and answers queries.
 *
 * <p><b>Thread:</b> the sequencer's event loop.
 */
final class EventApplier {
    private static final Logger LOG = LoggerFactory.getLogger(EventApplier.class);

    private final ChatState state;
    private final Turn turn;
    private final TurnScheduler turns;
    private final LoginRoom loginRoom;
    private final Supplier<NodeId> self;
    private final LongObjectMap<Session> sessions = new LongObjectHashMap<>(); // that have asked for a login, by number

    EventApplier(ChatState state, Turn turn, TurnScheduler turns, LoginRoom loginRoom, Supplier<NodeId> self) {
        this.state = state;
        this.turn = turn;
        this.turns = turns;
        this.loginRoom = loginRoom;
        this.self = self;
    }

    // ---- the sessions of this node

    /** The session of a login gets the user's output, once the login is applied. */
    void register(LoopSessions.Login login) {
        sessions.put(login.session(), login.from());
    }

    List<Session> sessions() {
        return List.copyOf(sessions.values());
    }

    void forget(Session session) {
        sessions.remove(session.number());
    }

    void forgetAll() {
        sessions.clear();
    }

    /** Returns the user of a session of this node; null if it has none. */
    @Nullable
    User find(long session) {
        return state.find(self.get(), session);
    }

    // ---- what is done

    /**
     * Returns whether the name of a login is taken, by a user who stays.
     *
     * @param mayLeave whether the user of a session of this node, by its number, may leave before the login
     */
    boolean isTaken(ChatEvent login, LongPredicate mayLeave) {
        User owner = state.users().find(login.key());
        return owner != null && (!owner.node().equals(self.get()) || !mayLeave.test(owner.number()));
    }

    /** Refuses a login that is not in the log. */
    void refuse(LoopSessions.Login login) {
        User user = user(self.get(), login.event(), login.from());
        loginRoom.refuse(user);
        turn.handled(user, login);
    }

    private User user(NodeId node, ChatEvent login, @Nullable Session session) {
        return new User(node, login, session, loginRoom);
    }

    /**
     * Applies an event; that of a session without a user is nothing: it has logged out, or its login was refused.
     *
     * @param attach whether a user who logs in on this node has its session
     */
    void apply(NodeId node, ChatEvent event, boolean attach) {
        boolean own = attach && node.equals(self.get());
        User user = state.find(node, event.session());
        if (user == null && event.command().isOfNewSession()) {
            user = user(node, event, own ? sessions.get(event.session()) : null);
        }
        if (user != null) {
            User actor = user;
            turn.startEvent(event.time());
            if (state.lastNumbers().isNext(actor.client(), event.number())) {
                attempt(actor, () -> actor.room().apply(actor, event));
            }
            turn.handled(actor, event);
        }
        if (own && state.find(node, event.session()) == null) {
            sessions.remove(event.session());
        }
    }

    void answer(Query query) {
        User user = find(query.session());
        if (user != null) {
            turn.startQuery();
            attempt(user, () -> user.room().answer(user, query));
            turn.handled(user, query);
        }
    }

    /** Ends the session that has met a bug, and no other. */
    private void attempt(User user, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | StackOverflowError bug) {
            LOG.error("a line of a session could not be handled", bug);
            if (state.find(user.node(), user.number()) == user) {
                state.logout(user);
            }
        }
        turns.endIfFull();
    }
}
