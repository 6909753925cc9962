package io.asynchat.testkit;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** The far end of one connection, and what it was sent and has not taken yet. */
abstract class Peer {

    // All of the stream so far; taken is how much of it steps of the script have matched.
    private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
    private int taken;

    abstract void send(byte[] bytes);

    abstract void endInput();

    abstract void disconnect();

    /** Waits until more is unread or the stream has ended; false if neither comes in time. */
    abstract boolean awaitMore(Patience patience);

    /** Whether nothing can come any more. */
    abstract boolean isEnded();

    final byte[] unread() {
        return Arrays.copyOfRange(stream.toByteArray(), taken, stream.size());
    }

    final void take(int bytes) {
        taken += bytes;
    }

    final void came(byte[] bytes) {
        stream.writeBytes(bytes);
    }

    /** How long it makes sense to wait for what may come. */
    enum Patience {
        /** For what must come. */
        LONG,
        /** For what should not. */
        SHORT
    }
}
