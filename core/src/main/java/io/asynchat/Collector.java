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
    private boolean borrowed; // `gathered` is the callback's, not ours
    private boolean overflowed; // told once; the rest of the frame is not wanted

    /**
     * Adds borrowed data.
     *
     * @throws TooLongFrameException once, when it is more than {@code limit} in all; what was gathered is then dropped
     */
    void add(ByteBuf data, long limit, ByteBufAllocator alloc) {
        if (overflowed) {
            return;
        }
        if (size() + data.readableBytes() > limit) {
            drop();
            overflowed = true;
            throw new TooLongFrameException(
                    "gathered: more than " + limit + " bytes (expected: at most " + limit + ")");
        }
        if (gathered == null) {
            gathered = data;
            borrowed = true;
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
        return gathered == null ? 0 : gathered.readableBytes();
    }

    /** The callbacks that may use borrowed data are over: copies what was not taken. */
    void settle(ByteBufAllocator alloc) {
        if (borrowed && gathered != null) {
            gathered = Gathered.append(null, alloc, gathered, gathered.readerIndex(), gathered.readableBytes());
        }
        borrowed = false;
    }

    /** Whether the frame that ends now was too much; forgets it. */
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
        String text = gathered == null ? "" : gathered.toString(charset);
        drop();
        return text;
    }

    byte[] takeBytes() {
        byte[] bytes = gathered == null ? new byte[0] : ByteBufUtil.getBytes(gathered);
        drop();
        return bytes;
    }

    /** Hands it over to the caller. */
    ByteBuf takeData() {
        ByteBuf data = gathered == null ? Unpooled.EMPTY_BUFFER : borrowed ? gathered.retain() : gathered;
        gathered = null;
        borrowed = false;
        return data;
    }
}
