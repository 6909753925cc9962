package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.jspecify.annotations.Nullable;

/** The chat of Netty's tutorials: writes and flushes each line to all members as a string. */
final class ChatPeer extends SimpleChannelInboundHandler<String> {
    private final ChannelGroup room;
    private @Nullable String name; // from login on

    private ChatPeer(ChannelGroup room) {
        this.room = room;
    }

    public static void main(String[] args) throws InterruptedException {
        ChannelGroup room = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
        int port = HttpPeer.listen(pipeline -> pipeline.addLast(
                new LineBasedFrameDecoder(8_192),
                new StringDecoder(UTF_8),
                new StringEncoder(UTF_8),
                new ChatPeer(room)));
        System.out.println("listening on 127.0.0.1:" + port);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, String line) {
        if (line.startsWith("login ")) {
            name = line.substring(6);
            room.add(ctx.channel());
        } else if (name != null && line.startsWith("say ")) {
            room.writeAndFlush(name + ": " + line.substring(4) + "\n");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
