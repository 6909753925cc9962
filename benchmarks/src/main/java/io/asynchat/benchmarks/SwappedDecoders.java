package io.asynchat.benchmarks;

import io.asynchat.benchmarks.Framing.HeadAndBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DelimiterBasedFrameDecoder;
import io.netty.handler.codec.FixedLengthFrameDecoder;

/** Replaces the decoder after each frame, the usual way to change the framing within a connection. */
final class SwappedDecoders extends ChannelInboundHandlerAdapter {
    private final FrameCounter counter;
    private boolean inHead = true;
    private ChannelHandler decoder = heads();

    private SwappedDecoders(FrameCounter counter) {
        this.counter = counter;
    }

    static void install(ChannelPipeline pipeline, FrameCounter counter) {
        SwappedDecoders receiver = new SwappedDecoders(counter);
        pipeline.addLast(receiver.decoder, receiver);
    }

    private static ChannelHandler heads() {
        return new DelimiterBasedFrameDecoder(Candidate.FRAME_LIMIT, Unpooled.wrappedBuffer(HeadAndBody.BLANK_LINE));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf frame = (ByteBuf) message;
        counter.data(frame);
        counter.end();
        long length = inHead ? TrailingNumber.of(frame) : 0;
        frame.release();
        ChannelHandler next = inHead ? new FixedLengthFrameDecoder((int) length) : heads();
        ChannelHandler previous = decoder;
        inHead = !inHead;
        decoder = next;
        ctx.pipeline().replace(previous, null, next);
    }
}
