package io.asynchat.internal.framing;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The received bytes that have not been delivered yet, in order. The position is kept in two numbers beside the first buffer
 * and not in its reader index, because it moves with each frame.
 *
 * <p><b>Ownership.</b> Owns each buffer from {@link #append} or {@link #prepend} on. A buffer that has been read to its end
 * is kept until the next {@link #advance}, because a callback may still be borrowing from it.
 */
final class ReceiveBuffer {
    /** Below this many bytes a view of the memory costs more than it saves. */
    private static final int MIN_NIO_VIEW = 64;

    /** A peer that sends byte by byte occupies a buffer with each byte: from this many on, the buffers count. */
    static final int MAX_BUFFERS = 64;

    @Nullable
    ByteBuf current; // null: all received buffers are released

    int index; // the next byte to read in `current`
    int end; // behind the last byte of `current`

    private @Nullable ByteBuffer memory; // of `current`, created at the first call of memory()
    private @Nullable ArrayDeque<ByteBuf> later; // the buffers behind `current`

    void append(ByteBuf in) {
        if (current == null) {
            use(in);
        } else {
            later().addLast(in);
        }
    }

    void prepend(ByteBuf in) {
        ByteBuf first = current;
        if (first == null) {
            use(in);
        } else if (index == end) {
            later().addFirst(in); // a callback may be borrowing from `current`: it stays until advance()
        } else {
            later().addFirst(first.readerIndex(index));
            use(in);
        }
    }

    private ArrayDeque<ByteBuf> later() {
        if (later == null) {
            later = new ArrayDeque<>(4);
        }
        return later;
    }

    private void use(@Nullable ByteBuf in) {
        current = in;
        index = in == null ? 0 : in.readerIndex();
        end = in == null ? 0 : in.writerIndex();
        memory = null;
    }

    /** Releases the buffers that have been read. Returns false if there are no more bytes. */
    boolean advance() {
        while (current != null && index == end) {
            ByteBuf read = current;
            use(later == null ? null : later.pollFirst());
            read.release();
        }
        return current != null;
    }

    /** Returns the memory of the first buffer, at the same indexes; null if it is in pieces, or too short for a view. */
    @Nullable
    ByteBuffer memory(ByteBuf in) {
        if (memory == null && end - index >= MIN_NIO_VIEW && in.nioBufferCount() == 1) {
            memory = in.nioBuffer(0, end);
        }
        return memory;
    }

    /** Discards all unread bytes. The first buffer stays alive until {@link #advance}. */
    void clear() {
        index = end;
        ArrayDeque<ByteBuf> discarded = later;
        later = null;
        if (discarded != null) {
            discarded.forEach(ByteBuf::release);
        }
    }

    /** Hands over all unread bytes, a buffer at a time, which the receiver owns. The first buffer stays alive until {@link #advance}. */
    void forward(Consumer<ByteBuf> receiver) {
        ByteBuf in = current;
        if (in != null && index < end) {
            int from = index;
            index = end;
            receiver.accept(in.retainedSlice(from, end - from));
        }
        while (later != null && !later.isEmpty()) {
            receiver.accept(later.removeFirst());
        }
    }

    /** Returns whether at least that many bytes, or {@link #MAX_BUFFERS} buffers behind the first, are unread. */
    boolean hasAtLeast(int bytes) {
        int unread = end - index;
        if (later != null) {
            if (later.size() >= MAX_BUFFERS) {
                return true;
            }
            for (ByteBuf in : later) {
                unread += in.readableBytes();
            }
        }
        return unread >= bytes;
    }

    boolean isEmpty() {
        return index == end && (later == null || later.isEmpty());
    }
}
