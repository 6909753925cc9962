package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;

/** Responds to the requests of Netty's codec and aggregator in the usual way, with one flush when a read is complete. */
final class HttpCodecHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private final HttpPage page;
    private final HttpPage greeting;
    private final CachedDate date;

    HttpCodecHandler(HttpPage page, HttpPage greeting, CachedDate date) {
        this.page = page;
        this.greeting = greeting;
        this.date = date;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        boolean post = request.method().equals(HttpMethod.POST);
        if (post) {
            new QueryStringDecoder(request.content().toString(UTF_8), false).parameters();
        }
        HttpPage content = post ? greeting : page;
        ByteBuf body = Unpooled.wrappedBuffer(content.body().getBytes(ISO_8859_1));
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
        for (int i = 0; i < content.fields().size(); i += 2) {
            response.headers().set(content.fields().get(i), content.fields().get(i + 1));
        }
        response.headers().set(HttpHeaderNames.DATE, date.now());
        response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        boolean keep = HttpUtil.isKeepAlive(request);
        HttpUtil.setKeepAlive(response, keep);
        if (keep) {
            ctx.write(response);
        } else {
            ctx.write(response).addListener(ChannelFutureListener.CLOSE);
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
