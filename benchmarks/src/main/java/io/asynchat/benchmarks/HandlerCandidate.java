package io.asynchat.benchmarks;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.asynchat.benchmarks.Framing.Delimited;
import io.asynchat.benchmarks.Framing.Fixed;
import io.asynchat.benchmarks.Framing.Prefixed;
import io.netty.buffer.ByteBuf;

/** Counts frames as they are lent. */
final class HandlerCandidate extends AsyncChatHandler {
    private static final Terminator PREFIX = Terminator.length(Prefixed.BYTES);

    private final FrameCounter counter;
    private final Terminator first;
    private final boolean once; // the terminator has to be set for each frame
    private final boolean prefixed;
    private boolean inPrefix;
    private int size; // as far as its bytes have come

    HandlerCandidate(Framing framing, FrameCounter counter) {
        this.counter = counter;
        first = first(framing);
        once = framing instanceof Fixed;
        prefixed = framing instanceof Prefixed;
        inPrefix = prefixed;
        setTerminator(first);
    }

    /** What ends the first frame of such a stream. */
    static Terminator first(Framing framing) {
        if (framing instanceof Delimited delimited) {
            return Terminator.delimiter(delimited.delimiter()).unlimited();
        }
        if (framing instanceof Fixed fixed) {
            return Terminator.length(fixed.length());
        }
        return framing instanceof Prefixed ? PREFIX : Terminator.BLANK_LINE;
    }

    @Override
    protected void collectIncomingData(ByteBuf data) {
        if (!inPrefix) {
            counter.data(data);
        } else if (data.readableBytes() == Prefixed.BYTES) {
            size = data.getInt(data.readerIndex());
        } else {
            while (data.isReadable()) {
                size = (size << 8) | data.readUnsignedByte();
            }
        }
    }

    @Override
    protected void foundTerminator() {
        if (inPrefix) {
            inPrefix = false;
            setTerminator(Terminator.length(size));
            return;
        }
        counter.end();
        if (prefixed) {
            inPrefix = true;
            size = 0;
            setTerminator(first);
        } else if (once) {
            setTerminator(first);
        }
    }
}
