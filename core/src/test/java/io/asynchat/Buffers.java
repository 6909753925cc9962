package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import java.nio.charset.StandardCharsets;

/** The kinds of buffer a read may come in; {@code EveryCut} has its own, this is for tests that count in millions. */
enum Buffers {
    HEAP {
        @Override
        ByteBuf of(byte[] bytes, ByteBufAllocator alloc) {
            return alloc.heapBuffer(bytes.length + 1).writeBytes(bytes);
        }
    },
    DIRECT {
        @Override
        ByteBuf of(byte[] bytes, ByteBufAllocator alloc) {
            return alloc.directBuffer(bytes.length + 1).writeBytes(bytes);
        }
    },
    /** Begins behind bytes that have been read already, and ends before others. */
    WITHIN {
        @Override
        ByteBuf of(byte[] bytes, ByteBufAllocator alloc) {
            ByteBuf within = alloc.heapBuffer(bytes.length + 2 * DECOYS.length);
            within.writeBytes(DECOYS).writeBytes(bytes).writeBytes(DECOYS);
            return within.setIndex(DECOYS.length, DECOYS.length + bytes.length);
        }
    },
    SLICE {
        @Override
        ByteBuf of(byte[] bytes, ByteBufAllocator alloc) {
            return WITHIN.of(bytes, alloc).slice();
        }
    },
    READ_ONLY {
        @Override
        ByteBuf of(byte[] bytes, ByteBufAllocator alloc) {
            return WITHIN.of(bytes, alloc).asReadOnly();
        }
    },
    COMPOSITE {
        @Override
        ByteBuf of(byte[] bytes, ByteBufAllocator alloc) {
            int half = bytes.length / 2;
            CompositeByteBuf parts = alloc.compositeHeapBuffer(2);
            parts.addComponent(true, alloc.heapBuffer(half + 1).writeBytes(bytes, 0, half));
            parts.addComponent(true, alloc.heapBuffer(bytes.length + 1).writeBytes(bytes, half, bytes.length - half));
            return parts;
        }
    };

    private static final byte[] DECOYS = "ab\r\n".getBytes(StandardCharsets.US_ASCII);

    /** A new buffer of this kind with these bytes. */
    abstract ByteBuf of(byte[] bytes, ByteBufAllocator alloc);
}
