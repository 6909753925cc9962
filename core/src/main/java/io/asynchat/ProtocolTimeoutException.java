package io.asynchat;

import io.netty.channel.ChannelException;

/** The peer has let a deadline pass: it was silent for too long, or too slow with something. */
public final class ProtocolTimeoutException extends ChannelException {
    // Not Netty's ReadTimeoutException: with a message it cannot be made where assertions are on.
    private static final long serialVersionUID = 1;

    /** Which of the deadlines that a connection may have. */
    public enum Kind {
        /** {@link AsyncChatServer.Builder#frameTimeout}: a frame has begun and not ended in time. */
        FRAME,
        /** {@link AsyncChatServer.Builder#idleTimeout}: nothing has been received. */
        IDLE,
        /** {@link AsyncChatServer.Builder#writeStallTimeout}: nothing has been taken of what waits to be sent. */
        WRITE,
        /** {@link AsyncChatHandler#setDeadline}: what the handler has waited for has not come. */
        HANDLER
    }

    private final Kind kind;

    ProtocolTimeoutException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** Which deadline has passed. */
    public Kind kind() {
        return kind;
    }
}
