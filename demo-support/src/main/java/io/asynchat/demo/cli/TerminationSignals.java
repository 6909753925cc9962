package io.asynchat.demo.cli;

import io.asynchat.AsyncChatServer;
import io.netty.util.concurrent.Future;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends a server program in order: on SIGINT and SIGTERM its servers drain, and the program exits with 0. SIGHUP is ignored.
 *
 * <p>Where signals cannot be handled ({@code java -Xrs}, a runtime without {@code jdk.unsupported}) a shutdown hook drains
 * the servers, and the exit status is the JVM's.
 */
public final class TerminationSignals {
    // By reflection: javac warns of sun.misc.Signal in a way that cannot be suppressed, and warnings are errors here.
    private static final String SIGNAL = "sun.misc.Signal";
    private static final String HANDLER = "sun.misc.SignalHandler";

    private TerminationSignals() {}

    /**
     * Closes the servers side by side when a signal ends the program, then runs {@code last}, then exits with 0.
     *
     * @param limit how long the servers are waited for: a callback that blocks does not keep the program from ending
     * @param last for what must see everything, as the end of a log
     */
    public static void drainAndExit(List<AsyncChatServer> servers, Duration limit, Runnable last) {
        AtomicBoolean ending = new AtomicBoolean(); // a second signal changes nothing
        Runnable end = () -> {
            if (ending.compareAndSet(false, true)) {
                close(servers, limit);
                last.run();
            }
        };
        Runnable endAndExit = () -> {
            if (!ending.get()) {
                end.run();
                System.exit(0);
            }
        };
        if (!handle("TERM", endAndExit) || !handle("INT", endAndExit)) {
            Runtime.getRuntime().addShutdownHook(new Thread(end, "drain"));
        }
        handle("HUP", () -> {});
    }

    private static void close(List<AsyncChatServer> servers, Duration limit) {
        List<Future<Void>> closing =
                servers.stream().map(AsyncChatServer::closeAsync).toList();
        long deadline = System.nanoTime() + limit.toNanos();
        for (Future<Void> each : closing) {
            each.awaitUninterruptibly(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
    }

    /**
     * Runs the action, on a thread of its own, each time that the signal comes; replaces what the JVM does by default.
     *
     * @param signal the name without SIG, as {@code HUP}
     * @return false if this JVM or this system does not let that signal be handled
     */
    public static boolean handle(String signal, Runnable action) {
        try {
            Class<?> signals = Class.forName(SIGNAL);
            Class<?> handlers = Class.forName(HANDLER);
            Object handler = Proxy.newProxyInstance(
                    handlers.getClassLoader(), new Class<?>[] {handlers}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                            return null;
                        }
                        // Of Object: the JDK keeps handlers in a table.
                        return switch (method.getName()) {
                            case "hashCode" -> System.identityHashCode(proxy);
                            case "equals" -> proxy == arguments[0];
                            default -> "handler of SIG" + signal;
                        };
                    });
            signals.getMethod("handle", signals, handlers)
                    .invoke(null, signals.getConstructor(String.class).newInstance(signal), handler);
            return true;
        } catch (ReflectiveOperationException | LinkageError unavailable) {
            return false;
        }
    }
}
