package io.asynchat.demo.http;

import io.asynchat.demo.codec.http.BadRequestException;
import io.asynchat.demo.codec.http.HttpGrammar;
import io.asynchat.demo.codec.http.RequestRejectReason;

/** Reads the lines of a chunked body, chunk sizes and trailer, and checks its size (RFC 9112, 7.1). */
final class ChunkedBodyReader {
    private final Limits limits;

    // All mutable because the lines are read one by one.
    private long size;
    private long extensionBytes; // of chunk extensions and trailer, which are discarded
    private int trailers;

    ChunkedBodyReader(Limits limits) {
        this.limits = limits;
    }

    /** Reads the line before a chunk, and returns the size of the chunk; 0 for the last one. */
    long chunk(byte[] line) {
        long chunk = HttpGrammar.chunkSize(line);
        if (chunk > limits.body() - size) {
            throw new BadRequestException(RequestRejectReason.BODY_TOO_LARGE);
        }
        size += chunk;
        int end = HttpGrammar.endOfToken(line, 0, line.length);
        extensionBytes += line.length - end;
        if (extensionBytes > limits.head()) {
            throw new BadRequestException(RequestRejectReason.CHUNK_EXTENSIONS_TOO_LARGE);
        }
        return chunk;
    }

    /**
     * Checks a line of the trailer and discards it. Returns false for the empty line that ends the body. A trailer field
     * that concerns framing or routing is rejected: another recipient might obey it.
     */
    boolean trailer(byte[] line) {
        if (line.length == 0) {
            return false;
        }
        extensionBytes += line.length;
        if (++trailers > limits.fields() || extensionBytes > limits.head()) {
            throw new BadRequestException(RequestRejectReason.TRAILER_TOO_LARGE);
        }
        int name = HttpGrammar.endOfFieldName(line, 0, line.length);
        if (!HttpGrammar.isValue(line, name + 1, line.length)
                || HttpGrammar.equalsIgnoreCase(line, 0, name, "content-length")
                || HttpGrammar.equalsIgnoreCase(line, 0, name, "transfer-encoding")
                || HttpGrammar.equalsIgnoreCase(line, 0, name, "host")) {
            throw new BadRequestException(RequestRejectReason.INVALID_TRAILER);
        }
        return true;
    }
}
