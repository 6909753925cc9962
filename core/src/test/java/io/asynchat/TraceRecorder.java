package io.asynchat;

import io.asynchat.Terminator.Delimiter;
import io.asynchat.TraceEvent.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes down what a decoder tells, and does what the script does then. */
final class TraceRecorder {
    private final Framing framing;
    private final Trace story;
    private long framesTold; // grows as frames end
    private boolean corrupted; // the stream has come to nothing

    TraceRecorder(Framing framing, Trace story) {
        this.framing = framing;
        this.story = story;
    }

    boolean isCorrupted() {
        return corrupted;
    }

    /** Whether a frame has ended since the last look; a frame that is too long ends unseen. */
    private boolean hasEnded() {
        long frames = framing.frames();
        boolean ended = frames != framesTold;
        framesTold = frames;
        return ended;
    }

    private static String text(ByteBuf data) {
        return data.toString(StandardCharsets.ISO_8859_1);
    }

    void callback(ByteBuf data) {
        story.tell(hasEnded() ? Kind.LAST_PIECE : Kind.PIECE, text(data));
        story.actAtPiece();
    }

    void callbackAtEnd() {
        hasEnded();
        story.tell(Kind.END, matched());
        story.actAtEnd();
    }

    void message(Object message, boolean whole) {
        boolean fragment = message instanceof FrameFragment;
        boolean ended = hasEnded();
        ByteBuf data = fragment ? ((FrameFragment) message).content() : (ByteBuf) message;
        if (fragment == (whole || ended)) {
            story.tell(Kind.FAULT, message + " at the wrong place");
        }
        if (!ended) {
            story.tell(Kind.PIECE, text(data));
            story.actAtPiece();
            return;
        }
        if (whole) {
            story.tell(Kind.FRAME, text(data) + " " + matched());
        } else {
            if (data.isReadable()) {
                story.tell(Kind.LAST_PIECE, text(data));
            }
            story.tell(Kind.END, matched());
        }
        story.actAtEnd();
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
        story.tell(Kind.TRUNCATED, text);
        story.actAtError();
    }

    void endOfInput() {
        story.tell(Kind.END_OF_INPUT, "");
    }

    void fault(Throwable cause) {
        if (cause instanceof FrameTooLongException tooLong) {
            framesTold++;
            story.tell(Kind.TOO_LONG, String.valueOf(tooLong.limit()));
            story.actAtError();
        } else if (cause instanceof CorruptedFrameException) {
            corrupted = true;
            story.tell(Kind.CORRUPTED, "");
            story.actAtError();
        } else if (!(cause instanceof IOException)) {
            story.tell(Kind.FAULT, cause.toString());
        }
    }
}
