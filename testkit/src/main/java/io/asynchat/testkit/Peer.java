package io.asynchat.testkit;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** The remote end of one connection, with the bytes it has received and no step has matched yet. */
abstract class Peer {

    // The whole stream so far; taken is the number of bytes that steps of the script have matched.
    private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
    private int taken;

    abstract void send(byte[] bytes);

    abstract void endInput();

    abstract void disconnect();

    /** Waits for more bytes or the end of the stream; returns false if neither comes in time. */
    abstract boolean awaitMore(WaitTime waitTime);

    /** Returns true if the stream has ended. */
    abstract boolean isEnded();

    final byte[] unread() {
        return Arrays.copyOfRange(stream.toByteArray(), taken, stream.size());
    }

    final void take(int bytes) {
        taken += bytes;
    }

    final void received(byte[] bytes) {
        stream.writeBytes(bytes);
    }

    /** How long to wait for the other side. */
    enum WaitTime {
        /** For data that must come. */
        EXPECTED,
        /** For data that must not come. */
        UNEXPECTED
    }
}
