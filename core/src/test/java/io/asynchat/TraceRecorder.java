package io.asynchat;

import io.asynchat.Terminator.Delimiter;
import io.asynchat.TraceEvent.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes down what a decoder delivers, and does what the script does then. */
final class TraceRecorder {
    private final Framing framing;
    private final Trace trace;
    private long framesSeen; // grows as frames end
    private boolean corrupted; // the stream has come to nothing

    TraceRecorder(Framing framing, Trace trace) {
        this.framing = framing;
        this.trace = trace;
    }

    boolean isCorrupted() {
        return corrupted;
    }

    /** Whether a frame has ended since the last look; a frame that is too long ends unseen. */
    private boolean hasEnded() {
        long frames = framing.frames();
        boolean ended = frames != framesSeen;
        framesSeen = frames;
        return ended;
    }

    private static String text(ByteBuf data) {
        return data.toString(StandardCharsets.ISO_8859_1);
    }

    void callback(ByteBuf data) {
        trace.add(hasEnded() ? Kind.LAST_PIECE : Kind.PIECE, text(data));
        trace.actAtPiece();
    }

    void callbackAtEnd() {
        hasEnded();
        trace.add(Kind.END, matched());
        trace.actAtEnd();
    }

    void message(Object message, boolean whole) {
        boolean fragment = message instanceof FrameFragment;
        boolean ended = hasEnded();
        ByteBuf data = fragment ? ((FrameFragment) message).content() : (ByteBuf) message;
        if (fragment == (whole || ended)) {
            trace.add(Kind.FAULT, message + " at the wrong place");
        }
        if (!ended) {
            trace.add(Kind.PIECE, text(data));
            trace.actAtPiece();
            return;
        }
        if (whole) {
            trace.add(Kind.FRAME, text(data) + " " + matched());
        } else {
            if (data.isReadable()) {
                trace.add(Kind.LAST_PIECE, text(data));
            }
            trace.add(Kind.END, matched());
        }
        trace.actAtEnd();
    }

    private String matched() {
        Delimiter matched = framing.matchedDelimiter();
        return matched == null ? "" : new String(matched.bytes(), StandardCharsets.ISO_8859_1);
    }

    void truncated(TruncatedFrame frame) {
        truncated(text(frame.content()) + " " + frame.terminator());
    }

    void truncated(String text) {
        hasEnded();
        trace.add(Kind.TRUNCATED, text);
        trace.actAtError();
    }

    void endOfInput() {
        trace.add(Kind.END_OF_INPUT, "");
    }

    void fault(Throwable cause) {
        if (cause instanceof FrameTooLongException tooLong) {
            framesSeen++;
            trace.add(Kind.TOO_LONG, String.valueOf(tooLong.limit()));
            trace.actAtError();
        } else if (cause instanceof CorruptedFrameException) {
            corrupted = true;
            trace.add(Kind.CORRUPTED, "");
            trace.actAtError();
        } else if (!(cause instanceof IOException)) {
            trace.add(Kind.FAULT, cause.toString());
        }
    }
}
