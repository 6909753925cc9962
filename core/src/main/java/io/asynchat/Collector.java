package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.TooLongFrameException;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * What the default {@code collectIncomingData} gathers: asynchat's {@code _collect_incoming_data} and {@code _get_data}.
 *
 * <p>A frame that comes in one read is only borrowed until its {@code foundTerminator} returns, and so costs no copy.
 */
final class Collector {
    private @Nullable ByteBuf gathered;
    private boolean borrowed; // `gathered` is the callback's, not ours; of it from `start` to `end`
    private int start;
    private int end;
    private boolean overflowed; // since this was last asked

    /**
     * Adds borrowed data.
     *
     * @param lent whether it stays valid until {@link #settle}
     * @throws TooLongFrameException when it is more than {@code limit} in all; what was gathered is dropped
     */
    void add(ByteBuf data, boolean lent, long limit, ByteBufAllocator alloc) {
        if (size() + data.readableBytes() > limit) {
            drop();
            overflowed = true;
            throw new TooLongFrameException(
                    "gathered: more than " + limit + " bytes (expected: at most " + limit + ")");
        }
        if (gathered == null && lent) {
            gathered = data;
            borrowed = true;
            start = data.readerIndex();
            end = data.writerIndex();
        } else {
            settle(alloc);
            gathered = Gathered.append(gathered, alloc, data, data.readerIndex(), data.readableBytes());
        }
    }

    /** Whether what is gathered is valid only during the callback. */
    boolean isBorrowing() {
        return borrowed;
    }

    private long size() {
        return gathered == null ? 0 : borrowed ? end - start : gathered.readableBytes();
    }

    /** The callbacks that may use lent data are over: copies what was not taken. */
    void settle(ByteBufAllocator alloc) {
        if (borrowed && gathered != null) {
            gathered = Gathered.append(null, alloc, gathered, start, end - start);
        }
        borrowed = false;
    }

    /** Whether there has been too much. */
    boolean isOverflowed() {
        return overflowed;
    }

    /** Whether there has been too much; forgets it. */
    boolean wasOverflowed() {
        boolean was = overflowed;
        overflowed = false;
        return was;
    }

    void drop() {
        if (!borrowed && gathered != null) {
            gathered.release();
        }
        gathered = null;
        borrowed = false;
    }

    String takeText(Charset charset) {
        String text = gathered == null ? "" : gathered.toString(index(), (int) size(), charset);
        drop();
        return text;
    }

    byte[] takeBytes() {
        byte[] bytes = gathered == null ? new byte[0] : ByteBufUtil.getBytes(gathered, index(), (int) size());
        drop();
        return bytes;
    }

    private int index() {
        return borrowed || gathered == null ? start : gathered.readerIndex();
    }

    /** Hands it over to the caller. */
    ByteBuf takeData() {
        ByteBuf data = gathered == null ? Unpooled.EMPTY_BUFFER : gathered;
        if (borrowed) {
            data.setIndex(start, end).retain(); // an override may have read it since
        }
        gathered = null;
        borrowed = false;
        return data;
    }
}
