package io.asynchat;

/**
 * The state of one connection: of its input, of its output, and whether its handler was removed. No other class of
 * the handler keeps a copy.
 *
 * <p>The tables have all transitions: a row is an event, a column a state, a cell the next state; null leaves the state as it
 * is. The drawing is in {@code package-info}.
 * On the handler's executor only.
 */
final class ConnectionState {

    /** The states of the received bytes. */
    enum Input {
        /** The connection is not established, or no event of it has been received. */
        WAITING,
        /** Bytes may be received. */
        OPEN,
        /** The peer has ended its side; bytes may be unread. */
        ENDED,
        /** All bytes are delivered, and the end was reported after them. */
        REPORTED,
        /** Reset, closed on this side, corrupt or removed: unread bytes are discarded, and no event leaves this state. */
        DISCARDED
    }

    /** The states of the bytes to send. */
    enum Output {
        /** Pushes are accepted. */
        OPEN,
        /** Pushes are being sent, then the connection is closed. */
        FLUSHING,
        /** All is sent and this side is ended; the peer's end is awaited. */
        LINGERING,
        /** The channel is being closed. */
        CLOSING,
        /** The channel is closed. */
        CLOSED
    }

    /** The events of a connection. */
    enum Event {
        ACTIVE,
        INPUT_ENDED,
        END_REPORTED,
        RESET,
        CORRUPTED,
        CLOSE_WHEN_DONE,
        CLOSE_UNDONE,
        OUTPUT_ENDED,
        CLOSE,
        INACTIVE,
        REMOVED
    }

    private static final Input[][] INPUT = {
        //                  WAITING          OPEN             ENDED            REPORTED         DISCARDED
        /* ACTIVE          */ {Input.OPEN, null, null, null, null},
        /* INPUT_ENDED     */ {Input.ENDED, Input.ENDED, null, null, null},
        /* END_REPORTED    */ {null, null, Input.REPORTED, null, null},
        /* RESET           */ {Input.DISCARDED, Input.DISCARDED, Input.DISCARDED, Input.DISCARDED, null},
        /* CORRUPTED       */ {Input.DISCARDED, Input.DISCARDED, Input.DISCARDED, Input.DISCARDED, null},
        /* CLOSE_WHEN_DONE */ {null, null, null, null, null},
        /* CLOSE_UNDONE    */ {null, null, null, null, null},
        /* OUTPUT_ENDED    */ {null, null, null, null, null},
        /* CLOSE           */ {Input.DISCARDED, Input.DISCARDED, Input.DISCARDED, Input.DISCARDED, null},
        /* INACTIVE        */ {Input.ENDED, Input.ENDED, null, null, null},
        /* REMOVED         */ {Input.DISCARDED, Input.DISCARDED, Input.DISCARDED, Input.DISCARDED, null},
    };

    private static final Output[][] OUTPUT = {
        //                  OPEN             FLUSHING         LINGERING        CLOSING          CLOSED
        /* ACTIVE          */ {null, null, null, null, null},
        /* INPUT_ENDED     */ {null, null, null, null, null},
        /* END_REPORTED    */ {null, null, null, null, null},
        /* RESET           */ {null, null, null, null, null},
        /* CORRUPTED       */ {null, null, null, null, null},
        /* CLOSE_WHEN_DONE */ {Output.FLUSHING, null, null, null, null},
        /* CLOSE_UNDONE    */ {null, Output.OPEN, null, null, null},
        /* OUTPUT_ENDED    */ {null, Output.LINGERING, null, null, null},
        /* CLOSE           */ {Output.CLOSING, Output.CLOSING, Output.CLOSING, null, null},
        /* INACTIVE        */ {Output.CLOSED, Output.CLOSED, Output.CLOSED, Output.CLOSED, null},
        /* REMOVED         */ {null, null, null, null, null},
    };

    private Input input = Input.WAITING;
    private Output output = Output.OPEN;
    private boolean removed; // the handler, while the channel stays open
    private boolean dropsInput; // while flushing or lingering: bytes are read so that the peer's end is noticed

    /** Applies an event. Returns whether it has changed a state. */
    @SuppressWarnings("EnumOrdinal") // the tables are in the order of the constants, and a test walks every pair
    boolean on(Event event) {
        Input in = INPUT[event.ordinal()][input.ordinal()];
        Output out = OUTPUT[event.ordinal()][output.ordinal()];
        boolean changes = in != null || out != null || (event == Event.REMOVED && !removed);
        if (in != null) {
            input = in;
        }
        if (out != null) {
            output = out;
        }
        removed |= event == Event.REMOVED;
        return changes;
    }

    Input input() {
        return input;
    }

    Output output() {
        return output;
    }

    /** Sets whether bytes that are received while the output is flushed are read and dropped, or left unread. */
    void dropInputWhileFlushing(boolean drop) {
        dropsInput = drop;
    }

    /** Returns whether frames may be delivered. */
    boolean canDeliver() {
        return (input == Input.OPEN || input == Input.ENDED) && output == Output.OPEN;
    }

    /** Returns whether callbacks that are not caused by bytes may be called. */
    boolean canNotify() {
        return input != Input.DISCARDED && output == Output.OPEN && !removed;
    }

    /** Returns whether unread and further bytes are discarded. */
    boolean isDiscarded() {
        return input == Input.DISCARDED;
    }

    /** Returns whether the peer has ended its side, reported or not. */
    boolean hasInputEnded() {
        return input == Input.ENDED || input == Input.REPORTED;
    }

    /** Returns whether received bytes are dropped: of the peer only its end is awaited. */
    boolean dropsInput() {
        return dropsInput && (output == Output.FLUSHING || output == Output.LINGERING);
    }

    /** Returns whether pushes are accepted. */
    boolean canPush() {
        return output == Output.OPEN && !removed;
    }

    /** Returns whether nothing more can be sent: this side has ended, the channel is closing or closed, or the handler removed. */
    boolean isOutputEnded() {
        return removed || output.compareTo(Output.LINGERING) >= 0;
    }

    boolean isRemoved() {
        return removed;
    }
}
