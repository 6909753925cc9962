package io.asynchat.benchmarks;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.asynchat.benchmarks.Framing.Fixed;
import io.asynchat.benchmarks.Framing.Prefixed;
import io.netty.buffer.ByteBuf;

/** Counts the frames that {@link AsyncChatHandler} lends. */
final class HandlerCandidate extends AsyncChatHandler {
    private final FrameCounter counter;
    private final Terminator first;
    private final boolean setForEachFrame; // a length does not stay in force
    private final boolean prefixed; // by a frame of its own
    private boolean inPrefix;
    private int length; // the bytes of the prefix so far, as a number

    HandlerCandidate(Framing framing, FrameCounter counter) {
        this.counter = counter;
        first = Terminators.first(framing);
        setForEachFrame = framing instanceof Fixed;
        prefixed = framing instanceof Prefixed prefix && !prefix.oneTerminator();
        inPrefix = prefixed;
        setTerminator(first);
    }

    @Override
    protected void collectIncomingData(ByteBuf data) {
        if (!inPrefix) {
            counter.data(data);
        } else if (data.readableBytes() == Prefixed.BYTES) {
            length = data.getInt(data.readerIndex());
        } else {
            while (data.isReadable()) {
                length = (length << 8) | data.readUnsignedByte();
            }
        }
    }

    @Override
    protected void foundTerminator() {
        if (inPrefix) {
            inPrefix = false;
            setTerminator(Terminator.length(length));
            return;
        }
        counter.end();
        if (prefixed) {
            inPrefix = true;
            length = 0;
            setTerminator(first);
        } else if (setForEachFrame) {
            setTerminator(first);
        }
    }
}
