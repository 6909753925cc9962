package io.asynchat.benchmarks;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/** Counts the bodies that Netty's HTTP decoder decodes. */
final class HttpDecoderCandidate extends ChannelInboundHandlerAdapter {
    private final FrameCounter counter;

    private HttpDecoderCandidate(FrameCounter counter) {
        this.counter = counter;
    }

    static void install(ChannelPipeline pipeline, FrameCounter counter) {
        // HttpServerCodec combines it with an encoder and keeps the method of each request until the response.
        pipeline.addLast(new HttpRequestDecoder(), new HttpDecoderCandidate(counter));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpContent content) {
            counter.data(content.content());
        }
        if (message instanceof LastHttpContent) {
            counter.end();
        }
        ReferenceCountUtil.release(message);
    }
}
