package io.asynchat.fuzz;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;

/**
 * The end of a pipeline. Records the messages and the peer's faults that reach it; any other exception is a fault of the handlers before it,
 * and fails the test even where the channel would keep it for itself.
 */
final class Tail extends ChannelInboundHandlerAdapter {
    private final List<String> events;
    private final List<String> faults = new ArrayList<>();

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
        if (cause instanceof DecoderException) {
            events.add("peer's fault");
        } else {
            faults.add(FuzzAssertions.stackOf(cause));
        }
    }

    /** Returns the stacks of the handlers' faults. */
    List<String> faults() {
        return faults;
    }
}
