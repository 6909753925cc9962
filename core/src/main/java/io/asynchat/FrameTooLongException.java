package io.asynchat;

import io.netty.handler.codec.TooLongFrameException;

/**
 * A frame has more bytes than its limit allows. It is fired once a frame; the rest of the frame is skipped unless the
 * channel is closed.
 *
 * <pre>{@code
 * protected void handleError(Throwable cause) throws Exception {
 *     if (cause instanceof FrameTooLongException tooLong) {
 *         push("too long: " + tooLong.terminator() + "\r\n", US_ASCII); // and the next frame is read
 *     } else {
 *         super.handleError(cause);
 *     }
 * }
 * }</pre>
 */
public final class FrameTooLongException extends TooLongFrameException {
    private static final long serialVersionUID = 1;

    private final transient Terminator terminator; // a terminator is not serializable
    private final long limit;

    FrameTooLongException(Terminator terminator, long limit) {
        super("frame: longer than " + limit + " bytes (" + origin(terminator) + ")");
        this.terminator = terminator;
        this.limit = limit;
    }

    /** Names the owner of the limit, so that a reader of the log knows which one to raise. */
    private static String origin(Terminator terminator) {
        if (terminator.hasLimit()) {
            return "limit of " + terminator.description();
        }
        return terminator.kind() == Terminator.NONE
                ? "the default limit; no terminator is set"
                : "the default limit; " + terminator.description() + " carries none";
    }

    /** Returns the terminator that the frame was read by, with its limit if it carries one. */
    public Terminator terminator() {
        return terminator;
    }

    /** Returns the number of bytes that the frame was allowed to have. */
    public long limit() {
        return limit;
    }
}
