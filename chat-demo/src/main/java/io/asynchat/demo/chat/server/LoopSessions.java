package io.asynchat.demo.chat.server;

import io.asynchat.demo.RejectionLog;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The sessions of one event loop. Hands over the lines of a turn to the sequencer in one task.
 *
 * <p><b>Thread:</b> that event loop, except where it says otherwise.
 */
final class LoopSessions implements Session.Listener {
    /** The sequencer, as the sessions see it; from any thread. */
    interface Sequencer {
        void submit(List<Submission> lines);

        /** The server is closing. */
        void onDrainStarted();

        /** All sessions of an event loop are drained, which was not so before. */
        void onDrained();
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
        return numbers.incrementAndGet();
    }

    @Override
    public void submitted(Session session, Submission line) {
        if (inbox.isEmpty()) {
            loop.execute(this::flushInbox); // when this turn has read all that there is
        }
        boolean login = line instanceof ChatEvent event && event.command().isOfNewSession();
        inbox.add(login ? new Login(session, (ChatEvent) line) : line);
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
