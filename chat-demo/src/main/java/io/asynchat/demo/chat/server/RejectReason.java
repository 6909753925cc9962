package io.asynchat.demo.chat.server;

import io.asynchat.ProtocolTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Why a line, a name or a session is rejected; the log and the metrics use these names. */
enum RejectReason {
    /** A line that is valid neither in UTF-8 nor in GBK. */
    NOT_TEXT,
    LINE_TOO_LONG,
    NAME_NOT_ALLOWED,
    NAME_TAKEN,
    /** A page resumes a session whose user is no longer logged in. */
    UNKNOWN_TOKEN,
    /** A line of an HTTP request before the login: a web page has made a browser send it. */
    HTTP,
    /** More lines than the rate allows, for 30 seconds. */
    FLOOD,
    /** More bytes wait to be sent to the session than the limit allows. */
    SLOW_READER,
    /** The peer has accepted none of the bytes that wait for it. */
    STALLED,
    IDLE,
    /** A bug of the server. */
    INTERNAL_ERROR;

    /** Returns the reason that an exception of a session stands for; null if the connection has just failed. */
    static @Nullable RejectReason of(Throwable cause) {
        if (cause instanceof TooLongFrameException) {
            return LINE_TOO_LONG;
        }
        if (cause instanceof ProtocolTimeoutException late) {
            return late.kind() == ProtocolTimeoutException.Kind.WRITE ? STALLED : IDLE;
        }
        return cause instanceof IOException || cause instanceof DecoderException ? null : INTERNAL_ERROR;
    }
}
