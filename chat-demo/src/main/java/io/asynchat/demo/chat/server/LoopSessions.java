package io.asynchat.demo.chat.server;

import io.asynchat.demo.RejectionLog;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one event loop. Hands over the lines of a turn to the sequencer in one task.
 *
 * <p><b>Thread:</b> that event loop, except where it says otherwise.
 */
final class LoopSessions implements Session.Listener {
    /** The sequencer, as the sessions see it; from any thread. */
    interface Sequencer {
        /** Takes the lines of a turn of an event loop; owns the list. */
        void submit(List<Submission> lines);

        /** The server is closing. */
        void onDrainStarted();

        /** All sessions of an event loop are drained, which was not so before. */
        void onDrained();

        /** Returns the notice with which a new session is closed; null if the chat is open. */
        @Nullable
        String closedNotice();
    }

    /** A login, with the session that the user's output is to go to. */
    record Login(Session from, ChatEvent event) implements Submission {
        @Override
        public long session() {
            return event.session();
        }

        @Override
        public String text() {
            return event.text();
        }

        @Override
        public long number() {
            return event.number();
        }
    }

    private final EventLoop loop;
    private final Sequencer sequencer;
    private final AtomicLong numbers; // of all sessions of the node
    private final Metrics metrics;
    private final RejectionLog rejections;
    private final Set<Session> sessions = new HashSet<>();
    private List<Submission> inbox = new ArrayList<>(); // of this turn
    private final Set<Session> held = new HashSet<>(); // not read, because too much is under way
    private boolean holding; // sessions that send more lines
    private int drained; // of the sessions
    private volatile boolean allDrained = true; // read by the sequencer

    LoopSessions(EventLoop loop, Sequencer sequencer, AtomicLong numbers, Metrics metrics, RejectionLog rejections) {
        this.loop = loop;
        this.sequencer = sequencer;
        this.numbers = numbers;
        this.metrics = metrics;
        this.rejections = rejections;
    }

    EventLoop loop() {
        return loop;
    }

    // ---- from the sessions

    @Override
    public long opened(Session session) {
        sessions.add(session);
        allDrained = false;
        metrics.connected();
        String notice = sequencer.closedNotice();
        if (notice != null) {
            loop.execute(() -> session.end(notice));
        }
        return numbers.incrementAndGet();
    }

    @Override
    public void submitted(Session session, Submission line) {
        if (inbox.isEmpty()) {
            loop.execute(this::flushInbox); // when this turn has read all that there is
        }
        boolean login = line instanceof ChatEvent event && event.command().isOfNewSession();
        inbox.add(login ? new Login(session, (ChatEvent) line) : line);
        if (holding && held.add(session)) {
            session.hold(true);
        }
    }

    private void flushInbox() {
        List<Submission> lines = inbox;
        inbox = new ArrayList<>();
        sequencer.submit(lines);
    }

    @Override
    public void rejected(Session session, RejectReason reason) {
        rejections.rejected(session.channel(), reason);
    }

    @Override
    public void drainStarted() {
        sequencer.onDrainStarted();
    }

    @Override
    public void drained(Session session) {
        drained++;
        reportDrained();
    }

    @Override
    public void closed(Session session) {
        held.remove(session);
        if (sessions.remove(session)) {
            metrics.disconnected();
            drained -= session.isDrained() ? 1 : 0;
            reportDrained();
        }
    }

    private void reportDrained() {
        boolean before = allDrained;
        allDrained = drained == sessions.size();
        if (allDrained && !before) {
            sequencer.onDrained();
        }
    }

    // ---- from the sequencer

    /** Whether no session has more lines to come. From any thread. */
    boolean allDrained() {
        return allDrained;
    }

    /** The time to drain is over. */
    void expire() {
        List.copyOf(sessions).forEach(Session::expire);
    }

    /** Stops to read sessions as they send more lines, or reads all again. */
    void hold(boolean more) {
        holding = more;
        if (!more) {
            List<Session> waiting = List.copyOf(held);
            held.clear();
            waiting.forEach(session -> session.hold(false)); // which may handle lines
        }
    }

    /** Gives all users a notice. */
    void announce(String notice) {
        sessions.forEach(session -> session.announce(notice));
    }

    /** Gives all sessions a last notice and closes them. */
    void closeAll(String notice) {
        for (Session session : List.copyOf(sessions)) {
            session.end(notice);
        }
    }

    long unsentBytes() {
        return sessions.stream().mapToLong(Session::unsentBytes).sum();
    }
}
