package io.asynchat.demo.chat.server;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Producer;
import io.asynchat.RateLimit;
import io.asynchat.demo.chat.server.ChatMessage.ByeReason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One connection of this node, whatever its protocol: the room that it is in handles its lines.
 *
 * <p>Before the login the session replies itself; after it, all replies come from the sequencer, in the order of the lines.
 * It waits between a login and its outcome, and else has credit for {@link #MAX_LINES} lines and {@link #MAX_CHARACTERS}
 * that are under way.
 *
 * <p><b>Thread:</b> the connection's event loop, except for {@link #eventLoop} and {@link #encoding}.
 */
// Longer than other files: all that a connection's state depends on is in one place, in the order of its life.
public abstract class Session extends AsyncChatHandler implements RoomMembers.Member {
    /** What a session reports; one instance an event loop. */
    interface Listener {
        /** Returns the session's number, unique in this incarnation of the node. */
        long opened(Session session);

        void submitted(Session session, Submission line);

        void rejected(Session session, RejectReason reason);

        /** The server is closing. */
        void drainStarted();

        /** The session has read all that had come, and all of it is handled. */
        void drained(Session session);

        void closed(Session session);
    }

    private enum State {
        LOGGED_OUT,
        /** Waits for the outcome. */
        LOGGING_IN,
        LOGGED_IN,
        /** Has logged out, and handles no further line. */
        LEAVING
    }

    private static final int MAX_LINES = 64;
    private static final int MAX_CHARACTERS = 64 << 10;
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final Encoding encoding;
    private final Function<EventLoop, Listener> listeners;
    private Room room;
    private State state = State.LOGGED_OUT;
    private @Nullable Listener listener; // from handleConnect on
    private @Nullable EventLoop loop; // from handleConnect on
    private @Nullable RoomMembers members; // while it is in a room that has some
    private int index; // among them
    private long number; // from handleConnect on
    private int lines; // under way
    private int characters; // of them
    private boolean held; // because too much is under way on this node
    private boolean paused;
    private boolean expired; // the time to drain is over
    private int unsaid; // lines that came after it
    private @Nullable String client; // of a page
    private long lineNumber; // the page's, of the line that is handled; 0 if it has none
    private RejectReason loginFailure = RejectReason.NAME_TAKEN; // if the login that is under way fails
    private @Nullable DrainCheck drain; // while the server is closing

    /**
     * What the sessions of a chat begin with, of whatever protocol.
     *
     * @param room where they begin
     * @param listeners returns the one of an event loop
     */
    public record Context(Limits limits, Room room, Function<EventLoop, Listener> listeners) {}

    /** Creates a session that gets its messages in this form. */
    protected Session(Context context, Encoding encoding) {
        this.encoding = encoding;
        room = context.room();
        listeners = context.listeners();
        setSendLimit(context.limits().queue());
        setRateLimit(context.limits().rateLimit());
    }

    final Encoding encoding() {
        return encoding;
    }

    final long number() {
        return number;
    }

    final EventLoop eventLoop() {
        return Objects.requireNonNull(loop);
    }

    /** The room that handles the lines. */
    final Room room() {
        return room;
    }

    private Listener listener() {
        return Objects.requireNonNull(listener);
    }

    // ---- for rooms: on behalf of a line

    /** Handles a line of the peer, or counts it if it comes too late. */
    protected final void handle(String line) {
        if (!expired) {
            room.handle(this, line);
        } else if (state != State.LOGGED_OUT) {
            unsaid++;
        }
    }

    /** Handles a line that a page has given a number. */
    protected final void handle(String line, long number) {
        lineNumber = number;
        try {
            handle(line);
        } finally {
            lineNumber = 0;
        }
    }

    /** Logs the user of a page in; {@code client} names the page. */
    protected final void startLogin(String client, String name) {
        this.client = client;
        room.login(this, name);
    }

    /**
     * Takes over the session that a page has lost.
     *
     * @param token of its login
     * @param after the id of the last message of the room that the page has; empty if it has none
     */
    protected final void startResume(String client, String token, String after) {
        this.client = client;
        loginFailure = RejectReason.UNKNOWN_TOKEN;
        state = State.LOGGING_IN;
        submit(event(ChatEvent.Command.RESUME, token + " " + after, "", null));
    }

    /** Whether no user has logged in yet. */
    protected final boolean isLoggedOut() {
        return state == State.LOGGED_OUT;
    }

    /** Sends lines at once; for the time before the login. */
    final void reply(String... notices) {
        reply(Stream.of(notices).map(ChatMessage::notice).toArray(ChatMessage[]::new));
    }

    /** Sends messages at once; for the time before the login, and the end. */
    final void reply(ChatMessage... messages) {
        ByteBuf bytes = channel().alloc().directBuffer();
        for (ChatMessage message : messages) {
            encoding.write(message, bytes);
        }
        push(bytes);
    }

    /** Sends a line at its place among the replies. */
    final void notice(String text) {
        if (state == State.LOGGED_IN) {
            ask(Query.Kind.NOTICE, text);
        } else {
            reply(text);
        }
    }

    final void ask(Query.Kind kind, String text) {
        submit(new Query(number, kind, text, lineNumber));
    }

    final void submit(ChatEvent.Command command, String text, String key) {
        submit(event(command, text, key, null));
    }

    private ChatEvent event(ChatEvent.Command command, String text, String key, @Nullable String token) {
        return new ChatEvent(number, command, text, key, client, lineNumber, token, System.currentTimeMillis());
    }

    private void submit(Submission line) {
        lines++;
        characters += line.text().length();
        updatePause();
        listener().submitted(this, line);
    }

    final void login(String name, String key) {
        loginFailure = RejectReason.NAME_TAKEN;
        state = State.LOGGING_IN;
        submit(event(ChatEvent.Command.LOGIN, name, key, client == null ? null : SessionToken.create()));
    }

    final void logout() {
        if (state == State.LOGGED_IN) {
            state = State.LEAVING;
            submit(ChatEvent.Command.LOGOUT, "", "");
        }
    }

    final void reject(RejectReason reason) {
        if (listener != null) {
            listener.rejected(this, reason);
        }
    }

    /** Sends a notice, if a user has logged in, without regard to the replies. */
    final void announce(String notice) {
        if (state == State.LOGGED_IN) {
            reply(notice);
        }
    }

    /** Closes when all replies are sent. */
    protected final void end() {
        ending();
        closeWhenDone(LINGER);
    }

    /** Sends what the protocol has at its end. By default nothing. */
    protected void ending() {}

    /** Sends the last notice, after how many lines of the user were not handled, and closes. */
    final void end(String notice) {
        int lost = state == State.LOGGED_OUT ? 0 : unsaid + lines;
        if (lost > 0) {
            reply(lost + (hasUnread() ? " or more" : "") + " of your lines were not said.");
        }
        reply(ChatMessage.bye(ByeReason.CLOSING, notice));
        end();
    }

    // ---- for deliveries

    @Override
    public final void send(ByteBuf bytes) {
        push(bytes);
    }

    /** Sends a buffer or a producer; owns it. */
    final void sendPart(Object part) {
        if (part instanceof Producer producer) {
            pushWithProducer(producer);
        } else {
            push((ByteBuf) part);
        }
    }

    @Override
    public final void index(int index) {
        this.index = index;
    }

    @Override
    public final int index() {
        return index;
    }

    /** Is sent what these members are from now on. */
    final void joinMembers(@Nullable RoomMembers to) {
        if (members != null) {
            members.remove(this);
        }
        members = to;
        if (to != null) {
            to.add(this);
        }
    }

    /** The room handles the lines from now on. */
    final void enter(Room next) {
        if (next != room) {
            room = next;
            state = state == State.LOGGING_IN ? State.LOGGED_IN : state;
            next.entered(this);
        }
    }

    /** Lines of this session were handled: others may follow. */
    final void handled(int lines, int characters, boolean loginDone) {
        this.lines -= lines;
        this.characters -= characters;
        if (loginDone && state == State.LOGGING_IN) {
            state = State.LOGGED_OUT;
            reject(loginFailure);
        }
        updatePause(); // which may handle the next lines
    }

    /** Stops to read the peer, or reads on. */
    final void hold(boolean held) {
        this.held = held;
        updatePause();
    }

    private void updatePause() {
        boolean full = lines >= MAX_LINES || characters >= MAX_CHARACTERS;
        boolean pause = !expired && (full || held || state == State.LOGGING_IN || state == State.LEAVING);
        if (pause != paused) {
            paused = pause;
            if (pause) {
                pause();
            } else {
                resume();
            }
        }
    }

    // ---- the connection

    @Override
    protected final void handleConnect() {
        KeepAlive.enable(channel());
        loop = channel().eventLoop();
        listener = listeners.apply(loop);
        number = listener.opened(this);
        room.entered(this);
        connected();
    }

    /** The session may begin to receive. By default does nothing. */
    protected void connected() {}

    @Override
    protected final void handleEndOfInput() {
        endOfLines();
    }

    /** The user sends no more lines, and leaves when those that came are handled. */
    protected final void endOfLines() {
        if (state == State.LOGGED_OUT) {
            ending();
            closeWhenDone();
        } else {
            logout();
        }
    }

    @Override
    protected final void handleClose() {
        if (listener != null) {
            if (state == State.LOGGING_IN || state == State.LOGGED_IN) {
                listener.submitted(this, event(ChatEvent.Command.DISCONNECT, "", "", null));
            }
            listener.closed(this);
        }
    }

    @Override
    protected final void handleRateExceeded() {
        reject(RejectReason.FLOOD);
        close();
    }

    @Override
    protected final void handleSlowReader() {
        reject(RejectReason.SLOW_READER);
        close();
    }

    @Override
    protected final void handleError(Throwable cause) throws Exception {
        RejectReason reason = RejectReason.of(cause);
        if (reason != null && reason != RejectReason.IDLE) {
            reject(reason);
        }
        if (reason == RejectReason.LINE_TOO_LONG) {
            notice("That line was too long.");
        } else if (reason == RejectReason.IDLE && state == State.LOGGED_IN) {
            // a quiet reader stays: TCP's keep-alive probes find out whether it is there
        } else if (reason == RejectReason.IDLE) {
            reject(reason);
            end("Nothing was heard of you for too long.");
        } else {
            super.handleError(cause);
        }
    }

    // ---- the end

    @Override
    protected void collectIncomingData(ByteBuf data) throws Exception {
        if (drain != null) {
            drain.activity++;
        }
        super.collectIncomingData(data);
    }

    /** Lets all that the kernel has received be read first, at any rate. */
    @Override
    protected final void handleDrain() {
        setRateLimit(RateLimit.unlimited().perTurn(MAX_LINES));
        listener().drainStarted();
        drain = new DrainCheck();
        drain.schedule(0);
    }

    /** The time to drain is over: handles no line any more, only counts them. */
    final void expire() {
        if (drain != null && !drain.drained) {
            expired = true;
            updatePause();
        }
    }

    final boolean isDrained() {
        return drain != null && drain.drained;
    }

    /** Finds out when two passes of the event loop in a row, each with a poll, have brought nothing. */
    private final class DrainCheck implements Runnable {
        int activity; // grows with what is received
        private int activityBefore;
        private int quietPasses;
        boolean drained;

        /** A task that is due at once runs after the next poll. */
        void schedule(int millis) {
            eventLoop().schedule(this, millis, TimeUnit.MILLISECONDS);
        }

        @Override
        public void run() {
            if (!channel().isOpen() || drained) {
                return;
            }
            boolean busy = paused || (lines > 0 && !expired);
            boolean waits = busy || hasUnread() || !channel().config().isAutoRead();
            quietPasses = waits || activity != activityBefore ? 0 : quietPasses + 1;
            activityBefore = activity;
            if (quietPasses == 2) {
                drained = true;
                listener().drained(Session.this);
            } else {
                schedule(waits ? 1 : 0);
            }
        }
    }
}
