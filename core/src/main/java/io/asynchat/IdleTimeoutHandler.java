package io.asynchat;

import io.netty.channel.ChannelHandlerContext;

/** The time in which something must be received. */
final class IdleTimeoutHandler extends Deadline {

    IdleTimeoutHandler(long nanos) {
        super(nanos);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            begin(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        begin(ctx);
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        begin(ctx);
        ctx.fireChannelRead(message);
    }

    @Override
    boolean isOwed(ChannelHandlerContext ctx) {
        return true;
    }

    @Override
    ProtocolTimeoutException.Kind kind() {
        return ProtocolTimeoutException.Kind.IDLE;
    }

    @Override
    String late() {
        return "idle: nothing received";
    }
}
