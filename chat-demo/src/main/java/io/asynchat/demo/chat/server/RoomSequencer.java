package io.asynchat.demo.chat.server;

import io.netty.channel.EventLoop;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
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
final class RoomSequencer implements EventLog.Listener, LoopSessions.Sequencer {
    private static final Logger LOG = LoggerFactory.getLogger(RoomSequencer.class);

    /** The last line of a server that closes. */
    static final String CLOSING = "The server is closing. Good bye.";

    /** Lines whose events are under way to the log and back. */
    private record Batch(long number, List<Submission> lines) {}

    private final ChatState state;
    private final Turn turn;
    private final Room loginRoom;
    private final EventLog log;
    private final Metrics metrics;
    private final RejectionLog rejections;
    private final AtomicReference<@Nullable EventLoop> home = new AtomicReference<>(); // set once, by the first session
    private final Map<EventLoop, LoopSessions> loops = new ConcurrentHashMap<>(); // looked up once a connection
    private final AtomicLong sessionNumbers = new AtomicLong(); // the last one
    private final LongObjectMap<Session> sessions = new LongObjectHashMap<>(); // that have asked for a login, by number
    private final Deque<Batch> underWay = new ArrayDeque<>();
    private long number; // of the last entry that was appended
    private boolean turnEnds; // the task is scheduled
    private boolean draining; // the server is closing
    private boolean confirmAgain; // an event loop has become drained since
    private int unconfirmed; // event loops that have not confirmed that they are drained; 0 while none is asked
    private boolean drained; // all lines have been submitted
    private boolean closed; // the notice is given

    RoomSequencer(ChatState state, Turn turn, Room loginRoom, EventLog log, Metrics metrics) {
        this.state = state;
        this.turn = turn;
        this.loginRoom = loginRoom;
        this.log = log;
        this.metrics = metrics;
        rejections = new RejectionLog(metrics);
    }

    /** Returns the sessions of an event loop. From any thread. */
    LoopSessions sessions(EventLoop loop) {
        if (home.compareAndSet(null, loop)) {
            execute(() -> log.open(loop, this));
        }
        return loops.computeIfAbsent(loop, first -> {
            LoopSessions added = new LoopSessions(loop, this, sessionNumbers, metrics, rejections);
            metrics.watch(loop, added::unsentBytes);
            return added;
        });
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
            return;
        }
        List<ChatEvent> events = events(lines);
        if (!events.isEmpty()) {
            underWay.add(new Batch(++number, lines));
            log.append(number, events);
        } else if (underWay.isEmpty()) {
            lines.forEach(this::handle);
        } else {
            underWay.getLast().lines().addAll(lines);
        }
        endTurnSoon(lines.size() > 1);
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
        if (entry.node().equals(log.self())) {
            underWay.remove().lines().forEach(this::handle);
            closeIfDrained();
        } else {
            entry.events().forEach(event -> apply(entry.node(), event));
        }
        endTurnSoon(false);
    }

    @Override
    public void onSnapshot(long position, byte[] snapshot) {
        throw new UnsupportedOperationException("snapshot"); // no log of a single node has one
    }

    @Override
    public void onLoss() {
        throw new UnsupportedOperationException("loss");
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
            user.room().answer(user, query);
            turn.handled(user, query);
        }
    }

    /** Applies an event; that of a session without a user is nothing: it has logged out, or its login was refused. */
    private void apply(NodeId node, ChatEvent event) {
        User user = state.find(node, event.session());
        if (user == null && event.command() == ChatEvent.Command.LOGIN) {
            Session session = node.equals(log.self()) ? sessions.get(event.session()) : null;
            user = new User(node, event.session(), event.text(), event.key(), session, loginRoom);
        }
        if (user != null) {
            turn.startEvent(event.time());
            user.room().apply(user, event);
            turn.handled(user, event);
        }
        if (state.find(node, event.session()) == null && node.equals(log.self())) {
            sessions.remove(event.session());
        }
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
        execute(() -> draining = true);
    }

    @Override
    public void onDrained() {
        execute(this::confirmDrained);
    }

    /** Asks every event loop once more, behind the tasks that it has got: lines may be on their way. */
    private void confirmDrained() {
        if (!draining || drained) {
            return;
        }
        if (unconfirmed > 0) {
            confirmAgain = true;
        } else if (loops.values().stream().allMatch(LoopSessions::allDrained)) {
            unconfirmed = loops.size();
            loops.keySet().forEach(loop -> loop.execute(() -> execute(this::confirmed)));
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
        if (drained && underWay.isEmpty() && !closed) {
            closed = true;
            endTurn();
            for (LoopSessions sessions : loops.values()) {
                sessions.loop().execute(() -> sessions.closeAll(CLOSING));
            }
        }
    }
}
