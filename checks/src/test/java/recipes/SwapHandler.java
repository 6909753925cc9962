package recipes;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.FixedLengthFrameDecoder;
import io.netty.handler.codec.LineBasedFrameDecoder;

/** Echoes counted bodies with Netty's decoders, which are swapped in the pipeline. */
final class SwapHandler extends SimpleChannelInboundHandler<ByteBuf> {
    private boolean inBody;

    static void addTo(ChannelPipeline pipeline) {
        pipeline.addLast("decoder", new LineBasedFrameDecoder(10)).addLast(new SwapHandler());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) {
        if (inBody) {
            ctx.writeAndFlush(frame.retain());
            inBody = false; // before the replacement, which feeds the rest of the packet to the new decoder
            ctx.pipeline().replace("decoder", "decoder", new LineBasedFrameDecoder(10));
        } else {
            int length = Integer.parseInt(frame.toString(US_ASCII)); // takes "+5"; fails at "" and at 0 below
            inBody = true;
            ctx.pipeline().replace("decoder", "decoder", new FixedLengthFrameDecoder(length));
        }
    }
}
