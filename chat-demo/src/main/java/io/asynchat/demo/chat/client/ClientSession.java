package io.asynchat.demo.chat.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The conversation of one user with a server, over one connection after another.
 *
 * <p>On a new connection the login is replayed, and what was typed meanwhile is kept until it has an outcome. The protocol does
 * not confirm a login; so a {@code login} without a name follows, whose reply tells: it is unknown to who is logged in. If the
 * name is taken, the server has not noticed yet that the connection before is gone, and the login is tried again.
 *
 * <p><b>Thread:</b> all its state belongs to the connector's executor. The console may call from any thread.
 */
// A little longer than other files: all that depends on whether there is a connection and a login is in one place.
final class ClientSession implements AutoCloseable {
    private static final byte[] LOGIN_PROBE = "login".getBytes(US_ASCII);
    private static final String LOGGED_IN = "Unknown command: login";
    private static final String NOT_LOGGED_IN = "Please enter a name";

    /** A server that does not reply to the probe is none of those whose names are kept by old connections. */
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(5);

    private static final class Line {
        final byte[] bytes;
        final CompletableFuture<Void> sent = new CompletableFuture<>();

        Line(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    private final Console console;
    private final boolean reconnects;
    private final ReconnectDelay delay;
    private final Connector connector;
    private final LoginReplay login = new LoginReplay();
    private final Deque<Line> kept = new ArrayDeque<>(); // until there is a connection, and a login on it
    private final CompletableFuture<ExitStatus> end = new CompletableFuture<>();
    private @Nullable ServerConnection connection; // the one in force
    private @Nullable Future<?>
            replay; // while the outcome of a replayed login is awaited: its timeout, or the next attempt
    private boolean everConnected;
    private boolean everReceived; // a line: it is a server that speaks in lines
    private boolean inputEnded; // the user types no more
    private boolean leaving; // the user has asked the server to close

    ClientSession(
            Console console,
            boolean reconnects,
            ReconnectDelay delay,
            Function<Supplier<ServerConnection>, ? extends Connector> connectors) {
        this.console = console;
        this.reconnects = reconnects;
        this.delay = delay;
        this.connector = connectors.apply(() -> new ServerConnection(this));
    }

    /** Completed when the conversation is over. */
    CompletableFuture<ExitStatus> start() {
        connect();
        return end;
    }

    @Override
    public void close() {
        connector.close();
    }

    // ---- from the console, on any thread

    /** Sends a line. Completed when it is sent: that may be on a later connection. */
    CompletableFuture<Void> send(byte[] line) {
        Line typed = new Line(line);
        execute(() -> send(typed));
        return typed.sent;
    }

    /** The user types no more: all is sent and answered, and then it is over. */
    void endOfInput() {
        execute(() -> {
            inputEnded = true;
            if (connection == null && kept.isEmpty()) {
                end(1, "no connection");
            } else {
                endOutputIfDone();
            }
        });
    }

    /** It is over now: a signal has come. */
    void stop(int code) {
        end(code, null);
    }

    private void execute(Runnable task) {
        try {
            connector.executor().execute(task);
        } catch (RejectedExecutionException closed) {
            // and the console is closed as well
        }
    }

    private void send(Line typed) {
        boolean logout = isLogout(typed.bytes);
        leaving |= logout;
        if (connection == null) {
            keepOrEnd(typed, logout);
        } else if (replay == null || logout) {
            transmit(connection, typed);
        } else if (login.use(typed.bytes)) { // another name
            typed.sent.complete(null);
            replayLogin(connection);
        } else {
            keep(typed, "not logged in: that is kept until we are");
        }
    }

    private void keepOrEnd(Line typed, boolean logout) {
        if (logout) {
            end(0, null);
        } else if (!end.isDone()) {
            keep(typed, "not connected: that is kept until we are");
        }
    }

    private void keep(Line typed, String notice) {
        kept.add(typed);
        console.notice(notice);
    }

    /** What could not be sent goes first on the next connection: a server takes no half line. */
    private void transmit(ServerConnection to, Line line) {
        to.send(line.bytes).addListener(sent -> {
            if (sent.isSuccess()) {
                login.sent(line.bytes);
                line.sent.complete(null);
            } else {
                kept.add(line);
            }
        });
    }

    private void transmitKept(ServerConnection to) {
        for (Line line = kept.poll(); line != null; line = kept.poll()) {
            leaving |= isLogout(line.bytes);
            transmit(to, line);
        }
        endOutputIfDone();
    }

    private void endOutputIfDone() {
        if (inputEnded && connection != null && replay == null) {
            connection.endOutput();
        }
    }

    private static boolean isLogout(byte[] line) {
        String text = new String(line, US_ASCII);
        return text.equals("logout") || text.startsWith("logout ");
    }

    // ---- from the connections

    void connected(ServerConnection established) {
        connection = established;
        if (everConnected) {
            console.notice("connected again");
        } else {
            everConnected = true;
            console.start(this);
        }
        if (login.loginLine() == null) {
            transmitKept(established);
        } else {
            replayLogin(established);
        }
    }

    private void replayLogin(ServerConnection to) {
        byte[] line = login.loginLine();
        if (line == null || connection != to) {
            return; // a later connection replays it
        }
        to.send(line);
        to.send(LOGIN_PROBE);
        awaitReplay(() -> endReplay(to), PROBE_TIMEOUT);
    }

    private void awaitReplay(Runnable next, Duration time) {
        cancelReplay();
        replay = connector.executor().schedule(next, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void cancelReplay() {
        if (replay != null) {
            replay.cancel(false);
            replay = null;
        }
    }

    private void endReplay(ServerConnection to) {
        cancelReplay();
        delay.reset();
        if (connection == to) {
            transmitKept(to);
        }
    }

    /** Returns whether a line is a reply to what the user has not typed. */
    private boolean isOfReplay(ServerConnection from, String line) {
        if (replay == null) {
            return false;
        } else if (line.equals(LOGGED_IN)) {
            endReplay(from);
            return true;
        } else if (line.equals(NOT_LOGGED_IN)) {
            Duration pause = delay.next();
            console.notice(String.format(
                    Locale.ROOT,
                    "the server still has the connection before, and so the name is taken; trying again in %.1f s",
                    pause.toMillis() / 1e3));
            awaitReplay(() -> replayLogin(from), pause);
            return true;
        }
        return line.equals(LoginReplay.REFUSED) || (line.startsWith("The name \"") && line.endsWith("\" is taken."));
    }

    void received(ServerConnection from, String line) {
        everReceived = true;
        if (isOfReplay(from, line)) {
            return;
        }
        if (replay == null) {
            delay.reset();
            login.received(line);
        }
        try {
            console.show(line);
        } catch (IOException gone) {
            end(1, "standard output: " + gone.getMessage());
        }
    }

    /** Called for connections that could not be established as well; {@link #connect} learns more about those. */
    void closed(ServerConnection closed, @Nullable Throwable cause) {
        if (connection != closed) {
            return;
        }
        connection = null;
        cancelReplay();
        String why = cause == null
                ? "the server has closed the connection"
                : (everReceived ? "connection lost: " : "") + ErrorText.of(cause);
        if (leaving || (inputEnded && cause == null && kept.isEmpty())) {
            end(0, null);
        } else if (inputEnded && kept.isEmpty()) {
            end(1, why + ", before all was answered");
        } else {
            reconnect(why);
        }
    }

    // ---- connecting

    private void connect() {
        if (!end.isDone()) {
            Future<?> attempt = connector.connect();
            attempt.addListener(done -> {
                // A connection whose TLS handshake fails reports that itself, when it is closed.
                if (!attempt.isSuccess() && connection == null) {
                    reconnect(ErrorText.of(attempt.cause()));
                }
            });
        }
    }

    private void reconnect(String why) {
        if (!everReceived || !reconnects) {
            end(1, why);
        } else if (!end.isDone()) {
            Duration pause = delay.next();
            console.notice(String.format(Locale.ROOT, "%s; trying again in %.1f s", why, pause.toMillis() / 1e3));
            connector.executor().schedule(this::connect, pause.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void end(int code, @Nullable String complaint) {
        end.complete(new ExitStatus(code, complaint));
    }
}
