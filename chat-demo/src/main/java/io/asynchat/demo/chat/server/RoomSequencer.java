package io.asynchat.demo.chat.server;

import io.asynchat.demo.chat.server.LinesUnderWay.Batch;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.PromiseNotifier;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one order of the chat: appends the events of the node's sessions to the log, applies those that come from it, and replies to
 * queries at their places.
 *
 * <p><b>Thread:</b> all of it belongs to one event loop, the one of the first session; {@link #sessions}, {@link #submit} and
 * {@link #onDrained} may be called from any thread. Reading, decoding and writing happen on the sessions' own event loops.
 */
final class RoomSequencer implements EventLog.Listener, LoopSessions.Sequencer {
    private final ChatState state;
    private final Turn turn;
    private final EventLog log;
    private final Metrics metrics;
    private final Consumer<String> failureListener;
    private final SessionLoops loops;
    private final TurnScheduler turns;
    private final EventApplier applier;
    private final LinesUnderWay underWay;
    private final Rebuild rebuild;
    private final Heartbeat heartbeat;
    private final Drain drain;
    private volatile @Nullable String closedNotice; // for sessions that come now

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
        this.log = log;
        this.metrics = metrics;
        this.failureListener = failureListener;
        loops = new SessionLoops(this, metrics);
        turns = new TurnScheduler(turn, loops);
        applier = new EventApplier(state, turn, turns, loginRoom, log::self);
        underWay = new LinesUnderWay(log, loops, this::answerAll);
        rebuild = new Rebuild(state, turn, turns, applier, loginRoom, underWay);
        heartbeat = new Heartbeat(loops, underWay, metrics, () -> closedNotice == null);
        drain = new Drain(loops, turns, underWay::isEmpty, drainTimeout);
    }

    /** Returns the sessions of an event loop. From any thread. */
    LoopSessions sessions(EventLoop loop) {
        if (loops.setHome(loop)) {
            loops.execute(this::openLog);
        }
        return loops.of(loop);
    }

    /** Opens the log on an event loop, before the first session. The future fails if the log cannot be reached. */
    Future<Void> open(EventLoop loop) {
        loops.setHome(loop);
        Promise<Void> done = loop.newPromise();
        loops.execute(() -> PromiseNotifier.cascade(openLog(), done));
        return done;
    }

    private Future<Void> openLog() {
        Future<Void> done = log.open(loops.home(), this);
        heartbeat.start();
        return done;
    }

    /** Returns whether events come back from the log. From any thread. */
    boolean isDelivering() {
        return heartbeat.isReturning();
    }

    // ---- from the sessions

    @Override
    public void submit(List<Submission> lines) {
        loops.execute(() -> accept(lines));
    }

    private void accept(List<Submission> lines) {
        if (drain.isClosed()) {
            drain.closeSessions(); // another port has accepted one meanwhile
        } else {
            lines.removeIf(line -> line instanceof LoopSessions.Login login && isRefused(login, lines));
            underWay.add(lines);
        }
    }

    /** Refuses a login at once if its name is taken, and not by a user who may have left before it; else registers it. */
    private boolean isRefused(LoopSessions.Login login, List<Submission> lines) {
        boolean refused = !rebuild.isUnderWay()
                && applier.isTaken(
                        login.event(),
                        owner -> !underWay.isEmpty() || lines.stream().anyMatch(line -> line.session() == owner));
        if (refused) {
            applier.refuse(login);
            turns.endSoon(false);
        } else {
            applier.register(login);
        }
        return refused;
    }

    @Override
    public @Nullable String closedNotice() {
        return closedNotice;
    }

    @Override
    public void onDrainStarted() {
        loops.execute(drain::start);
    }

    @Override
    public void onDrained() {
        loops.execute(drain::loopDrained);
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
            entry.events().forEach(event -> applier.apply(node, event, !rebuild.isUnderWay()));
        }
        turns.endSoon(entry.events().size() > 1);
    }

    /** Handles the lines of a batch, with the events as the log has them. */
    private void onReturned(Batch batch, EventLog.Entry entry) {
        Iterator<ChatEvent> events = entry.events().iterator();
        if (rebuild.isUnderWay()) {
            events.forEachRemaining(event -> applier.apply(log.self(), event, false));
            rebuild.returned(batch);
        } else {
            for (Submission line : batch.lines()) {
                if (line instanceof Query query) {
                    applier.answer(query);
                } else {
                    applier.apply(log.self(), events.next(), true);
                }
            }
        }
        if (batch.appendedAt() != 0) {
            heartbeat.returned(batch.appendedAt());
        }
        onWritable();
        drain.closeIfDone();
    }

    @Override
    public void onWritable() {
        underWay.flush();
    }

    private void answerAll(List<Submission> queries) {
        queries.forEach(query -> applier.answer((Query) query));
        turns.endSoon(queries.size() > 1);
    }

    // ---- snapshots

    @Override
    public Supplier<byte[]> snapshot() {
        return StateCodec.capture(state);
    }

    @Override
    public void onSnapshot(byte[] snapshot, boolean isLoss) {
        rebuild.start(snapshot);
        if (isLoss) {
            metrics.rebuilt();
        }
    }

    @Override
    public void onSkipped(int count) {
        rebuild.skipped(count);
    }

    @Override
    public void onCaughtUp() {
        rebuild.end(log.self());
    }

    // ---- the connection to the log

    @Override
    public void onAway() {
        loops.forEach(sessions -> sessions.announce(Notices.AWAY));
    }

    @Override
    public void onBack() {
        closedNotice = null;
        loops.forEach(sessions -> sessions.announce(Notices.BACK));
    }

    @Override
    public void onExpelled() {
        turns.end();
        closedNotice = Notices.CLOSED;
        underWay.clear();
        rebuild.clear();
        applier.forgetAll();
        state.detach(state.of(log.self()));
        loops.forEach(sessions -> sessions.closeAll(Notices.EXPELLED));
    }

    @Override
    public void onFailed(String reason) {
        onExpelled();
        failureListener.accept(reason);
    }

    /** Ends this node's part of the log, after its sessions. From any thread. */
    Future<Void> end() {
        Promise<Void> done = GlobalEventExecutor.INSTANCE.newPromise();
        if (!loops.hasHome()) {
            return done.setSuccess(null);
        }
        loops.execute(() -> {
            closedNotice = Notices.CLOSED;
            PromiseNotifier.cascade(log.close(), done);
        });
        return done;
    }
}
