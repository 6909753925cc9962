package io.asynchat.testkit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Connects the peers of a {@link Conversation}. */
interface Peers extends AutoCloseable {

    /** Connects one more peer. */
    Peer connect();

    void advance(Duration time);

    /** Returns the first exception that no handler handled, as far as it can be seen. */
    @Nullable
    Throwable fault();

    /** Disconnects all of them. */
    @Override
    void close();
}
