package io.asynchat.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;

/**
 * Ten more handlers with one bug each, by an author who did not run EveryCut on them. Every handler expects {@link ByteBuf}
 * messages, passes Strings on, and (unless that is the bug) delivers nothing more once the channel is closed.
 */
final class PlantedByOthers {

    private PlantedByOthers() {}

    /** Splits lines, but assumes that the reader index of each received buffer is 0. */
    static final class ReaderIndexAssumedZero extends ChannelInboundHandlerAdapter {
        private final StringBuilder line = new StringBuilder();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf in = (ByteBuf) msg;
            try {
                int count = in.readableBytes();
                for (int i = 0; i < count && ctx.channel().isActive(); i++) {
                    int b = in.getByte(i) & 0xFF; // should be in.readerIndex() + i
                    if (b != '\n') {
                        line.append((char) b);
                        continue;
                    }
                    String text = line.toString();
                    line.setLength(0);
                    ctx.fireChannelRead(text);
                }
            } finally {
                in.release();
            }
        }
    }

    /** Splits lines, but uses the backing array of a heap buffer without adding its array offset. */
    static final class ArrayOffsetForgotten extends ChannelInboundHandlerAdapter {
        private final StringBuilder pending = new StringBuilder();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf in = (ByteBuf) msg;
            try {
                if (in.hasArray()) {
                    // should be in.arrayOffset() + in.readerIndex()
                    pending.append(
                            new String(in.array(), in.readerIndex(), in.readableBytes(), StandardCharsets.ISO_8859_1));
                } else {
                    pending.append(in.toString(StandardCharsets.ISO_8859_1));
                }
            } finally {
                in.release();
            }
            int end;
            while (ctx.channel().isActive() && (end = pending.indexOf("\n")) >= 0) {
                String text = pending.substring(0, end);
                pending.delete(0, end + 1);
                ctx.fireChannelRead(text);
            }
        }
    }

    /** Splits lines, but reads bytes as signed, so that the byte 0xFF equals the -1 that means "no more bytes". */
    static final class SignedByteIsEndMark extends ChannelInboundHandlerAdapter {
        private final StringBuilder line = new StringBuilder();

        private static int next(ByteBuf in) {
            return in.isReadable() ? in.readByte() : -1; // should be readUnsignedByte()
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf in = (ByteBuf) msg;
            try {
                int b;
                while (ctx.channel().isActive() && (b = next(in)) != -1) {
                    if (b != '\n') {
                        line.append((char) (b & 0xFF));
                        continue;
                    }
                    String text = line.toString();
                    line.setLength(0);
                    ctx.fireChannelRead(text);
                }
            } finally {
                in.release();
            }
        }
    }

    /** Splits frames with a one-byte length, but does not release the kept incomplete frame when the channel ends. */
    static final class PartKeptAtInactive extends ChannelInboundHandlerAdapter {
        private ByteBuf part; // no channelInactive or handlerRemoved releases it

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf in = (ByteBuf) msg;
            try {
                if (part == null) {
                    part = ctx.alloc().buffer();
                }
                part.writeBytes(in);
            } finally {
                in.release();
            }
            while (ctx.channel().isActive() && part.isReadable()) {
                int length = part.getUnsignedByte(part.readerIndex());
                if (part.readableBytes() < 1 + length) {
                    break;
                }
                part.skipBytes(1);
                ctx.fireChannelRead(part.readCharSequence(length, StandardCharsets.ISO_8859_1)
                        .toString());
            }
            if (!part.isReadable()) {
                part.release();
                part = null;
            }
        }
    }

    /** Splits lines, but does not clear the unterminated last line when it sends it, so half-close and close both do. */
    static final class TailSentTwice extends ChannelInboundHandlerAdapter {
        private final StringBuilder pending = new StringBuilder();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf in = (ByteBuf) msg;
            try {
                while (in.isReadable() && ctx.channel().isActive()) {
                    int b = in.readUnsignedByte();
                    if (b != '\n') {
                        pending.append((char) b);
                        continue;
                    }
                    String text = pending.toString();
                    pending.setLength(0);
                    ctx.fireChannelRead(text);
                }
            } finally {
                in.release();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
            if (evt instanceof ChannelInputShutdownEvent) {
                sendTail(ctx);
            }
            ctx.fireUserEventTriggered(evt);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            sendTail(ctx);
            ctx.fireChannelInactive();
        }

        private void sendTail(ChannelHandlerContext ctx) {
            if (pending.length() > 0) {
                ctx.fireChannelRead(pending.toString());
            } // should clear pending first
        }
    }

    /** Closes the channel at the line QUIT, but still delivers the lines that follow it in the same read. */
    static final class DeliversAfterQuit extends ChannelInboundHandlerAdapter {
        private final StringBuilder line = new StringBuilder();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf in = (ByteBuf) msg;
            try {
                if (!ctx.channel().isActive()) { // checked once for each read, should be checked for each line
                    return;
                }
                while (in.isReadable()) {
                    int b = in.readUnsignedByte();
                    if (b != '\n') {
                        line.append((char) b);
                        continue;
                    }
                    String text = line.toString();
                    line.setLength(0);
                    if (text.equals("QUIT")) {
                        ctx.close();
                    } else {
                        ctx.fireChannelRead(text);
                    }
                }
            } finally {
                in.release();
            }
        }
    }

    /** Splits lines, but decodes UTF-8 for each read by itself, so that a character split across reads is damaged. */
    static final class Utf8DecodedPerRead extends ChannelInboundHandlerAdapter {
        private final StringBuilder pending = new StringBuilder();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf in = (ByteBuf) msg;
            try {
                pending.append(in.toString(StandardCharsets.UTF_8)); // should decode complete lines only
            } finally {
                in.release();
            }
            int end;
            while (ctx.channel().isActive() && (end = pending.indexOf("\n")) >= 0) {
                String text = pending.substring(0, end);
                pending.delete(0, end + 1);
                ctx.fireChannelRead(text);
            }
        }
    }

    /** Splits lines, but keeps the first received buffer as its accumulation and writes later reads into it. */
    static final class WritesIntoReceivedBuffer extends ChannelInboundHandlerAdapter {
        private ByteBuf all;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf in = (ByteBuf) msg;
            if (all == null) {
                all = in; // should copy into a buffer of its own
            } else {
                try {
                    all.writeBytes(in);
                } finally {
                    in.release();
                }
            }
            int length;
            while (ctx.channel().isActive() && (length = all.bytesBefore((byte) '\n')) >= 0) {
                String text = all.readCharSequence(length, StandardCharsets.ISO_8859_1)
                        .toString();
                all.skipBytes(1);
                ctx.fireChannelRead(text);
            }
            if (all != null && (!all.isReadable() || !ctx.channel().isActive())) {
                free();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            free();
            ctx.fireChannelInactive();
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext ctx) {
            free();
        }

        private void free() {
            if (all != null) {
                all.release();
            }
            all = null;
        }
    }

    /** Stops delivering lines while autoRead is off, but nothing delivers the kept lines when autoRead is on again. */
    static final class PauseLosesRest extends ChannelInboundHandlerAdapter {
        private final StringBuilder pending = new StringBuilder();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf in = (ByteBuf) msg;
            try {
                pending.append(in.toString(StandardCharsets.ISO_8859_1));
            } finally {
                in.release();
            }
            int end;
            while (ctx.channel().isActive()
                    && ctx.channel().config().isAutoRead()
                    && (end = pending.indexOf("\n")) >= 0) {
                String text = pending.substring(0, end);
                pending.delete(0, end + 1);
                ctx.fireChannelRead(text);
            }
        }
    }

    /** Splits lines, but takes an empty buffer for the end of the stream and delivers the incomplete line. */
    static final class EmptyReadIsEnd extends ChannelInboundHandlerAdapter {
        private final StringBuilder line = new StringBuilder();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf in = (ByteBuf) msg;
            try {
                if (!in.isReadable()) {
                    send(ctx, false);
                } // should do nothing
                while (in.isReadable() && ctx.channel().isActive()) {
                    int b = in.readUnsignedByte();
                    if (b == '\n') {
                        send(ctx, true);
                    } else {
                        line.append((char) b);
                    }
                }
            } finally {
                in.release();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
            if (evt instanceof ChannelInputShutdownEvent) {
                send(ctx, false);
            }
            ctx.fireUserEventTriggered(evt);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            send(ctx, false);
            ctx.fireChannelInactive();
        }

        private void send(ChannelHandlerContext ctx, boolean evenEmpty) {
            String text = line.toString();
            line.setLength(0);
            if (evenEmpty || !text.isEmpty()) {
                ctx.fireChannelRead(text);
            }
        }
    }
}
