package io.asynchat.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Counts messages, each of which is a frame. */
final class FrameReceiver extends ChannelInboundHandlerAdapter {
    private final FrameCounter counter;

    FrameReceiver(FrameCounter counter) {
        this.counter = counter;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf frame = (ByteBuf) message;
        counter.data(frame);
        counter.end();
        frame.release();
    }
}
