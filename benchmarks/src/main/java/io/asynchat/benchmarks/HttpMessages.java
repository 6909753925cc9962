package io.asynchat.benchmarks;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/** Counts the bodies that Netty's HTTP decoder finds. */
final class HttpMessages extends ChannelInboundHandlerAdapter {
    private final Tally tally;

    private HttpMessages(Tally tally) {
        this.tally = tally;
    }

    static void install(ChannelPipeline pipeline, Tally tally) {
        // HttpServerCodec is this and an encoder, and remembers each request until it is answered.
        pipeline.addLast(new HttpRequestDecoder(), new HttpMessages(tally));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpContent content) {
            tally.data(content.content());
        }
        if (message instanceof LastHttpContent) {
            tally.end();
        }
        ReferenceCountUtil.release(message);
    }
}
