package io.asynchat.testkit;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Sends back what it is sent, closes when its peer has no more to say, and counts what happens. */
final class EchoHandler extends ChannelInboundHandlerAdapter {

    /** Written on the event loop; another thread may read it once {@link #inactive} is down. */
    final List<String> events = new ArrayList<>();

    final CountDownLatch inactive = new CountDownLatch(1);

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        events.add("read");
        ctx.write(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            events.add("end");
            ctx.close();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        events.add(ctx.channel().isWritable() ? "writable" : "full");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        events.add(cause.toString());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        events.add("inactive");
        inactive.countDown();
    }
}
