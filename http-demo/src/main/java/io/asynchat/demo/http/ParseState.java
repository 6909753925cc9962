package io.asynchat.demo.http;

/** The part of a request that is being read, and what is wrong if it does not end in time to fit. */
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
