package io.asynchat.demo.cli;

import java.lang.reflect.Proxy;

/** Handles the signals that a user or a service manager sends to a process. */
final class Signals {
    // By reflection: javac warns of sun.misc.Signal in a way that cannot be suppressed, and warnings are errors here.
    private static final String SIGNAL = "sun.misc.Signal";
    private static final String HANDLER = "sun.misc.SignalHandler";

    private Signals() {}

    /**
     * Runs the action, on a thread of its own, each time that the signal comes; replaces what the JVM does by default.
     *
     * @param signal the name without SIG, as {@code HUP}
     * @return false if this JVM or this system does not let that signal be handled
     */
    static boolean handle(String signal, Runnable action) {
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
