package io.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Stands behind a decoder and writes down what comes: {@code "abc"} for a buffer, {@code "abc~"} for a fragment, {@code
 * "abc!"} for what is truncated, {@code "end of input"}, {@code "inactive"}, and of exceptions their class; the end of a
 * read is counted. What a test has asked for is done then.
 *
 * <p>The kit's end of a pipeline writes down too, but acts on nothing it is told, and does not count reads.
 */
@ChannelHandler.Sharable // one test may try several channels
final class Tail extends ChannelInboundHandlerAdapter {
    final List<String> told = new ArrayList<>();
    final List<Throwable> exceptions = new ArrayList<>();
    int readsCompleted;
    private final Map<String, Consumer<ChannelHandlerContext>> actions = new HashMap<>();

    /** Does this when that is told, after it is written down; {@code "complete"} stands for the end of a read. */
    Tail on(String what, Consumer<ChannelHandlerContext> action) {
        actions.put(what, action);
        return this;
    }

    private void tell(ChannelHandlerContext ctx, String what) {
        told.add(what);
        actions.getOrDefault(what, nothing -> {}).accept(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof FrameFragment fragment) {
                tell(ctx, fragment.content().toString(ISO_8859_1) + "~");
            } else if (message instanceof TruncatedFrame rest) {
                tell(ctx, rest.content().toString(ISO_8859_1) + "!");
            } else if (message instanceof ByteBuf frame) {
                tell(ctx, frame.toString(ISO_8859_1));
            } else {
                tell(ctx, message.toString());
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        readsCompleted++;
        actions.getOrDefault("complete", nothing -> {}).accept(ctx);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        tell(ctx, event instanceof ChannelInputShutdownEvent ? "end of input" : event.toString());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        tell(ctx, "inactive");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        exceptions.add(cause);
        tell(ctx, cause.getClass().getSimpleName());
    }

    // ---- the other end

    /** One read. */
    static void receive(EmbeddedChannel channel, String bytes) {
        channel.pipeline().fireChannelRead(buffer(bytes));
        channel.pipeline().fireChannelReadComplete();
        channel.runPendingTasks();
    }

    /** The peer has ended its half. */
    static void endInput(EmbeddedChannel channel) {
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.runPendingTasks();
    }

    /** The peer is gone, and the transport closes without asking any handler. */
    static void disconnect(EmbeddedChannel channel) {
        channel.unsafe().close(channel.voidPromise());
        channel.runPendingTasks();
    }

    static ByteBuf buffer(String bytes) {
        return ByteBufAllocator.DEFAULT.buffer().writeBytes(bytes.getBytes(ISO_8859_1));
    }
}
