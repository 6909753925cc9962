package io.asynchat.demo.chat.server;

import io.asynchat.demo.RejectionLog;
import io.asynchat.demo.chat.server.LinesUnderWay.Batch;
import io.netty.channel.EventLoop;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.PromiseNotifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
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

    static final String AWAY = "The chat is interrupted. Please wait.";
    static final String BACK = "The chat goes on.";
    static final String LOSS = "The chat was interrupted. Lines may have been lost.";
    static final String EXPELLED = "The connection to the chat is lost. Please log in again.";
    static final String CLOSED = "The chat is not available. Please try again later.";

    private static final long HEARTBEAT = TimeUnit.SECONDS.toNanos(2);

    private final ChatState state;
    private final Turn turn;
    private final LoginRoom loginRoom;
    private final EventLog log;
    private final Metrics metrics;
    private final Duration drainTimeout;
    private final Consumer<String> failureListener;
    private final RejectionLog rejections;
    private final AtomicReference<@Nullable EventLoop> home = new AtomicReference<>(); // set once, by the first session
    private final Map<EventLoop, LoopSessions> loops = new ConcurrentHashMap<>(); // looked up once a connection
    private final AtomicLong sessionNumbers = new AtomicLong(); // the last one
    private final LongObjectMap<Session> sessions = new LongObjectHashMap<>(); // that have asked for a login, by number
    private final LinesUnderWay underWay;
    private final List<Batch> returned = new ArrayList<>(); // that came back while a snapshot was caught up with
    private boolean catchingUp; // with a snapshot: sessions are not attached to their users
    private boolean holding; // sessions are paused, as too much is under way
    private volatile @Nullable String closedNotice; // for sessions that come now
    private volatile boolean opened;
    private volatile long returnedAt; // when the last heartbeat came back
    private boolean turnEnds; // the task is scheduled
    private boolean draining; // the server is closing
    private boolean expired; // the time for that is over
    private boolean confirmAgain; // an event loop has become drained since
    private int unconfirmed; // event loops that have not confirmed that they are drained; 0 while none is asked
    private boolean drained; // all lines have been submitted
    private boolean closed; // the notice is given

    RoomSequencer(
            ChatState state,
            Turn turn,
            LoginRoom loginRoom,
            EventLog log,
            Metrics metrics,
            Duration drainTimeout,
            Consumer<String> failureListener) {
        this.state = state;
        this.turn = turn;
        this.loginRoom = loginRoom;
        this.log = log;
        this.metrics = metrics;
        this.drainTimeout = drainTimeout;
        this.failureListener = failureListener;
        rejections = new RejectionLog(Session.class, metrics::rejected);
        underWay = new LinesUnderWay(log, this::answerAll);
    }

    /** Returns the sessions of an event loop. From any thread. */
    LoopSessions sessions(EventLoop loop) {
        if (home.compareAndSet(null, loop)) {
            execute(this::openLog);
        }
        return loops.computeIfAbsent(loop, first -> {
            LoopSessions added = new LoopSessions(loop, this, sessionNumbers, metrics, rejections);
            metrics.watch(loop, added::unsentBytes);
            return added;
        });
    }

    /** Opens the log on an event loop, before the first session. The future fails if the log cannot be reached. */
    Future<Void> open(EventLoop loop) {
        home.set(loop);
        Promise<Void> done = loop.newPromise();
        execute(() -> PromiseNotifier.cascade(openLog(), done));
        return done;
    }

    private Future<Void> openLog() {
        returnedAt = home().ticker().nanoTime();
        Future<Void> done = log.open(home(), this);
        opened = true;
        appendHeartbeat();
        return done;
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
        lines.removeIf(line -> line instanceof LoopSessions.Login login && isRefused(login, lines));
        underWay.add(lines);
        holdIfFull();
    }

    /** Refuses a login at once if its name is taken, and not by a user who may have left before it; else registers it. */
    private boolean isRefused(LoopSessions.Login login, List<Submission> lines) {
        User owner = catchingUp ? null : state.users().find(login.event().key());
        boolean stays = owner != null
                && (!owner.node().equals(log.self())
                        || (underWay.isEmpty() && lines.stream().noneMatch(line -> line.session() == owner.number())));
        if (stays) {
            User user = user(log.self(), login.event(), login.from());
            loginRoom.refuse(user);
            turn.handled(user, login);
            endTurnSoon(false);
        } else {
            sessions.put(login.session(), login.from());
        }
        return stays;
    }

    private User user(NodeId node, ChatEvent login, @Nullable Session session) {
        return new User(node, login, session, loginRoom);
    }

    private void holdIfFull() {
        boolean full = underWay.isFull();
        if (full != holding) {
            holding = full;
            forEachLoop(sessions -> sessions.hold(full));
        }
    }

    // ---- from the log

    @Override
    public void onEntry(EventLog.Entry entry) {
        turn.startEntry(entry.position());
        turn.startEvent(entry.time());
        state.lastNumbers().advance(entry.logTime());
        entry.gone().forEach(node -> state.of(node).forEach(state::logout));
        metrics.applied(entry.events().size());
        NodeId node = entry.node();
        if (entry.isReturned()) {
            onReturned(underWay.remove(), entry);
        } else if (node != null) {
            entry.events().forEach(event -> apply(node, event));
        }
        endTurnSoon(entry.events().size() > 1);
    }

    /** Handles the lines of a batch, with the events as the log has them. */
    private void onReturned(Batch batch, EventLog.Entry entry) {
        Iterator<ChatEvent> events = entry.events().iterator();
        if (catchingUp) {
            events.forEachRemaining(event -> apply(log.self(), event));
            returned.add(batch);
        } else {
            for (Submission line : batch.lines()) {
                if (line instanceof Query query) {
                    answer(query);
                } else {
                    apply(log.self(), events.next());
                }
            }
        }
        if (batch.appendedAt() != 0) {
            returnedAt = home().ticker().nanoTime();
            metrics.heartbeat(returnedAt - batch.appendedAt());
        }
        onWritable();
        closeIfDrained();
    }

    @Override
    public void onWritable() {
        underWay.flush();
        holdIfFull();
    }

    private void answerAll(List<Submission> queries) {
        queries.forEach(query -> answer((Query) query));
        endTurnSoon(queries.size() > 1);
    }

    private void answer(Query query) {
        User user = state.find(log.self(), query.session());
        if (user != null) {
            turn.startQuery();
            attempt(user, () -> user.room().answer(user, query));
            turn.handled(user, query);
        }
    }

    /** Applies an event; that of a session without a user is nothing: it has logged out, or its login was refused. */
    private void apply(NodeId node, ChatEvent event) {
        boolean own = node.equals(log.self());
        User user = state.find(node, event.session());
        if (user == null && event.command().isOfNewSession()) {
            user = user(node, event, own && !catchingUp ? sessions.get(event.session()) : null);
        }
        if (user != null) {
            User actor = user;
            turn.startEvent(event.time());
            if (state.lastNumbers().isNext(actor.client(), event.number())) {
                attempt(actor, () -> actor.room().apply(actor, event));
            }
            turn.handled(actor, event);
        }
        if (own && !catchingUp && state.find(node, event.session()) == null) {
            sessions.remove(event.session());
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
        if (turn.isFull()) {
            endTurn();
        }
    }

    // ---- snapshots

    @Override
    public Supplier<byte[]> snapshot() {
        return StateCodec.capture(state);
    }

    @Override
    public void onSnapshot(byte[] snapshot, boolean isLoss) {
        endTurn();
        catchingUp = true;
        try {
            StateCodec.restore(snapshot, state, loginRoom);
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
        if (isLoss) {
            metrics.rebuilt();
        }
    }

    @Override
    public void onSkipped(int count) {
        for (int i = 0; i < count; i++) {
            returned.add(underWay.remove());
        }
    }

    /** Gives the users of this node their sessions again. A user without a session leaves, a session without a user ends. */
    @Override
    public void onCaughtUp() {
        catchingUp = false;
        endTurn();
        for (Session session : List.copyOf(sessions.values())) {
            User user = state.find(log.self(), session.number());
            if (user != null) {
                state.attach(user, session);
                turn.reply(user, LOSS);
            } else if (!underWay.hasLogin(session.number())) {
                sessions.remove(session.number());
                end(session);
            }
        }
        returned.forEach(batch -> batch.lines().forEach(this::afterCatchingUp));
        returned.clear();
        endTurn();
        List<Submission> leaves = new ArrayList<>();
        for (User user : state.of(log.self())) {
            if (user.session() == null) {
                leaves.add(new ChatEvent(
                        user.number(),
                        ChatEvent.Command.DISCONNECT,
                        "",
                        "",
                        null,
                        0,
                        null,
                        System.currentTimeMillis()));
            }
        }
        if (!leaves.isEmpty()) {
            underWay.add(leaves);
        }
    }

    /** The line was applied while the snapshot was caught up with; its session may send another. */
    private void afterCatchingUp(Submission line) {
        User user = state.find(log.self(), line.session());
        if (line instanceof Query query) {
            answer(query);
        } else if (user != null) {
            turn.handled(user, line);
        }
    }

    private static void end(Session session) {
        try {
            session.eventLoop().execute(() -> session.end(EXPELLED));
        } catch (RejectedExecutionException shutDown) {
            LOG.debug("an event loop has ended before its sessions were closed");
        }
    }

    // ---- the connection to the log

    @Override
    public void onAway() {
        forEachLoop(sessions -> sessions.announce(AWAY));
    }

    @Override
    public void onBack() {
        closedNotice = null;
        forEachLoop(sessions -> sessions.announce(BACK));
    }

    @Override
    public void onExpelled() {
        endTurn();
        closedNotice = CLOSED;
        underWay.clear();
        returned.clear();
        sessions.clear();
        state.detach(state.of(log.self()));
        forEachLoop(sessions -> sessions.closeAll(EXPELLED));
        holdIfFull();
    }

    @Override
    public void onFailed(String reason) {
        onExpelled();
        failureListener.accept(reason);
    }

    @Override
    public @Nullable String closedNotice() {
        return closedNotice;
    }

    // ---- health

    /** An entry that changes nothing: that it comes back shows that others do. */
    private void appendHeartbeat() {
        if (closedNotice == null) {
            underWay.addHeartbeat(home().ticker().nanoTime());
        }
        home().schedule(this::appendHeartbeat, HEARTBEAT, TimeUnit.NANOSECONDS);
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

    /** Ends this node's part of the log, after its sessions. From any thread. */
    Future<Void> end() {
        Promise<Void> done = GlobalEventExecutor.INSTANCE.newPromise();
        if (home.get() == null) {
            return done.setSuccess(null);
        }
        execute(() -> {
            closedNotice = CLOSED;
            PromiseNotifier.cascade(log.close(), done);
        });
        return done;
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
