package io.asynchat.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A chat of few words, for conversations: the first line of a peer is its name, the others go to everybody. */
final class ChatLines extends SimpleChannelInboundHandler<ByteBuf> {

    private final Map<Channel, String> members; // of the one room
    private String line = "";

    ChatLines(Map<Channel, String> members) {
        this.members = members;
    }

    static Map<Channel, String> room() {
        return new LinkedHashMap<>();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
        line += bytes.toString(UTF_8);
        for (int end = line.indexOf("\r\n"); end >= 0; end = line.indexOf("\r\n")) {
            String text = line.substring(0, end);
            line = line.substring(end + 2);
            read(ctx.channel(), text);
        }
    }

    private void read(Channel from, String text) {
        if (text.equals("quit")) {
            from.close();
        } else if (text.equals("fail")) {
            throw new IllegalStateException("asked to fail");
        } else if (members.putIfAbsent(from, text) == null) {
            tell(from, "welcome, " + text);
            from.eventLoop().schedule(() -> tell(from, "still there?"), 5, TimeUnit.MINUTES);
            from.eventLoop().schedule(() -> from.close(), 6, TimeUnit.MINUTES);
        } else {
            members.keySet().forEach(to -> to.eventLoop().execute(() -> tell(to, members.get(from) + ": " + text)));
        }
    }

    private static void tell(Channel to, String text) {
        to.writeAndFlush(ByteBufUtil.writeUtf8(to.alloc(), text + "\r\n"));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            tell(ctx.channel(), "bye");
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        members.remove(ctx.channel());
    }
}
