package io.asynchat.demo.chat.server;

import io.asynchat.RateLimit;
import io.asynchat.Terminator;
import io.asynchat.demo.chat.server.ChatMessage.ByeReason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One connection of this node, whatever its protocol: the room that it is in handles its lines.
 *
 * <p>Before the login the session replies itself; after it, all replies come from the sequencer, in the order of the lines.
 * It waits between a login and its outcome, and else has a {@link LineCredit}.
 *
 * <p><b>Thread:</b> the connection's event loop, except for {@link #eventLoop} and {@link #encoding}.
 */
// A little longer than other files: all that its state depends on is in one place, in the order of its life.
public abstract class Session extends MemberConnection {
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

    private static final Duration LINGER = Duration.ofSeconds(2);

    private final Function<EventLoop, Listener> listeners;
    private final LineCredit credit = new LineCredit();
    private Room room;
    private State state = State.LOGGED_OUT;
    private @Nullable Listener listener; // from handleConnect on
    private long number; // from handleConnect on
    private boolean held; // because too much is under way on this node
    private boolean paused;
    private RejectReason loginFailure = RejectReason.NAME_TAKEN; // if the login that is under way fails
    private @Nullable SessionDrain drain; // while the server is closing

    /**
     * What the sessions of a chat begin with, of whatever protocol; they share the objects.
     *
     * @param rate of lines
     * @param line ends a line of the line protocol
     * @param room where they begin
     * @param listeners returns the one of an event loop
     */
    public record Context(
            Limits limits, RateLimit rate, Terminator line, Room room, Function<EventLoop, Listener> listeners) {
        Context(Limits limits, Room room, Function<EventLoop, Listener> listeners) {
            this(limits, limits.rateLimit(), Terminator.LF.atMost(limits.line()), room, listeners);
        }
    }

    /** Creates a session that gets its messages in this form. */
    protected Session(Context context, Encoding encoding) {
        super(encoding);
        room = context.room();
        listeners = context.listeners();
        setSendLimit(context.limits().queue());
        setRateLimit(context.rate());
    }

    final long number() {
        return number;
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
        if (drain == null || !drain.isExpired()) {
            room.handle(this, line);
        } else if (state != State.LOGGED_OUT) {
            drain.countUnsaid();
        }
    }

    /** The page that sends the lines; null if it is none. */
    @Nullable
    String client() {
        return null;
    }

    /** The page's number of the line that is handled; 0 if it has none. */
    long lineNumber() {
        return 0;
    }

    /** Creates what the session that begins can be resumed with; null if it cannot. */
    @Nullable
    String newToken() {
        return null;
    }

    /** Whether no user has logged in yet. */
    protected final boolean isLoggedOut() {
        return state == State.LOGGED_OUT;
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
        submit(new Query(number, kind, text, lineNumber()));
    }

    final void submit(ChatEvent.Command command, String text, String key) {
        submit(event(command, text, key, null));
    }

    final ChatEvent event(ChatEvent.Command command, String text, String key, @Nullable String token) {
        return new ChatEvent(number, command, text, key, client(), lineNumber(), token, System.currentTimeMillis());
    }

    private void submit(Submission line) {
        credit.use(line);
        updatePause();
        listener().submitted(this, line);
    }

    final void login(String name, String key) {
        requestUser(event(ChatEvent.Command.LOGIN, name, key, newToken()), RejectReason.NAME_TAKEN);
    }

    /** Submits an event whose outcome is whether the session has a user; handles no line meanwhile. */
    final void requestUser(ChatEvent event, RejectReason failure) {
        loginFailure = failure;
        state = State.LOGGING_IN;
        submit(event);
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
        int unsaid = drain == null ? 0 : drain.unsaid();
        int lost = state == State.LOGGED_OUT ? 0 : unsaid + credit.linesUnderWay();
        if (lost > 0) {
            reply(lost + (hasUnread() ? " or more" : "") + " of your lines were not said.");
        }
        reply(ChatMessage.bye(ByeReason.CLOSING, notice));
        end();
    }

    // ---- for deliveries

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
        credit.giveBack(lines, characters);
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
        boolean waits = credit.isUsedUp() || held || state == State.LOGGING_IN || state == State.LEAVING;
        boolean pause = waits && !isExpired();
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
        super.handleConnect();
        listener = listeners.apply(eventLoop());
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
            drain.received();
        }
        super.collectIncomingData(data);
    }

    /** Lets all that the kernel has received be read first, at any rate. */
    @Override
    protected final void handleDrain() {
        setRateLimit(RateLimit.unlimited().perTurn(LineCredit.MAX_LINES));
        listener().drainStarted();
        drain = new SessionDrain(channel(), this::hasMore, () -> listener().drained(this));
    }

    private boolean hasMore() {
        boolean busy = paused || (credit.linesUnderWay() > 0 && !isExpired());
        return busy || hasUnread() || !channel().config().isAutoRead();
    }

    private boolean isExpired() {
        return drain != null && drain.isExpired();
    }

    /** The time to drain is over: handles no line any more, only counts them. */
    final void expire() {
        if (drain != null) {
            drain.expire();
            updatePause();
        }
    }

    final boolean isDrained() {
        return drain != null && drain.isDrained();
    }
}
