package io.asynchat.demo.chat.server;

import io.asynchat.demo.RejectionLog;
import io.netty.channel.EventLoop;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one order of the chat: appends the events of the node's sessions to the log, applies those that come from it, replies
 * to queries at their places, and sends the output of a turn.
 *
 * <p><b>Thread:</b> all of it belongs to one event loop, the one of the first session; {@link #sessions}, {@link #submit} and
 * {@link #onDrained} may be called from any thread. Reading, decoding and writing happen on the sessions' own event loops.
 */
// Longer than other files: order, health and end of the chat depend on what is under way, which is kept in one place.
final class RoomSequencer implements EventLog.Listener, LoopSessions.Sequencer {
    private static final Logger LOG = LoggerFactory.getLogger(RoomSequencer.class);

    /** The last line of a server that closes. */
    static final String CLOSING = "The server is closing. Good bye.";

    private static final long HEARTBEAT = TimeUnit.SECONDS.toNanos(2);

    /** Lines whose events are under way to the log and back; for a heartbeat when it was appended, else 0. */
    private record Batch(long number, List<Submission> lines, long appendedAt) {}

    private final ChatState state;
    private final Turn turn;
    private final Room loginRoom;
    private final EventLog log;
    private final Metrics metrics;
    private final Duration drainTimeout;
    private final RejectionLog rejections;
    private final AtomicReference<@Nullable EventLoop> home = new AtomicReference<>(); // set once, by the first session
    private final Map<EventLoop, LoopSessions> loops = new ConcurrentHashMap<>(); // looked up once a connection
    private final AtomicLong sessionNumbers = new AtomicLong(); // the last one
    private final LongObjectMap<Session> sessions = new LongObjectHashMap<>(); // that have asked for a login, by number
    private final Deque<Batch> underWay = new ArrayDeque<>();
    private long number; // of the last entry that was appended
    private volatile boolean opened;
    private volatile long returnedAt; // when the last heartbeat came back
    private boolean turnEnds; // the task is scheduled
    private boolean draining; // the server is closing
    private boolean expired; // the time for that is over
    private boolean confirmAgain; // an event loop has become drained since
    private int unconfirmed; // event loops that have not confirmed that they are drained; 0 while none is asked
    private boolean drained; // all lines have been submitted
    private boolean closed; // the notice is given

    RoomSequencer(ChatState state, Turn turn, Room loginRoom, EventLog log, Metrics metrics, Duration drainTimeout) {
        this.state = state;
        this.turn = turn;
        this.loginRoom = loginRoom;
        this.log = log;
        this.metrics = metrics;
        this.drainTimeout = drainTimeout;
        rejections = new RejectionLog(Session.class, metrics::rejected);
    }

    /** Returns the sessions of an event loop. From any thread. */
    LoopSessions sessions(EventLoop loop) {
        if (home.compareAndSet(null, loop)) {
            execute(this::open);
        }
        return loops.computeIfAbsent(loop, first -> {
            LoopSessions added = new LoopSessions(loop, this, sessionNumbers, metrics, rejections);
            metrics.watch(loop, added::unsentBytes);
            return added;
        });
    }

    private void open() {
        log.open(home(), this);
        returnedAt = home().ticker().nanoTime();
        opened = true;
        appendHeartbeat();
    }

    private EventLoop home() {
        return Objects.requireNonNull(home.get());
    }

    /** Runs a task at home: at once if it is called there. */
    private void execute(Runnable task) {
        if (home().inEventLoop()) {
            task.run();
            return;
        }
        try {
            home().execute(task);
        } catch (RejectedExecutionException shutDown) {
            LOG.debug("lines came after the event loop of the rooms had ended");
        }
    }

    // ---- from the sessions

    /** Takes the lines of a turn of an event loop; owns the list. From any thread. */
    @Override
    public void submit(List<Submission> lines) {
        execute(() -> accept(lines));
    }

    private void accept(List<Submission> lines) {
        if (closed) {
            closeSessions(); // another port has accepted one meanwhile
            return;
        }
        List<ChatEvent> events = events(lines);
        if (!events.isEmpty()) {
            underWay.add(new Batch(++number, lines, 0));
            log.append(number, events);
        } else if (underWay.isEmpty()) {
            handleAll(lines);
        } else {
            underWay.getLast().lines().addAll(lines);
        }
    }

    private List<ChatEvent> events(List<Submission> lines) {
        List<ChatEvent> events = new ArrayList<>(lines.size());
        for (Submission line : lines) {
            if (line instanceof ChatEvent event) {
                events.add(event);
            } else if (line instanceof LoopSessions.Login login) {
                sessions.put(login.session(), login.from());
                events.add(login.event());
            }
        }
        return events;
    }

    // ---- from the log

    @Override
    public void onEntry(EventLog.Entry entry) {
        turn.startEntry(entry.position());
        state.lastNumbers().advance(logTime());
        metrics.applied(entry.events().size());
        if (entry.node().equals(log.self())) {
            Batch batch = underWay.remove();
            handleAll(batch.lines());
            returned(batch);
            closeIfDrained();
        } else {
            entry.events().forEach(event -> apply(entry.node(), event));
            endTurnSoon(entry.events().size() > 1);
        }
    }

    private void handleAll(List<Submission> lines) {
        lines.forEach(this::handle);
        endTurnSoon(lines.size() > 1);
    }

    private void handle(Submission line) {
        try {
            if (line instanceof Query query) {
                answer(query);
            } else {
                apply(log.self(), line instanceof LoopSessions.Login login ? login.event() : (ChatEvent) line);
            }
        } catch (RuntimeException | StackOverflowError bug) { // ends the session that has met it, and no other
            LOG.error("a line of a session could not be handled", bug);
            User user = state.find(log.self(), line.session());
            if (user != null) {
                state.logout(user);
            }
        }
        if (turn.isFull()) {
            endTurn();
        }
    }

    private void answer(Query query) {
        User user = state.find(log.self(), query.session());
        if (user != null) {
            turn.startQuery();
            user.room().answer(user, query);
            turn.handled(user, query);
        }
    }

    /** Applies an event; that of a session without a user is nothing: it has logged out, or its login was refused. */
    private void apply(NodeId node, ChatEvent event) {
        User user = state.find(node, event.session());
        if (user == null && event.command().isOfNewSession()) {
            Session session = node.equals(log.self()) ? sessions.get(event.session()) : null;
            user = new User(node, event, session, loginRoom);
        }
        if (user != null) {
            turn.startEvent(event.time());
            if (state.lastNumbers().isNext(user.client(), event.number())) {
                user.room().apply(user, event);
            }
            turn.handled(user, event);
        }
        if (state.find(node, event.session()) == null && node.equals(log.self())) {
            sessions.remove(event.session());
        }
    }

    /** Milliseconds that pass with the log. */
    private long logTime() {
        return TimeUnit.NANOSECONDS.toMillis(home().ticker().nanoTime());
    }

    // ---- health

    /** An entry that changes nothing: that it comes back shows that others do. */
    private void appendHeartbeat() {
        long appendedAt = home().ticker().nanoTime();
        underWay.add(new Batch(++number, new ArrayList<>(), appendedAt));
        log.append(number, List.of());
        home().schedule(this::appendHeartbeat, HEARTBEAT, TimeUnit.NANOSECONDS);
    }

    private void returned(Batch batch) {
        if (batch.appendedAt() != 0) {
            returnedAt = home().ticker().nanoTime();
            metrics.heartbeat(returnedAt - batch.appendedAt());
        }
    }

    /** Returns whether events come back from the log. From any thread. */
    boolean isDelivering() {
        return !opened || home().ticker().nanoTime() - returnedAt <= 2 * HEARTBEAT;
    }

    // ---- the turn

    /**
     * Ends the turn when other lines that are on their way have come, if many users speak: to wait for them costs less than
     * another write for each member.
     */
    private void endTurnSoon(boolean more) {
        if (turnEnds) {
            return;
        }
        turnEnds = true;
        try {
            if (more && !home().isShuttingDown()) { // which drops scheduled tasks
                home().schedule(() -> {}, 0, TimeUnit.SECONDS).addListener(doneOrDropped -> endTurn()); // after a poll
            } else {
                home().execute(this::endTurn); // behind the tasks of other event loops that wait already
            }
        } catch (RejectedExecutionException shutDown) {
            endTurn();
        }
    }

    private void endTurn() {
        turnEnds = false;
        turn.end().forEach(Delivery::send);
    }

    // ---- the end

    @Override
    public void onDrainStarted() {
        execute(this::startDrain);
    }

    /** Ends the drain before the server closes all connections by force, so that every session gets its notice. */
    private void startDrain() {
        if (!draining) {
            draining = true;
            long end = drainTimeout.toNanos();
            long margin = Math.min(end / 4, TimeUnit.SECONDS.toNanos(1));
            home().schedule(this::expireDrain, end - margin, TimeUnit.NANOSECONDS);
            home().schedule(this::close, end - margin / 2, TimeUnit.NANOSECONDS);
        }
    }

    private void expireDrain() {
        expired = true;
        forEachLoop(LoopSessions::expire);
        closeIfDrained();
    }

    @Override
    public void onDrained() {
        execute(this::confirmDrained);
    }

    /** Asks every event loop once more, behind the tasks that it has got: lines may be on their way. */
    private void confirmDrained() {
        if (closed) {
            closeSessions(); // another port has accepted one meanwhile
        }
        if (!draining || drained) {
            return;
        }
        if (unconfirmed > 0) {
            confirmAgain = true;
        } else if (loops.values().stream().allMatch(LoopSessions::allDrained)) {
            unconfirmed = loops.size();
            forEachLoop(sessions -> execute(this::confirmed));
        }
    }

    private void confirmed() {
        unconfirmed--;
        if (unconfirmed > 0) {
            return;
        }
        if (confirmAgain) {
            confirmAgain = false;
            confirmDrained();
        } else {
            drained = loops.values().stream().allMatch(LoopSessions::allDrained);
            closeIfDrained();
        }
    }

    private void closeIfDrained() {
        if (drained && (underWay.isEmpty() || expired)) {
            close();
        }
    }

    private void close() {
        if (!closed) {
            closed = true;
            endTurn();
            closeSessions();
        }
    }

    private void closeSessions() {
        forEachLoop(sessions -> sessions.closeAll(CLOSING));
    }

    private void forEachLoop(Consumer<LoopSessions> action) {
        for (LoopSessions sessions : loops.values()) {
            try {
                sessions.loop().execute(() -> action.accept(sessions));
            } catch (RejectedExecutionException shutDown) { // and so are all its sessions
                LOG.debug("an event loop has ended before its sessions were closed");
            }
        }
    }
}
