package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.stream.ChunkedInput;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** The producers of {@link Producer}'s factories. */
final class Producers {
    private static final int PIECE = 8_192;

    private Producers() {}

    /** Releases what is not sent: closes a producer, releases a buffer or message. */
    static void release(@Nullable Object payload, Throwable cause) {
        try {
            if (payload instanceof Producer producer) {
                producer.close();
            } else {
                ReferenceCountUtil.release(payload);
            }
        } catch (Throwable fault) {
            if (fault != cause) { // which no throwable takes
                cause.addSuppressed(fault);
            }
        }
    }

    /** Returns the next piece; of a file, in the form that the channel takes. */
    static @Nullable ReferenceCounted more(Producer producer, ChannelHandlerContext ctx) throws Exception {
        if (producer instanceof FileProducer file) {
            file.chooseMode(ctx);
        }
        return producer.more(ctx.alloc());
    }

    static Producer bytes(byte[] bytes) {
        return buffer(Unpooled.wrappedBuffer(Checks.notNull(bytes, "bytes")));
    }

    static Producer buffer(ByteBuf bytes) {
        Checks.notNull(bytes, "bytes");
        return new Producer() {
            private @Nullable ByteBuf rest = bytes; // null once it has been returned

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
        Checks.notNull(in, "in");
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
        Checks.notNull(input, "input");
        return new Producer() {
            @Override
            public @Nullable ReferenceCounted more(ByteBufAllocator alloc) throws Exception {
                while (!input.isEndOfInput()) {
                    ByteBuf chunk = input.readChunk(alloc);
                    if (chunk == null) {
                        return Producer.NOT_YET;
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

    /** Sends a part of a file: as a region, which the transport sends itself, or as buffers where a handler needs the bytes. */
    static final class FileProducer implements Producer {
        private static final int FILE_PIECE = 1 << 16;

        private final FileChannel file;
        private final long end;
        private long position; // of the next piece
        private boolean asRegion; // decided for each piece: TLS may be added later
        private boolean transferred; // the region closes the file

        FileProducer(FileChannel file, long position, long length) throws IOException {
            Checks.notNull(file, "file");
            if (position < 0 || length < 0) {
                throw new IllegalArgumentException(
                        "position, length: " + position + ", " + length + " (expected: >= 0)");
            }
            if (length > file.size() - position) {
                throw new EOFException(
                        "file: " + file.size() + " bytes (expected: >= " + position + " + " + length + ")");
            }
            this.file = file;
            this.position = position;
            this.end = position + length;
        }

        /** Chooses a region where the transport takes one and no TLS needs the bytes. */
        private void chooseMode(ChannelHandlerContext ctx) {
            asRegion = ctx.channel() instanceof SocketChannel && ctx.pipeline().get(SslHandler.class) == null;
        }

        @Override
        public @Nullable ReferenceCounted more(ByteBufAllocator alloc) throws IOException {
            long from = position;
            if (from == end) {
                return null;
            }
            if (asRegion) {
                position = end;
                transferred = true;
                return new DefaultFileRegion(file, from, end - from);
            }
            int most = (int) Math.min(end - from, FILE_PIECE);
            ByteBuf piece = alloc.buffer(most, most);
            try {
                int read = piece.writeBytes(file, from, most);
                if (read <= 0) {
                    throw new EOFException(
                            "file: ends at " + from + " (expected: at " + end + ", as when it was pushed)");
                }
                position += read;
                return piece;
            } catch (Throwable failed) {
                piece.release();
                throw failed;
            }
        }

        @Override
        public void close() throws IOException {
            if (!transferred) {
                file.close();
            }
        }
    }
}
