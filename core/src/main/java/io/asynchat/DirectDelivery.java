package io.asynchat;

import io.netty.buffer.ByteBuf;

/** The way out to the {@link AsyncChatHandler} next door: its callbacks, called straight, with borrowed data. */
final class DirectDelivery implements FrameSink {
    private final ChatLink link;
    private BorrowedData view = new BorrowedData(); // replaced when a callback has kept it

    DirectDelivery(ChatLink link) {
        this.link = link;
    }

    @Override
    public void piece(ByteBuf in, int index, int length) {
        if (!link.holdsFrames()) { // else nobody sees it yet, and who asked for a read still waits
            link.decoder().loop().delivered();
        }
        lend(in, index, length, false);
    }

    @Override
    public void end(ByteBuf in, int index, int length) {
        link.decoder().loop().delivered();
        lend(in, index, length, true);
    }

    /** Lends a part of a buffer to the callbacks; {@code end}: and with it the frame has ended. */
    void lend(ByteBuf in, int index, int length, boolean end) {
        view.lend(in, index, length);
        link.deliver(view, end);
        if (!view.isBack()) {
            view = new BorrowedData();
        }
    }

    @Override
    public void passThrough(ByteBuf in, int index, int length) {
        piece(in, index, length);
    }

    @Override
    public void truncated(Terminator terminator) {
        link.truncated();
    }

    @Override
    public void drop() {
        link.dropGathered();
    }

    @Override
    public boolean holdsFrames() {
        return link.holdsFrames();
    }
}
