package readme;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.Terminator;
import io.asynchat.TerminatorFrameDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;

/** The same as {@link EchoHandler}, for a handler that is not an AsyncChatHandler. */
final class FrameEchoHandler extends SimpleChannelInboundHandler<ByteBuf> {
    private static final Terminator LENGTH = Terminator.CRLF.atMost(10);

    private final TerminatorFrameDecoder decoder;
    private boolean inBody;

    FrameEchoHandler(TerminatorFrameDecoder decoder) {
        this.decoder = decoder;
    }

    static void addTo(ChannelPipeline pipeline) {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(LENGTH);
        pipeline.addLast(decoder, new FrameEchoHandler(decoder));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) {
        if (inBody) {
            ctx.writeAndFlush(frame.retain());
            decoder.setTerminator(LENGTH);
        } else {
            decoder.setTerminator(Terminator.parseLength(frame.toString(US_ASCII)));
        }
        inBody = !inBody;
    }

    /** A decoder closes nothing: what a frame that is too long, or no length, means is for this handler to decide. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
