package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The received bytes that have not been read yet, in order; their position is the reader index of the first buffer.
 *
 * <p><b>Ownership.</b> Owns each buffer from {@link #append} or {@link #prepend} on. A buffer that has been read to its
 * end is kept until the next {@link #next}, because a callback may still be borrowing from it.
 */
final class Unread {
    /** Below this many bytes a view of the memory costs more than it saves. */
    private static final int WORTH_A_VIEW = 32;

    /** A peer that sends byte by byte fills a buffer with each. */
    private static final int MANY = 256;

    private @Nullable ByteBuf current; // replaced as buffers are read
    private @Nullable ByteBuffer memory; // of `current`, made when first asked for
    private @Nullable ArrayDeque<ByteBuf> later; // made when first needed: most reads find nothing before them

    void append(ByteBuf in) {
        if (current == null) {
            current = in;
        } else {
            later().addLast(in);
        }
    }

    void prepend(ByteBuf in) {
        if (current != null && !current.isReadable()) {
            later().addFirst(in); // a callback may be borrowing from `current`: it stays until next()
            return;
        }
        if (current != null) {
            later().addFirst(current);
        }
        current = in;
        memory = null;
    }

    private ArrayDeque<ByteBuf> later() {
        if (later == null) {
            later = new ArrayDeque<>(4);
        }
        return later;
    }

    /** The buffer to read from, or null if there is nothing to read. */
    @Nullable
    ByteBuf next() {
        while (current != null && !current.isReadable()) {
            ByteBuf read = current;
            current = later == null ? null : later.pollFirst();
            memory = null;
            read.release();
        }
        return current;
    }

    /** The memory of {@code in}, which {@link #next} returned, at the same indexes, or null if it is in pieces. */
    @Nullable
    ByteBuffer memory(ByteBuf in) {
        if (memory == null && in.readableBytes() >= WORTH_A_VIEW && in.nioBufferCount() == 1) {
            memory = in.nioBuffer(0, in.writerIndex());
        }
        return memory;
    }

    /** Drops all that is unread; the first buffer stays alive until {@link #next}. */
    void clear() {
        if (current != null) {
            current.skipBytes(current.readableBytes());
        }
        ArrayDeque<ByteBuf> dropped = later;
        later = null;
        if (dropped != null) {
            dropped.forEach(ByteBuf::release);
        }
    }

    /** Sends all that is unread on to the next handler, and keeps nothing of it; the first buffer as {@link #clear}. */
    void forward(ChannelHandlerContext ctx) {
        ByteBuf in = current;
        if (in != null && in.isReadable()) {
            ctx.fireChannelRead(in.readRetainedSlice(in.readableBytes()));
        }
        while (later != null && !later.isEmpty()) {
            ctx.fireChannelRead(later.removeFirst());
        }
    }

    /** Whether there are as many bytes, or more, or so many buffers that their memory counts, not their bytes. */
    boolean holds(int bytes) {
        int seen = current == null ? 0 : current.readableBytes();
        if (later != null) {
            if (later.size() >= MANY) {
                return true;
            }
            for (ByteBuf in : later) {
                seen += in.readableBytes();
            }
        }
        return seen >= bytes;
    }

    boolean isEmpty() {
        return (current == null || !current.isReadable()) && (later == null || later.isEmpty());
    }
}
