package io.asynchat;

import io.netty.channel.ChannelException;

/**
 * The peer was silent for too long, or too slow. {@link #kind()} names the timeout.
 *
 * <pre>{@code
 * protected void handleError(Throwable cause) throws Exception {
 *     if (cause instanceof ProtocolTimeoutException late && late.kind() == ProtocolTimeoutException.Kind.IDLE) {
 *         push("good bye\r\n", US_ASCII);
 *         closeWhenDone();
 *     } else {
 *         super.handleError(cause);
 *     }
 * }
 * }</pre>
 */
public final class ProtocolTimeoutException extends ChannelException {
    // Not Netty's ReadTimeoutException: with assertions on it cannot be created with a message.
    private static final long serialVersionUID = 1;

    /** The timeouts that a connection may have. */
    public enum Kind {
        /** {@link AsyncChatServer.Builder#frameTimeout}: a frame has begun and has not ended in time. */
        FRAME,
        /** {@link AsyncChatServer.Builder#idleTimeout}, {@link IdleTimeoutHandler}: nothing has been received. */
        IDLE,
        /** {@link ChatStream#setReadTimeout}: what a read waits for has not been received. */
        READ,
        /**
         * {@link AsyncChatServer.Builder#writeStallTimeout}, {@link WriteStallHandler}, {@link ChatStream#setWriteTimeout}: the
         * peer accepts no bytes.
         */
        WRITE,
        /** The timeout that an {@link AsyncChatHandler} has set itself. */
        HANDLER,
        /** {@link AsyncChatServer.Builder#halfClosedTimeout}: the peer has ended its side, and nothing is sent to it. */
        HALF_CLOSED
    }

    private final Kind kind;

    ProtocolTimeoutException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** Returns the timeout that has expired. */
    public Kind kind() {
        return kind;
    }
}
