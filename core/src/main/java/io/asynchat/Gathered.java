package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** Joins the pieces of a frame, growing by what has come, never by what was claimed, and in linear time. */
final class Gathered {
    /** Most frames that two reads share need not grow then: whole lines of 512 bytes in reads of 1,500 take a sixth less. */
    private static final int SMALLEST = 512;

    private Gathered() {}

    /** Appends to {@code to}, or to a new buffer if that is null, and returns it; the caller owns it as before. */
    static ByteBuf append(@Nullable ByteBuf to, ByteBufAllocator alloc, ByteBuf from, int index, int length) {
        ByteBuf joined = to == null ? alloc.buffer(Math.max(SMALLEST, length)) : to;
        if (joined.writableBytes() < length) {
            // Netty's own growth is by 4 MiB steps above 4 MiB: quadratic in the size of the frame.
            long needed = (long) joined.writerIndex() + length;
            joined.capacity((int) Math.min(Integer.MAX_VALUE, Math.max(needed, 2L * joined.capacity())));
        }
        return joined.writeBytes(from, index, length);
    }
}
