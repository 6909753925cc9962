package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Responds to wrk without a codec: searches for blank lines, validates nothing, and expects each request within one read. */
final class HttpLowerBound extends ChannelInboundHandlerAdapter {

    /** Whole responses, renewed by another thread. */
    static final class Responses {
        volatile ByteBuf page = Unpooled.EMPTY_BUFFER;
        volatile ByteBuf greeting = Unpooled.EMPTY_BUFFER;
    }

    private static final ByteBuf BLANK_LINE = Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("\r\n\r\n", US_ASCII));
    private static final ByteBuf CLOSE =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("Connection: close", US_ASCII));

    private final Responses responses;

    HttpLowerBound(Responses responses) {
        this.responses = responses;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        boolean close = ByteBufUtil.indexOf(CLOSE, in) >= 0;
        ByteBuf out = ctx.alloc().directBuffer(responses.page.readableBytes());
        while (in.isReadable()) {
            boolean post = in.getByte(in.readerIndex()) == 'P';
            int end = ByteBufUtil.indexOf(BLANK_LINE, in);
            if (end < 0) {
                break;
            }
            in.readerIndex(Math.min(in.writerIndex(), end + 4 + (post ? HttpPage.FORM.length() : 0)));
            ByteBuf response = post ? responses.greeting : responses.page;
            out.writeBytes(response, response.readerIndex(), response.readableBytes());
        }
        in.release();
        ctx.write(out);
        if (close) {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
