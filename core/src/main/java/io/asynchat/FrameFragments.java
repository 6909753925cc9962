package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** The way out for streaming: pieces as they come, which their receiver owns. */
final class FrameFragments implements FrameSink {
    private final FrameLoop loop;

    FrameFragments(FrameLoop loop) {
        this.loop = loop;
    }

    @Override
    public void piece(ByteBuf in, int index, int length) {
        FrameFragment piece = new FrameFragment(in.retainedSlice(index, length));
        if (holdsFrames()) {
            loop.fireUnseen(piece);
        } else {
            loop.fire(piece);
        }
    }

    @Override
    public void end(ByteBuf in, int index, int length) {
        loop.fire(length == 0 ? Unpooled.EMPTY_BUFFER : in.retainedSlice(index, length));
    }

    @Override
    public void passThrough(ByteBuf in, int index, int length) {
        piece(in, index, length);
    }

    @Override
    public void truncated(Terminator terminator) {
        loop.fire(new TruncatedFrame(Unpooled.EMPTY_BUFFER, terminator));
    }

    @Override
    public void drop() {
        // Nothing is gathered here.
    }

    @Override
    public boolean holdsFrames() {
        ChatLink handler = loop.handler();
        return handler != null && handler.holdsFrames();
    }
}
