package io.asynchat.demo.http;

import io.asynchat.demo.codec.http.RequestRejectReason;

/** The part of a request that is being received, and the reason of a rejection if it is too long. */
enum ParseState {
    HEAD(RequestRejectReason.HEAD_TOO_LARGE),
    BODY(RequestRejectReason.BODY_TOO_LARGE),
    CHUNK_LINE(RequestRejectReason.INVALID_CHUNK_SIZE),
    CHUNK(RequestRejectReason.BODY_TOO_LARGE),
    CHUNK_END(RequestRejectReason.INVALID_CHUNK_END),
    TRAILER(RequestRejectReason.TRAILER_TOO_LARGE);

    private final RequestRejectReason tooLong;

    ParseState(RequestRejectReason tooLong) {
        this.tooLong = tooLong;
    }

    RequestRejectReason tooLong() {
        return tooLong;
    }
}
