package io.asynchat.demo.chat.web;

/** Why a WebSocket is closed (RFC 6455, 7.4). */
final class CloseCode {
    static final int NORMAL = 1000;
    static final int PROTOCOL_ERROR = 1002;
    static final int UNSUPPORTED_DATA = 1003;

    /** Stands for a close frame without a code; is never sent. */
    static final int NONE = 1005;

    static final int INVALID_TEXT = 1007;
    static final int POLICY_VIOLATION = 1008;
    static final int TOO_BIG = 1009;

    private CloseCode() {}

    /** Returns whether a peer may send it: one that is registered, or of an application. */
    static boolean isValid(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
    }
}
