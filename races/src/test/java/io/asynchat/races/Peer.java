package io.asynchat.races;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** The other end of a connection: keeps what it has received. */
public final class Peer extends ChannelInboundHandlerAdapter {
    private final StringBuilder received = new StringBuilder(); // on the event loop only, until the channel is closed
    private volatile Channel channel;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        received.append(bytes.toString(US_ASCII));
        bytes.release();
    }

    /** Sends text, from any thread. */
    public void send(String text) {
        channel.writeAndFlush(channel.alloc().buffer().writeBytes(text.getBytes(US_ASCII)));
    }

    /** Closes the connection, from any thread. */
    public void disconnect() {
        channel.close();
    }

    /** Waits until the connection is closed, and returns what has been received. */
    public String receivedUntilClose() throws InterruptedException {
        channel.closeFuture().sync();
        channel.eventLoop().submit(() -> {}).sync();
        return received.toString();
    }
}
