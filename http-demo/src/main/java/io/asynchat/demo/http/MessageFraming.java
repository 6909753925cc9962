package io.asynchat.demo.http;

/** What the fields of a head say about where the request ends, and whether another follows (RFC 9112, 6 and 9). */
final class MessageFraming {
    private static final int NO_LENGTH = -1;

    // All mutable because fields come one by one.
    private boolean hasHost;
    private long length = NO_LENGTH;
    private boolean isChunked;
    private boolean hasOtherCoding;
    private boolean closes;
    private boolean keepsAlive;
    private boolean expectsContinue;
    private boolean expectsElse;

    /** Forgets all fields, for the next head. */
    void clear() {
        hasHost = false;
        length = NO_LENGTH;
        isChunked = false;
        hasOtherCoding = false;
        closes = false;
        keepsAlive = false;
        expectsContinue = false;
        expectsElse = false;
    }

    /** Looks at one field that is well formed. */
    void field(byte[] in, int name, int nameEnd, int from, int to) {
        switch (nameEnd - name) {
            case 4 -> {
                if (HeaderFields.equalsIgnoreCase(in, name, nameEnd, "host")) {
                    host(in, from, to);
                }
            }
            case 6 -> {
                if (HeaderFields.equalsIgnoreCase(in, name, nameEnd, "expect")) {
                    boolean known = !expectsContinue && HeaderFields.equalsIgnoreCase(in, from, to, "100-continue");
                    expectsElse |= !known;
                    expectsContinue |= known;
                }
            }
            case 10 -> {
                if (HeaderFields.equalsIgnoreCase(in, name, nameEnd, "connection")) {
                    connection(in, from, to);
                }
            }
            case 14 -> {
                if (HeaderFields.equalsIgnoreCase(in, name, nameEnd, "content-length")) {
                    length(in, from, to);
                }
            }
            case 17 -> {
                if (HeaderFields.equalsIgnoreCase(in, name, nameEnd, "transfer-encoding")) {
                    coding(in, from, to);
                }
            }
            default -> {
                // says nothing about it
            }
        }
    }

    private void host(byte[] in, int from, int to) {
        if (hasHost) {
            throw new BadRequestException(RequestRejectReason.DUPLICATE_HOST);
        }
        if (!HttpGrammar.isHost(in, from, to)) {
            throw new BadRequestException(RequestRejectReason.INVALID_HOST);
        }
        hasHost = true;
    }

    private void length(byte[] in, int from, int to) {
        if (length != NO_LENGTH) {
            throw new BadRequestException(RequestRejectReason.DUPLICATE_CONTENT_LENGTH);
        }
        length = HttpGrammar.contentLength(in, from, to);
    }

    private void coding(byte[] in, int from, int to) {
        if (isChunked || hasOtherCoding) {
            throw new BadRequestException(RequestRejectReason.DUPLICATE_TRANSFER_ENCODING);
        }
        isChunked = HeaderFields.equalsIgnoreCase(in, from, to, "chunked");
        hasOtherCoding = !isChunked;
    }

    private void connection(byte[] in, int from, int to) {
        int at = from;
        while (at < to) {
            int comma = at;
            while (comma < to && in[comma] != ',') {
                comma++;
            }
            int begin = HttpGrammar.skipBlanks(in, at, comma);
            int end = HttpGrammar.trimBlanks(in, begin, comma);
            closes |= HeaderFields.equalsIgnoreCase(in, begin, end, "close");
            keepsAlive |= HeaderFields.equalsIgnoreCase(in, begin, end, "keep-alive");
            at = comma + 1;
        }
    }

    /** The head, now that all its fields are known. */
    RequestHead head(RequestLine line, HeaderFields fields, long mostBody) {
        boolean is10 = line.minor() == 0;
        if (!hasHost && !is10) {
            throw new BadRequestException(RequestRejectReason.MISSING_HOST);
        }
        if (isChunked || hasOtherCoding) {
            checkCoding(is10);
        }
        if (expectsElse && !is10) {
            throw new BadRequestException(RequestRejectReason.UNSUPPORTED_EXPECTATION);
        }
        if (length > mostBody) {
            throw new BadRequestException(RequestRejectReason.BODY_TOO_LARGE);
        }
        return new RequestHead(
                line.method(),
                line.target(),
                line.path(),
                line.minor(),
                fields,
                Math.max(length, 0),
                isChunked,
                !closes && (!is10 || keepsAlive),
                expectsContinue && !is10);
    }

    private void checkCoding(boolean is10) {
        if (length != NO_LENGTH) {
            throw new BadRequestException(RequestRejectReason.TRANSFER_ENCODING_AND_CONTENT_LENGTH);
        }
        if (is10) {
            throw new BadRequestException(RequestRejectReason.TRANSFER_ENCODING_IN_HTTP_1_0);
        }
        if (hasOtherCoding) {
            throw new BadRequestException(RequestRejectReason.UNSUPPORTED_TRANSFER_ENCODING);
        }
    }
}
