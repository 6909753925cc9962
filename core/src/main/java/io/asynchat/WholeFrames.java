package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** The way out for whole frames: one message a frame, which its receiver owns. */
final class WholeFrames implements FrameSink {
    private final FrameLoop loop;
    private @Nullable ByteBuf gathered; // of a frame that did not come in one piece

    WholeFrames(FrameLoop loop) {
        this.loop = loop;
    }

    @Override
    public void piece(ByteBuf in, int index, int length) {
        gathered = Gathered.append(gathered, loop.alloc(), in, index, length);
    }

    @Override
    public void end(ByteBuf in, int index, int length) {
        if (gathered == null) {
            loop.fire(length == 0 ? Unpooled.EMPTY_BUFFER : in.retainedSlice(index, length));
        } else {
            loop.fire(take(in, index, length));
        }
    }

    @Override
    public void passThrough(ByteBuf in, int index, int length) {
        fireWithoutEnd(gathered == null ? in.retainedSlice(index, length) : take(in, index, length));
    }

    private void fireWithoutEnd(ByteBuf bytes) {
        // An AsyncChatHandler takes a buffer for the end of a frame.
        loop.fire(loop.handler() == null ? bytes : new FrameFragment(bytes));
    }

    @Override
    public void truncated(Terminator terminator) {
        loop.fire(new TruncatedFrame(take(Unpooled.EMPTY_BUFFER, 0, 0), terminator));
    }

    private ByteBuf take(ByteBuf in, int index, int length) {
        ByteBuf frame = length == 0 ? gathered : Gathered.append(gathered, loop.alloc(), in, index, length);
        gathered = null;
        return frame == null ? Unpooled.EMPTY_BUFFER : frame;
    }

    @Override
    public void drop() {
        take(Unpooled.EMPTY_BUFFER, 0, 0).release();
    }

    @Override
    public boolean holdsFrames() {
        return true;
    }

    /** Sends what was gathered on as it is: the decoder is leaving, or nothing was to end it. */
    void forward() {
        if (gathered != null) {
            fireWithoutEnd(take(Unpooled.EMPTY_BUFFER, 0, 0));
        }
    }

    boolean isEmpty() {
        return gathered == null;
    }
}
