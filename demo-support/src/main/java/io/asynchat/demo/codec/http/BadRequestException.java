package io.asynchat.demo.codec.http;

import io.netty.handler.codec.DecoderException;

/** A request is rejected. The position in the stream is unknown from here on, so the connection must be closed. */
public final class BadRequestException extends DecoderException {
    private static final long serialVersionUID = 1;

    private final RequestRejectReason reason;

    /** Creates an exception whose message is the name of the reason. */
    public BadRequestException(RequestRejectReason reason) {
        super(reason.toString());
        this.reason = reason;
    }

    /** Returns the reason. */
    public RequestRejectReason reason() {
        return reason;
    }

    /** No stack trace: the reason suffices, and clients control how often this is thrown. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
