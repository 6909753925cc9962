package io.asynchat.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Counts messages, each a frame. */
final class Receiver extends ChannelInboundHandlerAdapter {
    private final Tally tally;

    Receiver(Tally tally) {
        this.tally = tally;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf frame = (ByteBuf) message;
        tally.data(frame);
        tally.end();
        frame.release();
    }
}
