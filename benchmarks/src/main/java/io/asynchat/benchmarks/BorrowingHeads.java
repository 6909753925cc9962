package io.asynchat.benchmarks;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.netty.buffer.ByteBuf;

/** Counts heads and bodies as they are lent. */
final class BorrowingHeads extends AsyncChatHandler {
    private final Tally tally;
    private final TrailingNumber length = new TrailingNumber();
    private boolean inHead = true;

    BorrowingHeads(Tally tally) {
        this.tally = tally;
        setTerminator(Terminator.BLANK_LINE);
    }

    @Override
    protected void collectIncomingData(ByteBuf data) {
        tally.data(data);
        if (inHead) {
            length.add(data);
        }
    }

    @Override
    protected void foundTerminator() {
        tally.end();
        setTerminator(inHead ? Terminator.length(length.take()) : Terminator.BLANK_LINE);
        inHead = !inHead;
    }
}
