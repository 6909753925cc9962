package io.asynchat.demo.chat.server;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The lines of this node that are under way to the log and back, in their order. While the log is congested they wait, and
 * then share entries.
 *
 * <p><b>Thread:</b> the sequencer's event loop.
 */
final class LinesUnderWay {
    /** Lines whose events are one entry; for a heartbeat when it was appended, else 0. */
    record Batch(List<Submission> lines, long appendedAt) {}

    /** What the events of an entry, written as bytes, may be together; a single event may be longer. */
    private static final int MAX_ENTRY_BYTES = 60 << 10;

    private static final int MAX_BYTES_PER_CHARACTER = 3; // of UTF-8, in chars of Java
    private static final int EVENT_BYTES = 64; // without its texts
    private static final int MAX_WAITING = 64 << 10; // characters, beyond which sessions are paused

    private final EventLog log;
    private final SessionLoops loops;
    private final Consumer<List<Submission>> queriesAlone;
    private final Deque<Batch> appended = new ArrayDeque<>();
    private List<Submission> waiting = new ArrayList<>(); // a new one each time: a list never shrinks
    private int waitingCharacters;
    private boolean holding; // sessions are paused, as too much waits

    /**
     * Creates an empty queue.
     *
     * @param queriesAlone is called with queries before which nothing is under way
     */
    LinesUnderWay(EventLog log, SessionLoops loops, Consumer<List<Submission>> queriesAlone) {
        this.log = log;
        this.loops = loops;
        this.queriesAlone = queriesAlone;
    }

    boolean isEmpty() {
        return appended.isEmpty() && waiting.isEmpty();
    }

    /** Adds lines behind all others; owns the list. */
    void add(List<Submission> lines) {
        if (waiting.isEmpty() && !log.isCongested()) {
            append(lines);
        } else {
            wait(lines);
        }
        holdIfFull();
    }

    private void wait(List<Submission> lines) {
        waiting.addAll(lines);
        for (Submission line : lines) {
            waitingCharacters += line.text().length();
        }
    }

    /** Adds an entry without events, which does not wait. */
    void addHeartbeat(long now) {
        appended.add(new Batch(new ArrayList<>(), now));
        log.append(List.of());
    }

    /** Appends what waits, as far as the log takes it. */
    void flush() {
        if (!waiting.isEmpty() && !log.isCongested()) {
            List<Submission> lines = waiting;
            waiting = new ArrayList<>();
            waitingCharacters = 0;
            append(lines);
        }
        holdIfFull();
    }

    /** Sessions are not read while too much waits. */
    private void holdIfFull() {
        boolean full = waitingCharacters > MAX_WAITING;
        if (full != holding) {
            holding = full;
            loops.forEach(sessions -> sessions.hold(full));
        }
    }

    /** Appends one entry; what exceeds it waits, and is appended if the log takes more. */
    private void append(List<Submission> lines) {
        List<ChatEvent> events = new ArrayList<>(lines.size());
        int bytes = 0;
        for (int i = 0; i < lines.size(); i++) {
            ChatEvent event = event(lines.get(i));
            if (event != null) {
                bytes += EVENT_BYTES
                        + MAX_BYTES_PER_CHARACTER
                                * (event.text().length() + event.key().length());
                if (bytes > MAX_ENTRY_BYTES && !events.isEmpty()) {
                    wait(lines.subList(i, lines.size()));
                    append(new ArrayList<>(lines.subList(0, i)), events);
                    flush();
                    return;
                }
                events.add(event);
            }
        }
        append(lines, events);
    }

    private void append(List<Submission> lines, List<ChatEvent> events) {
        if (!events.isEmpty()) {
            appended.add(new Batch(lines, 0));
            log.append(events);
        } else if (appended.isEmpty()) {
            queriesAlone.accept(lines);
        } else {
            appended.getLast().lines().addAll(lines);
        }
    }

    static @Nullable ChatEvent event(Submission line) {
        if (line instanceof LoopSessions.Login login) {
            return login.event();
        }
        return line instanceof ChatEvent event ? event : null;
    }

    /** Removes the oldest batch, whose entry has come from the log. */
    Batch remove() {
        return appended.remove();
    }

    /** Returns whether a session waits for the outcome of its login. */
    boolean hasLogin(long session) {
        return appended.stream().anyMatch(batch -> hasLogin(batch.lines(), session)) || hasLogin(waiting, session);
    }

    private static boolean hasLogin(List<Submission> lines, long session) {
        return lines.stream().anyMatch(line -> line instanceof LoopSessions.Login && line.session() == session);
    }

    /** Drops everything: no entry comes back. */
    void clear() {
        appended.clear();
        waiting = new ArrayList<>();
        waitingCharacters = 0;
        holdIfFull();
    }
}
