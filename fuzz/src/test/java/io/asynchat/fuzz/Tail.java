package io.asynchat.fuzz;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.util.ReferenceCountUtil;
import java.util.List;

/**
 * The end of a pipeline. Records the messages and the peer's faults that reach it; any other exception is a fault of the handlers before it,
 * and fails the test even where the channel would keep it for itself.
 */
final class Tail extends ChannelInboundHandlerAdapter {
    static final String FAULT = "fault: ";

    private final List<String> events;

    Tail(List<String> events) {
        this.events = events;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        events.add("message " + message.getClass().getSimpleName());
        ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        events.add(cause instanceof DecoderException ? "peer's fault" : FAULT + FuzzAssertions.stackOf(cause));
    }
}
