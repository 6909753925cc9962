package io.asynchat.testkit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where the peers of a {@link Conversation} come from. */
interface Peers extends AutoCloseable {

    /** Connects one more. */
    Peer connect();

    void pass(Duration time);

    /** What handlers threw and none of them caught, if it can be seen. */
    @Nullable
    Throwable fault();

    /** Disconnects all of them. */
    @Override
    void close();
}
