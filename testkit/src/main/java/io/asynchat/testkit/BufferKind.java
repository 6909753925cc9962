package io.asynchat.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of buffer in which {@link EveryCut} hands a piece of the wire to a handler.
 *
 * <p>All come from {@link ByteBufAllocator#DEFAULT}. Except for {@link #EXACTLY_FULL}, 16 decoy bytes stand before the
 * piece and 16 after it. They are bytes of the wire, delimiters and all, so a handler that reads outside of the indexes
 * finds what it should not.
 */
public enum BufferKind {
    /** A heap buffer with room before and after the bytes, which nobody else holds. */
    HEAP {
        @Override
        Made make(byte[] wire, int from, int to) {
            return Made.given(
                    between(Decoys.forward(wire, from, to), ALLOCATOR.heapBuffer(to - from + 2 * Decoys.SIZE)));
        }
    },
    /** A direct buffer with room before and after the bytes, which nobody else holds: what a socket gives. */
    DIRECT {
        @Override
        Made make(byte[] wire, int from, int to) {
            return Made.given(
                    between(Decoys.backward(wire, from, to), ALLOCATOR.directBuffer(to - from + 2 * Decoys.SIZE)));
        }
    },
    /** A direct buffer that begins and ends with the bytes and cannot grow. */
    EXACTLY_FULL {
        @Override
        Made make(byte[] wire, int from, int to) {
            int length = to - from;
            int capacity = Math.max(1, length); // for no byte at all Netty has a buffer that is never released
            return Made.given(ALLOCATOR.directBuffer(capacity, capacity).writeBytes(wire, from, length));
        }
    },
    /** A slice from the middle of a heap buffer that somebody else holds too, so its bytes must not change. */
    SLICE {
        @Override
        Made make(byte[] wire, int from, int to) {
            ByteBuf whole = between(Decoys.forward(wire, from, to), ALLOCATOR.heapBuffer(to - from + 2 * Decoys.SIZE));
            return Made.shared(whole.slice(), whole, whole.capacity());
        }
    },
    /**
     * A direct buffer that somebody else holds too, like a message sent to many, so its bytes must not change. The room
     * after its writer index is the handler's, as Netty has it: {@code ByteToMessageDecoder} appends there.
     */
    SHARED {
        @Override
        Made make(byte[] wire, int from, int to) {
            ByteBuf whole =
                    between(Decoys.backward(wire, from, to), ALLOCATOR.directBuffer(to - from + 2 * Decoys.SIZE));
            return Made.shared(whole, whole, whole.writerIndex());
        }
    },
    /** A heap buffer that refuses to be written and to show its array. */
    READ_ONLY {
        @Override
        Made make(byte[] wire, int from, int to) {
            ByteBuf whole = between(Decoys.backward(wire, from, to), ALLOCATOR.heapBuffer(to - from + 2 * Decoys.SIZE));
            return Made.given(whole.asReadOnly());
        }
    },
    /** Many small parts, heap and direct in turn, so there is no array and no one address. */
    COMPOSITE {
        @Override
        Made make(byte[] wire, int from, int to) {
            byte[] bytes = Decoys.forward(wire, from, to);
            ByteBuf heap = ALLOCATOR.heapBuffer(bytes.length).writeBytes(bytes);
            ByteBuf direct = ALLOCATOR.directBuffer(bytes.length).writeBytes(bytes);
            CompositeByteBuf whole = ALLOCATOR.compositeBuffer(Integer.MAX_VALUE);
            int size = Math.max(1, (to - from) / PARTS);
            int end = Decoys.SIZE;
            for (int at = 0; at < bytes.length; at = end, end = Math.min(end + size, bytes.length)) {
                ByteBuf source = whole.numComponents() % 2 == 0 ? heap : direct;
                whole.addComponent(true, source.slice(at, end - at).retain());
                size = end >= Decoys.SIZE + to - from ? Decoys.SIZE : size;
            }
            heap.release();
            direct.release();
            return Made.given(whole.setIndex(Decoys.SIZE, bytes.length - Decoys.SIZE));
        }
    },
    /** Each piece of the wire in another of the kinds above. Stands last, so it does not choose itself. */
    MIXED {
        @Override
        Made make(byte[] wire, int from, int to) {
            return KINDS[from % (KINDS.length - 1)].make(wire, from, to);
        }
    };

    private static final ByteBufAllocator ALLOCATOR = ByteBufAllocator.DEFAULT;
    private static final int PARTS = 8;
    private static final BufferKind[] KINDS = values();

    /** Makes a buffer of this kind whose readable bytes are those of the wire from {@code from} to {@code to}. */
    abstract Made make(byte[] wire, int from, int to);

    /**
     * A buffer to hand to handlers.
     *
     * @param buffer what they get
     * @param held memory of which a reference stays here, {@code null} if the handlers alone hold theirs
     * @param unchangeable so many bytes of that memory, from its begin, must stay what they are
     */
    record Made(ByteBuf buffer, @Nullable ByteBuf held, int unchangeable) {
        static Made given(ByteBuf buffer) {
            return new Made(buffer, null, 0);
        }

        static Made shared(ByteBuf buffer, ByteBuf whole, int unchangeable) {
            return new Made(buffer, whole.retain(), unchangeable);
        }
    }

    private static ByteBuf between(byte[] bytesWithDecoys, ByteBuf empty) {
        return empty.writeBytes(bytesWithDecoys).setIndex(Decoys.SIZE, bytesWithDecoys.length - Decoys.SIZE);
    }
}
