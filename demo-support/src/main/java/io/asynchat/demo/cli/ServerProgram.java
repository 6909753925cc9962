package io.asynchat.demo.cli;

import io.asynchat.AsyncChatServer;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A program that runs servers until a signal ends it.
 *
 * <pre>{@code
 * ServerProgram program = new ServerProgram(drainTimeout);
 * program.add(server, "listening on " + listen.hostAndPort(server));
 * program.start();
 * }</pre>
 *
 * <p>On SIGTERM and SIGINT the servers drain side by side, then the actions of {@link #afterDrain} run, then the exit status is
 * 0. A second signal changes nothing. SIGHUP runs the actions of {@link #onHangup} and is ignored if there are none. Where
 * signals cannot be handled ({@code java -Xrs}, a runtime without {@code jdk.unsupported}), a shutdown hook drains the servers
 * and the exit status is the JVM's.
 *
 * <p><b>Thread:</b> {@code stop} any; the others that of the caller, before {@link #start}.
 */
public final class ServerProgram {
    private final Duration drainTimeout;
    private final List<AsyncChatServer> servers = new ArrayList<>();
    private final StringBuilder lines = new StringBuilder();
    private final List<Runnable> afterDrain = new ArrayList<>();
    private final List<Runnable> onHangup = new ArrayList<>();
    private final AtomicBoolean stopping = new AtomicBoolean();

    /**
     * A program without servers.
     *
     * @param drainTimeout of the servers. A callback that blocks delays the end for one second more at most.
     */
    public ServerProgram(Duration drainTimeout) {
        this.drainTimeout = drainTimeout;
    }

    /** Adds a server that is bound, and the line that says where. */
    public ServerProgram add(AsyncChatServer server, String line) {
        servers.add(server);
        return print(line);
    }

    /** Adds a line to print when all servers listen. */
    public ServerProgram print(String line) {
        lines.append(line).append(System.lineSeparator());
        return this;
    }

    /** Adds an action for the end: it runs when all servers have drained, after the actions added before. */
    public ServerProgram afterDrain(Runnable action) {
        afterDrain.add(action);
        return this;
    }

    /** Adds an action for SIGHUP. */
    public ServerProgram onHangup(Runnable action) {
        onHangup.add(action);
        return this;
    }

    /** Handles signals from here on, and prints the lines to standard output in one write. */
    public void start() {
        if (!Signals.handle("TERM", () -> stop(0)) || !Signals.handle("INT", () -> stop(0))) {
            Runtime.getRuntime().addShutdownHook(new Thread(this::drain, "drain"));
        }
        Signals.handle("HUP", () -> onHangup.forEach(Runnable::run));
        System.out.print(lines);
        System.out.flush();
    }

    /** Ends the program as a signal does, with this exit status; does nothing if it is ending already. */
    public void stop(int status) {
        if (drain()) {
            System.exit(status);
        }
    }

    /** Returns false if another thread drains already. */
    private boolean drain() {
        if (!stopping.compareAndSet(false, true)) {
            return false;
        }
        List<Future<Void>> closing =
                servers.stream().map(AsyncChatServer::closeAsync).toList();
        long deadline = System.nanoTime() + drainTimeout.plusSeconds(1).toNanos();
        for (Future<Void> each : closing) {
            each.awaitUninterruptibly(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
        afterDrain.forEach(Runnable::run);
        return true;
    }
}
