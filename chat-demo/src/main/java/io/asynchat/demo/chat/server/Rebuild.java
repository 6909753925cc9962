package io.asynchat.demo.chat.server;

import io.asynchat.demo.chat.server.LinesUnderWay.Batch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state is taken from a snapshot, and the entries behind it are applied, perhaps again; then the users of this node get their
 * sessions back.
 *
 * <p><b>Thread:</b> the sequencer's event loop.
 */
final class Rebuild {
    private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);

    private final ChatState state;
    private final Turn turn;
    private final TurnScheduler turns;
    private final EventApplier applier;
    private final LoginRoom loginRoom;
    private final LinesUnderWay lines;
    private final List<Batch> returned = new ArrayList<>(); // that came back meanwhile
    private boolean underWay;

    Rebuild(
            ChatState state,
            Turn turn,
            TurnScheduler turns,
            EventApplier applier,
            LoginRoom loginRoom,
            LinesUnderWay lines) {
        this.state = state;
        this.turn = turn;
        this.turns = turns;
        this.applier = applier;
        this.loginRoom = loginRoom;
        this.lines = lines;
    }

    /** Whether entries behind a snapshot are applied: sessions are not attached to their users. */
    boolean isUnderWay() {
        return underWay;
    }

    void start(byte[] snapshot) {
        turns.end();
        underWay = true;
        try {
            StateCodec.restore(snapshot, state, loginRoom);
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }

    /** The events of this many batches are in the snapshot. */
    void skipped(int batches) {
        for (int i = 0; i < batches; i++) {
            returned(lines.remove());
        }
    }

    /** The events of these lines are in the state; their sessions wait for the end. */
    void returned(Batch batch) {
        returned.add(batch);
    }

    /** Drops what has come back: its sessions are lost. */
    void clear() {
        returned.clear();
    }

    /** Gives the users of this node their sessions again. A user without a session leaves, a session without a user ends. */
    void end(NodeId self) {
        underWay = false;
        turns.end();
        for (Session session : applier.sessions()) {
            User user = applier.find(session.number());
            if (user != null) {
                state.attach(user, session);
                turn.reply(user, Notices.LOSS);
            } else if (!lines.hasLogin(session.number())) {
                applier.forget(session);
                expel(session);
            }
        }
        returned.forEach(batch -> batch.lines().forEach(this::handled));
        returned.clear();
        turns.end();
        List<Submission> leaves = state.of(self).stream()
                .filter(user -> user.session() == null)
                .map(Rebuild::disconnect)
                .collect(Collectors.toCollection(ArrayList::new));
        if (!leaves.isEmpty()) {
            lines.add(leaves);
        }
    }

    private static Submission disconnect(User user) {
        return new ChatEvent(
                user.number(), ChatEvent.Command.DISCONNECT, "", "", null, 0, null, System.currentTimeMillis());
    }

    /** The line was applied meanwhile; its session may send another. */
    private void handled(Submission line) {
        User user = applier.find(line.session());
        if (line instanceof Query query) {
            applier.answer(query);
        } else if (user != null) {
            turn.handled(user, line);
        }
    }

    private static void expel(Session session) {
        try {
            session.eventLoop().execute(() -> session.end(Notices.EXPELLED));
        } catch (RejectedExecutionException shutDown) {
            LOG.debug("an event loop has ended before its sessions were closed");
        }
    }
}
