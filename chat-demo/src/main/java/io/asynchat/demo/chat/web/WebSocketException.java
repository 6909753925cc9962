package io.asynchat.demo.chat.web;

import io.netty.handler.codec.DecoderException;

/** The peer has broken the protocol: the connection is closed with this code. */
final class WebSocketException extends DecoderException {
    private static final long serialVersionUID = 1;

    private final int code;

    WebSocketException(int code, String message) {
        super(message);
        this.code = code;
    }

    int code() {
        return code;
    }

    /** No stack trace: the message suffices, and clients control how often this is thrown. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
