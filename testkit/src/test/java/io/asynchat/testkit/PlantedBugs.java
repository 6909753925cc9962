package io.asynchat.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import org.jspecify.annotations.Nullable;

/** Ten handlers with one bug each, as they are written by hand again and again; the comment names the bug. */
final class PlantedBugs {

    private PlantedBugs() {}

    /** A handler that gathers text. */
    abstract static class Gathering extends ChannelInboundHandlerAdapter {
        final StringBuilder text = new StringBuilder();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf piece = (ByteBuf) message;
            text.append(piece.readCharSequence(piece.readableBytes(), US_ASCII));
            piece.release();
            decode(ctx);
        }

        abstract void decode(ChannelHandlerContext ctx);

        static void reply(ChannelHandlerContext ctx, String reply) {
            ctx.writeAndFlush(ByteBufAllocator.DEFAULT.buffer().writeBytes(reply.getBytes(US_ASCII)));
        }

        /** Removes a line from the text and returns it; null if there is none. */
        @Nullable
        String nextLine() {
            int end = text.indexOf("\n");
            if (end < 0) {
                return null;
            }
            String line = text.substring(0, end);
            text.delete(0, end + 1);
            return line;
        }
    }

    /** Looks for CRLF in each read by itself. */
    static final class SplitDelimiter extends ChannelInboundHandlerAdapter {
        private final StringBuilder line = new StringBuilder();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf piece = (ByteBuf) message;
            String read = piece.toString(US_ASCII);
            piece.release();
            int start = 0;
            for (int end = read.indexOf("\r\n"); end >= 0; end = read.indexOf("\r\n", start)) {
                ctx.fireChannelRead(line.append(read, start, end).toString());
                line.setLength(0);
                start = end + 2;
            }
            line.append(read, start, read.length());
        }
    }

    /** A line with a length, then a body; the position up to which the line was searched survives the body. */
    static final class CursorNotReset extends Gathering {
        private int searched;
        private int length = -1;

        @Override
        void decode(ChannelHandlerContext ctx) {
            while (length < 0 ? decodeLine() : decodeBody(ctx)) {
                // the next part
            }
        }

        private boolean decodeLine() {
            int end = text.indexOf("\n", searched);
            if (end < 0) {
                searched = text.length();
                return false;
            }
            length = Integer.parseInt(text.substring(0, end));
            text.delete(0, end + 1);
            return true;
        }

        private boolean decodeBody(ChannelHandlerContext ctx) {
            if (text.length() < length) {
                return false;
            }
            ctx.fireChannelRead(text.substring(0, length));
            text.delete(0, length);
            length = -1;
            return true;
        }
    }

    /** Counts a CR that may belong to the delimiter against the limit of 3. */
    static final class LimitOffByOne extends Gathering {
        @Override
        void decode(ChannelHandlerContext ctx) {
            for (int end = text.indexOf("\r\n"); end >= 0; end = text.indexOf("\r\n")) {
                ctx.fireChannelRead(text.substring(0, end));
                text.delete(0, end + 2);
            }
            if (text.length() > 3) {
                text.setLength(0);
                ctx.fireExceptionCaught(new TooLongFrameException("longer than 3 bytes"));
            }
        }
    }

    /** Throws before it releases. */
    static final class LeakOnError extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf piece = (ByteBuf) message;
            if (piece.indexOf(piece.readerIndex(), piece.writerIndex(), (byte) '!') >= 0) {
                throw new DecoderException("invalid byte");
            }
            ctx.fireChannelRead(piece);
        }
    }

    /** Releases a message after it has passed it on. */
    static final class DoubleRelease extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf piece = (ByteBuf) message;
            ctx.fireChannelRead(piece);
            if (piece.refCnt() == 0) {
                return;
            }
            piece.release();
        }
    }

    /** Replies to lines that follow a quit in the same read. */
    static final class WriteAfterClose extends Gathering {
        @Override
        void decode(ChannelHandlerContext ctx) {
            for (String line = nextLine(); line != null; line = nextLine()) {
                if (line.equals("quit")) {
                    ctx.close();
                }
                ctx.fireChannelRead("replied to " + line);
                reply(ctx, line + "\n");
            }
        }
    }

    /** Replies to "slow" in a task, and to other lines at once. */
    static final class ReplyOutOfOrder extends Gathering {
        @Override
        void decode(ChannelHandlerContext ctx) {
            for (String line = nextLine(); line != null; line = nextLine()) {
                String reply = line + "\n";
                if (line.equals("slow")) {
                    ctx.executor().execute(() -> reply(ctx, reply));
                } else {
                    reply(ctx, reply);
                }
            }
        }
    }

    /** Parses the numbers in each read, and ignores that the last one is not complete. */
    static final class ExceptionSwallowed extends Gathering {
        @Override
        void decode(ChannelHandlerContext ctx) {
            try {
                while (text.length() > 0) {
                    int end = text.indexOf(";");
                    ctx.fireChannelRead(Integer.valueOf(text.substring(0, end)).toString());
                    text.delete(0, end + 1);
                }
            } catch (IndexOutOfBoundsException ignored) {
                text.setLength(0);
            }
        }
    }

    /** A reset between two reads keeps the arguments gathered in the same read. */
    static final class StateKeptAfterReset extends Gathering {
        private final StringBuilder arguments = new StringBuilder();

        @Override
        void decode(ChannelHandlerContext ctx) {
            String unfinished = arguments.toString();
            for (String line = nextLine(); line != null; line = nextLine()) {
                switch (line) {
                    case "reset" -> arguments.setLength(unfinished.length());
                    case "end" -> {
                        ctx.fireChannelRead("arguments " + arguments);
                        arguments.setLength(0);
                        unfinished = "";
                    }
                    default -> arguments.append(line);
                }
            }
        }
    }

    /** Waits for more bytes by a task that starts itself again, at the end of input too. */
    static final class BusyLoopAtEndOfInput extends Gathering {
        private boolean isEnded;

        @Override
        void decode(ChannelHandlerContext ctx) {
            for (String line = nextLine(); line != null; line = nextLine()) {
                ctx.fireChannelRead(line);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                isEnded = true;
                finish(ctx);
            }
        }

        private void finish(ChannelHandlerContext ctx) {
            if (isEnded && text.length() > 0) {
                ctx.executor().execute(() -> finish(ctx));
            }
        }
    }
}
