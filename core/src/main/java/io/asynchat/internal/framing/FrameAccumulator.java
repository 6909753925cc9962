package io.asynchat.internal.framing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the pieces of a frame in linear time and within a limit. Grows by received bytes, never by a claimed length.
 *
 * <p>A piece that is valid until {@link #copyIfBorrowed} is borrowed at first: a frame that comes in one read costs no copy. The
 * buffer of a frame that came in several is used again until {@link #trim}.
 */
public final class FrameAccumulator {
    /** Fits most frames that two reads share: whole lines of 512 bytes in reads of 1,500 take a sixth less time. */
    private static final int INITIAL_CAPACITY = 512;

    private @Nullable ByteBuf buffer; // the copied bytes, or empty and kept for the next frame
    private @Nullable ByteBuf borrowed; // the caller's; of it from `start` to `end`
    private int start;
    private int end;
    private boolean overflowed; // until cleared

    /**
     * Adds bytes.
     *
     * @param lent whether {@code data} stays valid until {@link #copyIfBorrowed}
     * @return false if the sum would exceed {@code limit}; the gathered bytes are then dropped
     */
    public boolean add(ByteBuf data, boolean lent, long limit, ByteBufAllocator alloc) {
        int index = data.readerIndex();
        int length = data.readableBytes();
        if (size() + length > limit) {
            drop();
            overflowed = true;
            return false;
        }
        if (lent && size() == 0) {
            borrowed = data;
            start = index;
            end = index + length;
        } else {
            copyIfBorrowed(alloc);
            append(data, index, length, alloc);
        }
        return true;
    }

    /** Appends a copy of these bytes. */
    public void append(ByteBuf from, int index, int length, ByteBufAllocator alloc) {
        ByteBuf to = buffer;
        if (to == null) {
            to = alloc.buffer(Math.max(INITIAL_CAPACITY, length));
            buffer = to;
        }
        if (to.writableBytes() < length) {
            // Netty's own growth is by 4 MiB steps above 4 MiB: quadratic in the size of the frame.
            long needed = (long) to.writerIndex() + length;
            to.capacity((int) Math.min(Integer.MAX_VALUE, Math.max(needed, 2L * to.capacity())));
        }
        to.writeBytes(from, index, length);
    }

    /** Copies borrowed bytes that were not taken: the callbacks that may use them have returned. */
    public void copyIfBorrowed(ByteBufAllocator alloc) {
        ByteBuf from = borrowed;
        if (from != null) {
            borrowed = null;
            append(from, start, end - start, alloc);
        }
    }

    /** Returns how many bytes are gathered. */
    public int size() {
        return borrowed != null ? end - start : buffer == null ? 0 : buffer.readableBytes();
    }

    /** Returns the gathered bytes, from {@link #index} on; still owned here. */
    public ByteBuf bytes() {
        return borrowed != null ? borrowed : buffer == null ? Unpooled.EMPTY_BUFFER : buffer;
    }

    /** Returns the index in {@link #bytes} of the first gathered byte. */
    public int index() {
        return borrowed != null ? start : bytes().readerIndex();
    }

    /** Returns whether bytes are to be copied, or an overflow cleared, when the callbacks have returned. */
    public boolean isUnsettled() {
        return overflowed || borrowed != null;
    }

    /** Returns whether the limit was exceeded since {@link #clearOverflow}. */
    public boolean isOverflowed() {
        return overflowed;
    }

    /** Clears the overflow. */
    public void clearOverflow() {
        overflowed = false;
    }

    /** Drops the gathered bytes. */
    public void drop() {
        if (borrowed != null) {
            borrowed = null;
        } else if (buffer != null) {
            if (buffer.refCnt() == 1) {
                buffer.clear();
            } else {
                release();
            }
        }
    }

    /** Hands the gathered bytes over; the caller owns the buffer. */
    public ByteBuf take() {
        ByteBuf taken;
        if (borrowed != null) {
            taken = borrowed.setIndex(start, end).retain(); // an override may have moved the indexes
            borrowed = null;
        } else if (size() == 0) {
            taken = Unpooled.EMPTY_BUFFER;
        } else {
            taken = bytes();
            buffer = null;
        }
        return taken;
    }

    /** Hands the last of the gathered bytes over, at most this many, and drops the others; null if there are none. */
    public @Nullable ByteBuf takeLast(long most) {
        if (most == 0 || size() == 0) {
            drop();
            trim();
            return null;
        }
        ByteBuf all = take();
        return all.skipBytes((int) Math.max(0, all.readableBytes() - most));
    }

    /** Hands the gathered bytes over as text. */
    public String takeText(Charset charset) {
        String text = bytes().toString(index(), size(), charset);
        drop();
        return text;
    }

    /** Hands the gathered bytes over as a new array. */
    public byte[] takeBytes() {
        byte[] taken = ByteBufUtil.getBytes(bytes(), index(), size());
        drop();
        return taken;
    }

    /** Takes a buffer back that {@link #take} has handed over: for the next frame, unless it is retained elsewhere. */
    public void reuse(ByteBuf taken) {
        if (buffer == null && taken.refCnt() == 1 && taken.capacity() > 0) {
            buffer = taken.clear();
        } else {
            taken.release();
        }
    }

    /** Releases the buffer if no bytes are gathered. */
    public void trim() {
        if (buffer != null && !buffer.isReadable()) {
            release();
        }
    }

    private void release() {
        ByteBuf released = buffer;
        buffer = null;
        if (released != null) {
            released.release();
        }
    }
}
