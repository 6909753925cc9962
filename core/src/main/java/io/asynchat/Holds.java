package io.asynchat;

/** What holds delivery: any of these does, each until it is gone for its own reason. */
final class Holds {
    static final int NOT_CONNECTED = 1;

    static final int PAUSED = 1 << 1;
    /** The peer does not read what we send. */
    static final int UNWRITABLE = 1 << 2;
    /** A handler on another executor has not handled the last message yet. */
    static final int AWAITING = 1 << 3;
    /** The handler closes when what is queued has gone. */
    static final int CLOSING = 1 << 4;
    /** Closed here, reset, or removed: what is unread is nobody's. */
    static final int CLOSED = 1 << 5;

    /** What comes is read and dropped: the handler has said its last word, and lingers. */
    static final int DROPPING = 1 << 6;

    /** Too much has come at a time: delivery waits, but the channel is read on, up to a limit. */
    static final int THROTTLED = 1 << 7;

    /** While one of these does, the channel is not read. */
    static final int STOP_READING = PAUSED | UNWRITABLE | AWAITING | CLOSING;

    private int bits = NOT_CONNECTED;
    private long freeFrom; // of the executor's ticker: the peer has not been kept waiting since

    boolean none() {
        return bits == 0;
    }

    /** Whether one of these does. */
    boolean any(int of) {
        return (bits & of) != 0;
    }

    void add(int bit) {
        bits |= bit;
    }

    void remove(int those) {
        bits &= ~those;
    }

    /** What the peer owes is owed from now on. */
    void peerIsFree(long now) {
        freeFrom = now;
    }

    /** Until when the peer has been kept waiting by us: till now, if it still is. */
    long keptWaitingUntil(long now) {
        return bits == 0 ? freeFrom : now;
    }
}
