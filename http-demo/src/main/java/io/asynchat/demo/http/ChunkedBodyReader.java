package io.asynchat.demo.http;

/** What has been read of a chunked body: its size, and what came around it (RFC 9112, 7.1). */
final class ChunkedBodyReader {
    private final Limits limits;
    private long size;
    private long extensionBytes; // octets of extensions and trailers, which serve nothing here
    private int trailers;

    ChunkedBodyReader(Limits limits) {
        this.limits = limits;
    }

    /** The size of the chunk that this line announces; 0 of the last. */
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
     * Looks at a line of the trailer, and drops it; false if it is the empty one that ends the body. A trailer that says
     * something about framing or routing is there to be read by somebody else.
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
                || HeaderFields.equalsIgnoreCase(line, 0, name, "content-length")
                || HeaderFields.equalsIgnoreCase(line, 0, name, "transfer-encoding")
                || HeaderFields.equalsIgnoreCase(line, 0, name, "host")) {
            throw new BadRequestException(RequestRejectReason.INVALID_TRAILER);
        }
        return true;
    }
}
