package io.asynchat.benchmarks;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.netty.buffer.ByteBuf;

/** Counts the heads and bodies that {@link AsyncChatHandler} lends. */
final class HeadAndBodyCandidate extends AsyncChatHandler {
    private final FrameCounter counter;
    private final TrailingNumber length = new TrailingNumber();
    private boolean inHead = true;

    HeadAndBodyCandidate(FrameCounter counter) {
        this.counter = counter;
        setTerminator(Terminator.BLANK_LINE);
    }

    @Override
    protected void collectIncomingData(ByteBuf data) {
        counter.data(data);
        if (inHead) {
            length.add(data);
        }
    }

    @Override
    protected void foundTerminator() {
        counter.end();
        setTerminator(inHead ? Terminators.body(length.take()) : Terminator.BLANK_LINE);
        inHead = !inHead;
    }
}
