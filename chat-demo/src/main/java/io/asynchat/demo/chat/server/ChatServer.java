package io.asynchat.demo.chat.server;

import io.netty.channel.ChannelHandler;

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
        this(name, limits, metrics, new MemoryLog());
    }

    ChatServer(String name, Limits limits, Metrics metrics, EventLog log) {
        this.log = log;
        Turn turn = new Turn(metrics, log::epoch);
        ChatState state = new ChatState(turn, metrics, log::epoch);
        LoginRoom loginRoom = new LoginRoom(name, state, turn);
        sequencer = new RoomSequencer(state, turn, loginRoom, log, metrics, limits.drainTimeout());
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

    RoomSequencer sequencer() {
        return sequencer;
    }
}
