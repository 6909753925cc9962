package io.asynchat.demo.chat.server;

import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * One chat: its rooms, its sequencer and its log. Several ports may serve it.
 *
 * <p><b>Source.</b> The tutorial's {@code ChatServer}.
 */
public final class ChatServer {
    private final EventLog log;
    private final RoomSequencer sequencer;
    private final Session.Context context;

    /** Creates a chat on this node alone. */
    public ChatServer(String name, Limits limits, Metrics metrics) {
        this(name, limits, metrics, new MemoryLog(), reason -> {});
    }

    /**
     * Creates one of the nodes that share a log.
     *
     * @param failureListener is called with the reason when this node cannot go on, once; on the log's event loop
     */
    public ChatServer(String name, Limits limits, Metrics metrics, EventLog log, Consumer<String> failureListener) {
        this.log = log;
        Turn turn = new Turn(metrics, log::epoch);
        ChatState state = new ChatState(turn, metrics, log::epoch);
        LoginRoom loginRoom = new LoginRoom(name, state, turn);
        sequencer = new RoomSequencer(state, turn, loginRoom, log, metrics, limits.drainTimeout(), failureListener);
        context = new Session.Context(limits, loginRoom, sequencer::sessions);
    }

    /** Returns the handler of a connection that speaks in lines. */
    public ChannelHandler newSession() {
        return new ChatSession(context);
    }

    /** Returns what a session of another protocol needs. */
    public Session.Context context() {
        return context;
    }

    /** Returns the epoch of the messages' ids, once a session has logged in. From any thread. */
    public long epoch() {
        return log.epoch();
    }

    /** Returns whether lines are delivered: whether an event of the last 4 seconds has come through. From any thread. */
    public boolean isDelivering() {
        return sequencer.isDelivering();
    }

    /**
     * Opens the log on an event loop, which is the one of the rooms from then on; before the first session. Without it the log is
     * opened with the first session, on its event loop. The future fails if the log cannot be reached.
     */
    public Future<Void> open(EventLoop loop) {
        return sequencer.open(loop);
    }

    /** Ends this node's part of the log, when its sessions are closed. */
    public Future<Void> close() {
        return sequencer.end();
    }

    RoomSequencer sequencer() {
        return sequencer;
    }
}
