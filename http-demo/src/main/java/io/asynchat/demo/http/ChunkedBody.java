package io.asynchat.demo.http;

/** What has been read of a chunked body: its size, and what came around it (RFC 9112, 7.1). */
final class ChunkedBody {
    private final Limits limits;
    private long size;
    private long aside; // octets of extensions and trailers, which serve nothing here
    private int trailers;

    ChunkedBody(Limits limits) {
        this.limits = limits;
    }

    /** The size of the chunk that this line announces; 0 of the last. */
    long chunk(byte[] line) {
        long chunk = Grammar.chunkSize(line);
        if (chunk > limits.body() - size) {
            throw new RefusedException(Refusal.BODY_TOO_LARGE);
        }
        size += chunk;
        int end = Grammar.endOfToken(line, 0, line.length);
        aside += line.length - end;
        if (aside > limits.head()) {
            throw new RefusedException(Refusal.CHUNK_EXTENSIONS);
        }
        return chunk;
    }

    /**
     * Looks at a line of the trailer, and drops it; false if it is the empty one that ends the body. A trailer that says
     * something about framing or routing is there to be read by somebody else.
     */
    boolean trailer(byte[] line) {
        if (line.length == 0) {
            return false;
        }
        aside += line.length;
        if (++trailers > limits.fields() || aside > limits.head()) {
            throw new RefusedException(Refusal.TRAILER_TOO_LARGE);
        }
        int name = Grammar.endOfFieldName(line, 0, line.length);
        if (!Grammar.isValue(line, name + 1, line.length)
                || Fields.equalsIgnoreCase(line, 0, name, "content-length")
                || Fields.equalsIgnoreCase(line, 0, name, "transfer-encoding")
                || Fields.equalsIgnoreCase(line, 0, name, "host")) {
            throw new RefusedException(Refusal.TRAILER);
        }
        return true;
    }
}
