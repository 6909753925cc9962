package io.asynchat;

import io.asynchat.Terminator.Delimiter;
import org.jspecify.annotations.Nullable;

/** The verbs that a decoder and a handler share, and what the differential test must know of their inside. */
interface Framing {
    Terminator getTerminator();

    void setTerminator(Terminator terminator);

    void setFrameLimit(long bytes);

    @Nullable
    Delimiter matchedDelimiter();

    void pause();

    void resume();

    /** Drops the unread input and the frame so far. */
    void discard();

    /** How many frames have ended, those that were skipped included. */
    long frames();

    /** Whether the peer has ended the stream and all of it was delivered; of a decoder only. */
    boolean isFinished();

    static Framing of(TerminatorFrameDecoder decoder) {
        return new Framing() {
            @Override
            public Terminator getTerminator() {
                return decoder.getTerminator();
            }

            @Override
            public void setTerminator(Terminator terminator) {
                decoder.setTerminator(terminator);
            }

            @Override
            public void setFrameLimit(long bytes) {
                decoder.setFrameLimit(bytes);
            }

            @Override
            public @Nullable Delimiter matchedDelimiter() {
                return decoder.matchedDelimiter();
            }

            @Override
            public void pause() {
                decoder.pause();
            }

            @Override
            public void resume() {
                decoder.resume();
            }

            @Override
            public void discard() {
                decoder.loop().discard();
            }

            @Override
            public long frames() {
                return decoder.loop().framer().frames();
            }

            @Override
            public boolean isFinished() {
                return decoder.state().input() == ConnectionState.Input.REPORTED;
            }
        };
    }

    static Framing of(AsyncChatHandler handler) {
        return new Framing() {
            @Override
            public Terminator getTerminator() {
                return handler.getTerminator();
            }

            @Override
            public void setTerminator(Terminator terminator) {
                handler.setTerminator(terminator);
            }

            @Override
            public void setFrameLimit(long bytes) {
                handler.setFrameLimit(bytes);
            }

            @Override
            public @Nullable Delimiter matchedDelimiter() {
                return handler.matchedDelimiter();
            }

            @Override
            public void pause() {
                handler.pause();
            }

            @Override
            public void resume() {
                handler.resume();
            }

            @Override
            public void discard() {
                handler.discardBuffers();
            }

            @Override
            public long frames() {
                return handler.loop().framer().frames();
            }

            @Override
            public boolean isFinished() {
                return false; // handleEndOfInput says it
            }
        };
    }
}
