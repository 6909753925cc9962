package io.asynchat.demo.chat.server;

/** Logs for tests in other packages. */
public final class Logs {
    private Logs() {}

    public static EventLog memory() {
        return new MemoryLog();
    }
}
