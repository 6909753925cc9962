package io.asynchat.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayList;
import java.util.List;

/** Handlers that are broken on purpose, each in the way that its name says. */
final class Broken {

    private Broken() {}

    /** What a handler does with a buffer that it owns. */
    interface Reader {
        void read(ChannelHandlerContext ctx, ByteBuf piece);
    }

    static ChannelHandler handler(Reader reader) {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                reader.read(ctx, (ByteBuf) msg);
            }
        };
    }

    /** Looks for CRLF in each piece by itself; a CR at the end of one and an LF at the start of the next go unseen. */
    static final class ForgetsASplitDelimiter extends ChannelInboundHandlerAdapter {
        private final StringBuilder line = new StringBuilder();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf piece = (ByteBuf) msg;
            while (piece.isReadable()) {
                char c = (char) piece.readByte();
                if (c == '\r' && piece.isReadable() && piece.getByte(piece.readerIndex()) == '\n') {
                    piece.skipBytes(1);
                    ctx.fireChannelRead(line.toString());
                    line.setLength(0);
                } else {
                    line.append(c);
                }
            }
            piece.release();
        }
    }

    /** Takes "abc" for a delimiter that comes in one piece or in two, never in three. */
    static final class ForgetsADelimiterInThreePieces extends ChannelInboundHandlerAdapter {
        private final StringBuilder seen = new StringBuilder();
        private int piecesOfDelimiter;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf piece = (ByteBuf) msg;
            if (seen.length() > 0) {
                piecesOfDelimiter++;
            }
            while (piece.isReadable()) {
                seen.append((char) piece.readByte());
                if (!"abc".startsWith(seen.toString())) {
                    seen.setLength(0);
                    piecesOfDelimiter = 0;
                } else if (seen.length() == 3) {
                    ctx.fireChannelRead(piecesOfDelimiter < 2 ? "delimiter" : "missed");
                    seen.setLength(0);
                    piecesOfDelimiter = 0;
                }
            }
            piece.release();
        }
    }

    /** Passes everything on when the peer disconnects, and forgets what it held if it closes its half only. */
    static final class KeepsDataPastTheEnd extends ChannelInboundHandlerAdapter {
        private final List<ByteBuf> held = new ArrayList<>();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            held.add((ByteBuf) msg);
        }
    }

    /** Gathers in a buffer of its own, which it never releases. */
    static final class LeaksItsOwnBuffer extends ChannelInboundHandlerAdapter {
        private final CompositeByteBuf gathered = ByteBufAllocator.DEFAULT.compositeBuffer();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            gathered.addComponent(true, (ByteBuf) msg);
        }
    }
}
