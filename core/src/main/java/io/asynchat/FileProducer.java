package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCounted;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** Sends a part of a file: as a region, which the transport sends itself, or as buffers where a handler must see them. */
final class FileProducer implements Producer {
    private static final int PIECE = 1 << 16;

    private final FileChannel file;
    private final long end;
    private long position; // of the next piece
    private boolean asRegion; // decided anew for each piece: TLS may come later
    private boolean givenAway; // the region closes the file

    FileProducer(FileChannel file, long position, long length) throws IOException {
        if (position < 0 || length < 0) {
            throw new IllegalArgumentException("position, length: " + position + ", " + length + " (expected: >= 0)");
        }
        if (length > file.size() - position) {
            throw new EOFException("file: " + file.size() + " bytes (expected: >= " + position + " + " + length + ")");
        }
        this.file = file;
        this.position = position;
        this.end = position + length;
    }

    /** A region where the transport takes one, and nothing before it has to see the bytes. */
    void decideHow(ChannelHandlerContext ctx) {
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
            givenAway = true;
            return new DefaultFileRegion(file, from, end - from);
        }
        int most = (int) Math.min(end - from, PIECE);
        ByteBuf piece = alloc.buffer(most, most);
        try {
            int read = piece.writeBytes(file, from, most);
            if (read <= 0) {
                throw new EOFException("file: ends at " + from + " (expected: at " + end + ", as when it was pushed)");
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
        if (!givenAway) {
            file.close();
        }
    }
}
