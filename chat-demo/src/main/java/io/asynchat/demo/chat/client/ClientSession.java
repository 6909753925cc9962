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
 * One user's conversation with a server, over one connection after another.
 *
 * <p><b>Thread:</b> all its state belongs to the dialer's executor. The console may call from any thread.
 */
final class ClientSession implements AutoCloseable {
    private static final class Line {
        final byte[] bytes;
        final CompletableFuture<Void> sent = new CompletableFuture<>();

        Line(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    private final Console console;
    private final boolean reconnects;
    private final ReconnectDelay backOff;
    private final Connector dialer;
    private final LoginReplay login = new LoginReplay();
    private final Deque<Line> held = new ArrayDeque<>(); // for the next connection
    private final CompletableFuture<ExitStatus> end = new CompletableFuture<>();
    private @Nullable ServerConnection connection; // the one in force
    private boolean everConnected;
    private boolean everHeard; // a line, so that it is a server for us
    private boolean inputEnded; // the user says no more
    private boolean leaving; // the user has told the server to close

    ClientSession(
            Console console,
            boolean reconnects,
            ReconnectDelay backOff,
            Function<Supplier<ServerConnection>, ? extends Connector> dialers) {
        this.console = console;
        this.reconnects = reconnects;
        this.backOff = backOff;
        this.dialer = dialers.apply(() -> new ServerConnection(this));
    }

    /** Completed when the conversation is over. */
    CompletableFuture<ExitStatus> start() {
        dial();
        return end;
    }

    @Override
    public void close() {
        dialer.close();
    }

    // ---- from the console, on any thread

    /** Completed when the line is sent: that may be on a later connection. */
    CompletableFuture<Void> typed(byte[] line) {
        Line typed = new Line(line);
        soon(() -> take(typed));
        return typed.sent;
    }

    /** What has been typed is sent and answered; then it is over. */
    void endOfInput() {
        soon(() -> {
            inputEnded = true;
            if (connection != null) {
                connection.endOutput();
            } else if (held.isEmpty()) {
                end(1, "no connection");
            }
        });
    }

    /** It is over now: a signal has come. */
    void stop(int code) {
        end(code, null);
    }

    private void soon(Runnable task) {
        try {
            dialer.executor().execute(task);
        } catch (RejectedExecutionException over) {
            // and the console is about to hear of it
        }
    }

    private void take(Line typed) {
        boolean logout = isLogout(typed.bytes);
        leaving |= logout;
        if (connection != null) {
            send(connection, typed);
        } else if (logout) {
            end(0, null);
        } else if (!end.isDone()) {
            held.add(typed);
            console.notice("not connected: that is kept until we are");
        }
    }

    /** What could not be sent goes first on the next connection: a server takes no half line. */
    private void send(ServerConnection to, Line line) {
        to.send(line.bytes).addListener(sent -> {
            if (sent.isSuccess()) {
                login.sent(line.bytes);
                line.sent.complete(null);
            } else {
                held.add(line);
            }
        });
    }

    private static boolean isLogout(byte[] line) {
        String text = new String(line, US_ASCII);
        return text.equals("logout") || text.startsWith("logout ");
    }

    // ---- from the connections

    void connected(ServerConnection lines) {
        connection = lines;
        if (everConnected) {
            console.notice("connected again");
        } else {
            everConnected = true;
            console.start(this);
        }
        byte[] again = login.again();
        if (again != null) {
            lines.send(again);
        }
        for (Line line = held.poll(); line != null; line = held.poll()) {
            take(line);
        }
        if (inputEnded) {
            lines.endOutput();
        }
    }

    void heard(String line) {
        everHeard = true;
        backOff.reset();
        login.heard(line);
        try {
            console.show(line);
        } catch (IOException gone) {
            end(1, "standard output: " + gone.getMessage());
        }
    }

    /** Also told of those that never came about, about which {@link #dial} hears more. */
    void closed(ServerConnection lines, @Nullable Throwable cause) {
        if (connection != lines) {
            return;
        }
        connection = null;
        String why = cause == null
                ? "the server has closed the connection"
                : (everHeard ? "connection lost: " : "") + ErrorText.of(cause);
        if (leaving || (inputEnded && cause == null)) {
            end(0, null);
        } else if (inputEnded) {
            end(1, why + ", before all was answered");
        } else {
            lost(why);
        }
    }

    // ---- connecting

    private void dial() {
        if (!end.isDone()) {
            Future<?> dialled = dialer.connect();
            dialled.addListener(done -> {
                // A connection whose TLS handshake fails reports that itself, when it is closed.
                if (!dialled.isSuccess() && connection == null) {
                    lost(ErrorText.of(dialled.cause()));
                }
            });
        }
    }

    private void lost(String why) {
        if (!everHeard || !reconnects) {
            end(1, why);
        } else if (!end.isDone()) {
            Duration pause = backOff.next();
            console.notice(String.format(Locale.ROOT, "%s; trying again in %.1f s", why, pause.toMillis() / 1e3));
            dialer.executor().schedule(this::dial, pause.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void end(int code, @Nullable String complaint) {
        end.complete(new ExitStatus(code, complaint));
    }
}
