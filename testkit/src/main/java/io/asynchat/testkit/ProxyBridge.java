package io.asynchat.testkit;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;

/** Forwards all input of one channel to another, the end of input included. */
final class ProxyBridge extends ChannelInboundHandlerAdapter {

    private final Channel other;

    ProxyBridge(Channel other) {
        this.other = other;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        other.writeAndFlush(message);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        other.config().setAutoRead(ctx.channel().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            afterAllWrites(written -> endOutput(ctx.channel()));
        }
    }

    private void endOutput(Channel ended) {
        ((DuplexChannel) other).shutdownOutput();
        if (((DuplexChannel) ended).isOutputShutdown()) {
            other.close(); // both directions have ended
            ended.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        afterAllWrites(written -> other.close());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        other.config().setOption(ChannelOption.SO_LINGER, 0);
        other.close();
        ctx.close();
    }

    private void afterAllWrites(ChannelFutureListener action) {
        other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(action);
    }
}
