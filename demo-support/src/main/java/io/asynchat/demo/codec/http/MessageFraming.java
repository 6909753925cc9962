package io.asynchat.demo.codec.http;

/** What the fields of a head declare about the end of the request, and about the connection (RFC 9112, 6 and 9). */
final class MessageFraming {
    private static final int NO_LENGTH = -1;

    // All mutable because fields are read one by one.
    private boolean hasHost;
    private long contentLength = NO_LENGTH;
    private boolean isChunked;
    private boolean hasUnknownCoding;
    private boolean closes;
    private boolean keepsAlive;
    private boolean expectsContinue;
    private boolean hasUnknownExpectation;

    /** Discards all fields, for the next head. */
    void clear() {
        hasHost = false;
        contentLength = NO_LENGTH;
        isChunked = false;
        hasUnknownCoding = false;
        closes = false;
        keepsAlive = false;
        expectsContinue = false;
        hasUnknownExpectation = false;
    }

    /** Reads one field that is well formed. */
    void field(byte[] in, int name, int nameEnd, int from, int to) {
        switch (nameEnd - name) {
            case 4 -> {
                if (HttpGrammar.equalsIgnoreCase(in, name, nameEnd, "host")) {
                    host(in, from, to);
                }
            }
            case 6 -> {
                if (HttpGrammar.equalsIgnoreCase(in, name, nameEnd, "expect")) {
                    list(in, from, to, this::expectation);
                }
            }
            case 10 -> {
                if (HttpGrammar.equalsIgnoreCase(in, name, nameEnd, "connection")) {
                    list(in, from, to, this::connectionOption);
                }
            }
            case 14 -> {
                if (HttpGrammar.equalsIgnoreCase(in, name, nameEnd, "content-length")) {
                    contentLength(in, from, to);
                }
            }
            case 17 -> {
                if (HttpGrammar.equalsIgnoreCase(in, name, nameEnd, "transfer-encoding")) {
                    transferEncoding(in, from, to);
                }
            }
            default -> {
                // another field
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

    private void contentLength(byte[] in, int from, int to) {
        if (contentLength != NO_LENGTH) {
            throw new BadRequestException(RequestRejectReason.DUPLICATE_CONTENT_LENGTH);
        }
        contentLength = HttpGrammar.contentLength(in, from, to);
    }

    private void transferEncoding(byte[] in, int from, int to) {
        if (isChunked || hasUnknownCoding) {
            throw new BadRequestException(RequestRejectReason.DUPLICATE_TRANSFER_ENCODING);
        }
        isChunked = HttpGrammar.equalsIgnoreCase(in, from, to, "chunked");
        hasUnknownCoding = !isChunked;
    }

    private void connectionOption(byte[] in, int from, int to) {
        closes |= HttpGrammar.equalsIgnoreCase(in, from, to, "close");
        keepsAlive |= HttpGrammar.equalsIgnoreCase(in, from, to, "keep-alive");
    }

    private void expectation(byte[] in, int from, int to) {
        boolean known = HttpGrammar.equalsIgnoreCase(in, from, to, "100-continue");
        expectsContinue |= known;
        hasUnknownExpectation |= !known;
    }

    @FunctionalInterface
    private interface Element {
        void accept(byte[] in, int from, int to);
    }

    /** Reads the elements of a list of tokens; empty ones do not count (RFC 9110, 5.6.1). */
    private static void list(byte[] in, int from, int to, Element element) {
        int at = from;
        while (at < to) {
            int comma = at;
            while (comma < to && in[comma] != ',') {
                comma++;
            }
            int begin = HttpGrammar.skipBlanks(in, at, comma);
            int end = HttpGrammar.trimBlanks(in, begin, comma);
            if (begin < end) {
                element.accept(in, begin, end);
            }
            at = comma + 1;
        }
    }

    /** Returns the head, when all its fields have been read. */
    RequestHead head(RequestLine line, HeaderFields fields, long maxBody) {
        boolean isHttp10 = line.minorVersion() == 0;
        if (!hasHost && !isHttp10) {
            throw new BadRequestException(RequestRejectReason.MISSING_HOST);
        }
        if (isChunked || hasUnknownCoding) {
            checkTransferEncoding(isHttp10);
        }
        if (hasUnknownExpectation && !isHttp10) {
            throw new BadRequestException(RequestRejectReason.UNSUPPORTED_EXPECTATION);
        }
        if (contentLength > maxBody) {
            throw new BadRequestException(RequestRejectReason.BODY_TOO_LARGE);
        }
        return new RequestHead(
                line.method(),
                line.target(),
                line.path(),
                line.query(),
                line.minorVersion(),
                fields,
                Math.max(contentLength, 0),
                isChunked,
                !closes && (!isHttp10 || keepsAlive),
                expectsContinue && !isHttp10);
    }

    private void checkTransferEncoding(boolean isHttp10) {
        if (contentLength != NO_LENGTH) {
            throw new BadRequestException(RequestRejectReason.TRANSFER_ENCODING_AND_CONTENT_LENGTH);
        }
        if (isHttp10) {
            throw new BadRequestException(RequestRejectReason.TRANSFER_ENCODING_IN_HTTP_1_0);
        }
        if (hasUnknownCoding) {
            throw new BadRequestException(RequestRejectReason.UNSUPPORTED_TRANSFER_ENCODING);
        }
    }
}
