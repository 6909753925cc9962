package io.asynchat.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Where a candidate puts its frames: counted while it is timed, kept while it is checked. */
final class FrameCounter {
    private long frames;
    private long bytes;
    private final boolean keeps;
    private final List<byte[]> kept = new ArrayList<>();
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream();

    FrameCounter(boolean keeps) {
        this.keeps = keeps;
    }

    /** A part of a frame, or all of it. */
    void data(ByteBuf data) {
        bytes += data.readableBytes();
        if (keeps) {
            piece.writeBytes(ByteBufUtil.getBytes(data));
        }
    }

    /** The same, by a candidate that does not look at bytes. */
    void data(int length) {
        bytes += length;
    }

    /** The frame has ended. */
    void end() {
        frames++;
        if (keeps) {
            kept.add(piece.toByteArray());
            piece.reset();
        }
    }

    long frames() {
        return frames;
    }

    long bytes() {
        return bytes;
    }

    List<byte[]> kept() {
        return kept;
    }
}
