package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.stream.ChunkedInput;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The producers over what users have. */
final class Producers {
    private static final int PIECE = 8_192;

    private Producers() {}

    static Producer bytes(byte[] bytes) {
        return buffer(Unpooled.wrappedBuffer(bytes));
    }

    static Producer buffer(ByteBuf bytes) {
        return new Producer() {
            private @Nullable ByteBuf rest = bytes; // null once it has been given away

            @Override
            public @Nullable ReferenceCounted more(ByteBufAllocator alloc) {
                ByteBuf piece = rest;
                rest = null;
                return piece;
            }

            @Override
            public void close() {
                ReferenceCountUtil.release(rest);
            }
        };
    }

    static Producer stream(InputStream in) {
        return new Producer() {
            @Override
            public ReferenceCounted more(ByteBufAllocator alloc) throws Exception {
                ByteBuf piece = alloc.buffer(PIECE, PIECE);
                try {
                    piece.writeBytes(in, PIECE);
                    return piece;
                } catch (Throwable failed) {
                    piece.release();
                    throw failed;
                }
            }

            @Override
            public void close() throws Exception {
                in.close();
            }
        };
    }

    static Producer chunked(ChunkedInput<ByteBuf> input) {
        return new Producer() {
            @Override
            public @Nullable ReferenceCounted more(ByteBufAllocator alloc) throws Exception {
                while (!input.isEndOfInput()) {
                    ByteBuf chunk = input.readChunk(alloc);
                    if (chunk == null) {
                        throw new IllegalStateException("chunk: none for now (expected: a chunk, or the end of input)");
                    }
                    if (chunk.isReadable()) {
                        return chunk;
                    }
                    chunk.release();
                }
                return null;
            }

            @Override
            public void close() throws Exception {
                input.close();
            }
        };
    }
}
