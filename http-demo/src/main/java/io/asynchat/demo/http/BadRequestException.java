package io.asynchat.demo.http;

import io.netty.handler.codec.DecoderException;

/** A request is refused; who reads on, reads something else than what was sent. */
final class BadRequestException extends DecoderException {
    private static final long serialVersionUID = 1;

    private final RequestRejectReason refusal;

    BadRequestException(RequestRejectReason refusal) {
        super(refusal.toString());
        this.refusal = refusal;
    }

    RequestRejectReason refusal() {
        return refusal;
    }

    /** The stack says nothing that the reason does not, and strangers decide how often it would be filled in. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
