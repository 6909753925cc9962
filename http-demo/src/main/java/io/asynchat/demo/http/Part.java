package io.asynchat.demo.http;

/** The part of a request that is being read, and what is wrong if it does not end in time to fit. */
enum Part {
    HEAD(Refusal.HEAD_TOO_LARGE),
    BODY(Refusal.BODY_TOO_LARGE),
    CHUNK_LINE(Refusal.CHUNK_SIZE),
    CHUNK(Refusal.BODY_TOO_LARGE),
    CHUNK_END(Refusal.CHUNK_END),
    TRAILER(Refusal.TRAILER_TOO_LARGE);

    private final Refusal tooLong;

    Part(Refusal tooLong) {
        this.tooLong = tooLong;
    }

    Refusal tooLong() {
        return tooLong;
    }
}
