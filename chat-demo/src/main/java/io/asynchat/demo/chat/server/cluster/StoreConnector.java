package io.asynchat.demo.chat.server.cluster;

import io.asynchat.demo.chat.server.cluster.LogStore.Connection;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to a {@link LogStore}: made anew after each failure, after growing delays. A request that fails ends the
 * connection; results of a former one are dropped.
 *
 * <p><b>Thread:</b> the event loop that it is opened with.
 */
final class StoreConnector {
    private static final Logger LOG = LoggerFactory.getLogger(StoreConnector.class);

    private static final long MIN_DELAY = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long MAX_DELAY = TimeUnit.SECONDS.toNanos(1);

    /** What a connector reports. */
    interface Listener {
        void onConnected();

        /** Reports that there is no connection any more, or that an attempt to connect has failed. */
        void onDisconnected();

        /** Reports that a result could not be handled: the state may be another than the other nodes' now. */
        void onFailed(String reason);
    }

    private final LogStore store;
    private final Listener listener;
    private @Nullable EventLoop loop; // from open() on
    private @Nullable Connection connection;
    private boolean closed;
    private long delay = MIN_DELAY; // before the next attempt to connect
    private @Nullable Throwable lastFailure; // to connect
    private String failure = ""; // the last one that was logged

    StoreConnector(LogStore store, Listener listener) {
        this.store = store;
        this.listener = listener;
    }

    /** Begins to connect. */
    void open(EventLoop loop) {
        this.loop = loop;
        connect();
    }

    private EventLoop loop() {
        return Objects.requireNonNull(loop);
    }

    private void connect() {
        store.connect().whenCompleteAsync(this::connected, loop());
    }

    private void connected(@Nullable Connection connection, @Nullable Throwable failure) {
        if (connection == null) {
            failed(Objects.requireNonNull(failure));
        } else if (closed) {
            connection.close();
        } else {
            this.connection = connection;
            listener.onConnected();
        }
    }

    /** Sends a request, if there is a connection, and continues with the result if that connection is still the present one. */
    <T extends @Nullable Object> void request(Function<Connection, CompletionStage<T>> request, Consumer<T> next) {
        Connection on = connection;
        if (on != null) {
            request.apply(on)
                    .whenCompleteAsync(
                            (result, failure) -> {
                                if (on == connection) {
                                    answered(result, failure, next);
                                }
                            },
                            loop());
        }
    }

    private <T extends @Nullable Object> void answered(T result, @Nullable Throwable failure, Consumer<T> next) {
        if (failure != null) {
            failed(failure);
            return;
        }
        try {
            next.accept(result);
        } catch (RuntimeException bug) {
            LOG.error("an entry of the cluster could not be handled", bug);
            listener.onFailed("an entry of the cluster could not be handled: " + bug);
        }
    }

    private void failed(Throwable failure) {
        if (closed) {
            return;
        }
        String reason = reason(failure);
        if (!reason.equals(this.failure)) {
            LOG.warn("the log of the cluster cannot be reached, connecting again: {}", reason);
            this.failure = reason;
        }
        lastFailure = new IOException(reason, failure);
        disconnect();
        loop().schedule(this::connectAgain, delay, TimeUnit.NANOSECONDS);
        delay = Math.min(delay * 2, MAX_DELAY);
    }

    /** Says what has failed, and why: the client has the reason, a refused connection or a certificate, in the last cause. */
    private static String reason(Throwable failure) {
        Throwable first = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        Throwable last = first;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        String what = String.valueOf(first.getMessage());
        String why = String.valueOf(last.getMessage());
        return what.contains(why) ? what : what + ": " + why;
    }

    private void connectAgain() {
        if (!closed && connection == null) {
            connect();
        }
    }

    private void disconnect() {
        Connection old = connection;
        connection = null;
        listener.onDisconnected();
        if (old != null) {
            old.close();
        }
    }

    /** The connection serves: the next failure is a new one. */
    void established() {
        delay = MIN_DELAY;
        if (!failure.isEmpty()) {
            LOG.info("the log of the cluster is reached again");
            failure = "";
        }
    }

    /** Returns why there was no connection the last time. */
    Throwable lastFailure() {
        return lastFailure == null ? new IOException("no answer") : lastFailure;
    }

    boolean isConnected() {
        return connection != null;
    }

    boolean isClosed() {
        return closed;
    }

    /** Ends the connection, and the store's threads, for good. */
    void close() {
        if (!closed) {
            closed = true;
            disconnect();
            store.close();
        }
    }
}
