package io.asynchat;

import io.netty.channel.ChannelException;

/** The peer has let a deadline pass: it was silent for too long, or too slow with a frame. The message says which. */
public final class DeadlineException extends ChannelException {
    // Not Netty's ReadTimeoutException: with a message it cannot be made where assertions are on.
    private static final long serialVersionUID = 1;

    DeadlineException(String message) {
        super(message);
    }
}
