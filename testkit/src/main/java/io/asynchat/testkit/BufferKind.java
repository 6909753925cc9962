package io.asynchat.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of buffer in which {@link EveryCut} hands a piece of the wire to a handler.
 *
 * <p>All come from {@link ByteBufAllocator#DEFAULT}. Except for {@link #EXACTLY_FULL}, 16 guard bytes stand before the
 * piece and 16 after it. They repeat bytes of the wire, delimiters included, so a handler that reads outside the indexes
 * decodes a frame that is not there.
 *
 * <pre>{@code
 * EveryCut.of(wire).through(() -> new LineBasedFrameDecoder(80)).onlyCutAt(BufferKind.COMPOSITE, 1).agrees();
 * }</pre>
 */
public enum BufferKind {
    /** A heap buffer with room before and after the bytes, referenced by the handler alone. */
    HEAP {
        @Override
        Made make(byte[] wire, int from, int to) {
            return Made.given(
                    between(GuardBytes.forward(wire, from, to), ALLOCATOR.heapBuffer(to - from + 2 * GuardBytes.SIZE)));
        }
    },
    /** A direct buffer with room before and after the bytes, referenced by the handler alone, as a socket reads into. */
    DIRECT {
        @Override
        Made make(byte[] wire, int from, int to) {
            return Made.given(between(
                    GuardBytes.backward(wire, from, to), ALLOCATOR.directBuffer(to - from + 2 * GuardBytes.SIZE)));
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
    /** A slice from the middle of a heap buffer that has another owner too, so its bytes must not change. */
    SLICE {
        @Override
        Made make(byte[] wire, int from, int to) {
            ByteBuf whole =
                    between(GuardBytes.forward(wire, from, to), ALLOCATOR.heapBuffer(to - from + 2 * GuardBytes.SIZE));
            return Made.shared(whole.slice(), whole, whole.capacity());
        }
    },
    /**
     * A direct buffer that has another owner too, as a broadcast message has, so its bytes must not change. The handler may
     * write after its writer index, as {@code ByteToMessageDecoder} does.
     */
    SHARED {
        @Override
        Made make(byte[] wire, int from, int to) {
            ByteBuf whole = between(
                    GuardBytes.backward(wire, from, to), ALLOCATOR.directBuffer(to - from + 2 * GuardBytes.SIZE));
            return Made.shared(whole, whole, whole.writerIndex());
        }
    },
    /** A heap buffer that refuses to be written and to show its array. */
    READ_ONLY {
        @Override
        Made make(byte[] wire, int from, int to) {
            ByteBuf whole =
                    between(GuardBytes.backward(wire, from, to), ALLOCATOR.heapBuffer(to - from + 2 * GuardBytes.SIZE));
            return Made.given(whole.asReadOnly());
        }
    },
    /** Many small components, heap and direct in turn, so there is neither an array nor one memory address. */
    COMPOSITE {
        @Override
        Made make(byte[] wire, int from, int to) {
            byte[] bytes = GuardBytes.forward(wire, from, to);
            ByteBuf heap = ALLOCATOR.heapBuffer(bytes.length).writeBytes(bytes);
            ByteBuf direct = ALLOCATOR.directBuffer(bytes.length).writeBytes(bytes);
            CompositeByteBuf whole = ALLOCATOR.compositeBuffer(Integer.MAX_VALUE);
            int size = Math.max(1, (to - from) / PARTS);
            int end = GuardBytes.SIZE;
            for (int at = 0; at < bytes.length; at = end, end = Math.min(end + size, bytes.length)) {
                ByteBuf source = whole.numComponents() % 2 == 0 ? heap : direct;
                whole.addComponent(true, source.slice(at, end - at).retain());
                size = end >= GuardBytes.SIZE + to - from ? GuardBytes.SIZE : size;
            }
            heap.release();
            direct.release();
            return Made.given(whole.setIndex(GuardBytes.SIZE, bytes.length - GuardBytes.SIZE));
        }
    },
    /** Each piece of the wire in another of the kinds above. Declared last, so that it does not select itself. */
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
     * @param buffer the buffer handed to the handlers
     * @param held memory to which the test keeps a reference, {@code null} if only the handlers have one
     * @param unchangeable the number of bytes at the start of that memory that must not change
     */
    record Made(ByteBuf buffer, @Nullable ByteBuf held, int unchangeable) {
        static Made given(ByteBuf buffer) {
            return new Made(buffer, null, 0);
        }

        static Made shared(ByteBuf buffer, ByteBuf whole, int unchangeable) {
            return new Made(buffer, whole.retain(), unchangeable);
        }
    }

    private static ByteBuf between(byte[] guardedBytes, ByteBuf empty) {
        return empty.writeBytes(guardedBytes).setIndex(GuardBytes.SIZE, guardedBytes.length - GuardBytes.SIZE);
    }
}
