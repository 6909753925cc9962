package io.asynchat.demo.codec.http;

/** The status codes that the demos send (RFC 9110, 15). */
public enum HttpStatus {
    OK(200, "OK"),
    NO_CONTENT(204, "No Content"),
    PARTIAL_CONTENT(206, "Partial Content"),
    MOVED_PERMANENTLY(301, "Moved Permanently"),
    NOT_MODIFIED(304, "Not Modified"),
    BAD_REQUEST(400, "Bad Request"),
    FORBIDDEN(403, "Forbidden"),
    NOT_FOUND(404, "Not Found"),
    METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
    REQUEST_TIMEOUT(408, "Request Timeout"),
    PRECONDITION_FAILED(412, "Precondition Failed"),
    CONTENT_TOO_LARGE(413, "Content Too Large"),
    URI_TOO_LONG(414, "URI Too Long"),
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported Media Type"),
    RANGE_NOT_SATISFIABLE(416, "Range Not Satisfiable"),
    EXPECTATION_FAILED(417, "Expectation Failed"),
    UPGRADE_REQUIRED(426, "Upgrade Required"),
    FIELDS_TOO_LARGE(431, "Request Header Fields Too Large"),
    SERVER_ERROR(500, "Internal Server Error"),
    NOT_IMPLEMENTED(501, "Not Implemented"),
    UNAVAILABLE(503, "Service Unavailable"),
    VERSION_NOT_SUPPORTED(505, "HTTP Version Not Supported");

    private final int code;
    private final String reason;

    HttpStatus(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    /** Returns the number. */
    public int code() {
        return code;
    }

    /** Returns the reason phrase. */
    public String reason() {
        return reason;
    }

    /**
     * Returns whether the connection is closed after a response with it. After most client errors the position of the next
     * request is uncertain; a few do not concern the framing.
     */
    public boolean closes() {
        return switch (this) {
            case NOT_FOUND, METHOD_NOT_ALLOWED, PRECONDITION_FAILED, RANGE_NOT_SATISFIABLE -> false;
            default -> code >= 400;
        };
    }

    /** Returns whether a response with it may have a body, and so declares a length (RFC 9110, 6.4.1). */
    public boolean hasBody() {
        return this != NO_CONTENT && this != NOT_MODIFIED;
    }
}
