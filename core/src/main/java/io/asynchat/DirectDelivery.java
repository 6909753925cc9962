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
        view.lend(in, index, length);
        try {
            link.piece(view);
        } finally {
            takeBack();
        }
    }

    @Override
    public void end(ByteBuf in, int index, int length) {
        view.lend(in, index, length);
        try {
            link.frame(view);
        } finally {
            takeBack();
        }
    }

    private void takeBack() {
        boolean back;
        try {
            back = view.isBack();
        } catch (IllegalStateException released) {
            back = false;
            link.failed(released);
        }
        if (!back) {
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
