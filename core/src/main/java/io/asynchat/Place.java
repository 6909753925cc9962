package io.asynchat;

import io.netty.channel.ChannelHandlerContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an {@link AsyncChatHandler} is: its place in a pipeline, behind the decoder that it has brought or adopted.
 *
 * <p>Before it has one it has a decoder all the same, which keeps what the constructor sets.
 */
final class Place {
    private TerminatorFrameDecoder decoder = TerminatorFrameDecoder.streaming(Terminator.none()); // until it adopts one
    private @Nullable ChannelHandlerContext ctx; // from handlerAdded on

    TerminatorFrameDecoder decoder() {
        return decoder;
    }

    boolean isTaken() {
        return ctx != null;
    }

    ChannelHandlerContext ctx() {
        if (ctx == null) {
            throw new IllegalStateException("handler: in no pipeline (expected: after handlerAdded)");
        }
        return ctx;
    }

    /** Brings the decoder along, or adopts the nearest one that is there. */
    void take(ChannelHandlerContext ctx, ChatLink link, AsyncChatHandler handler) {
        this.ctx = ctx;
        TerminatorFrameDecoder there = decoderBefore(ctx);
        if (there == null) {
            decoder.loop().handler(link);
            bring(ctx, decoder.broughtByHandler());
        } else {
            TerminatorFrameDecoder own = decoder;
            decoder = there;
            there.onLoop(loop -> loop.handler(link));
            handler.passSettings(own, there);
        }
    }

    /** On the handler's executor, which has what was read since the handler was added, in order. */
    @SuppressWarnings("deprecation") // of an executor for a part of a pipeline: a user has chosen it
    private static void bring(ChannelHandlerContext ctx, TerminatorFrameDecoder decoder) {
        if (ctx.executor() == ctx.channel().eventLoop()) {
            ctx.pipeline().addBefore(ctx.name(), null, decoder);
        } else {
            ctx.pipeline().addBefore(ctx.executor(), ctx.name(), null, decoder);
        }
    }

    /** The decoder that a handler there adopts. */
    static @Nullable TerminatorFrameDecoder decoderBefore(ChannelHandlerContext ctx) {
        TerminatorFrameDecoder nearest = null;
        for (String name : ctx.pipeline().names()) {
            if (name.equals(ctx.name())) {
                return nearest;
            }
            if (ctx.pipeline().get(name) instanceof TerminatorFrameDecoder decoder) {
                nearest = decoder;
            }
        }
        return nearest;
    }

    /** Whether nothing stands between the decoder and the handler, and both are on one executor. */
    boolean isRightBehind(ChannelHandlerContext decoder) {
        ChannelHandlerContext ctx = ctx();
        if (ctx.executor() != decoder.executor()) {
            return false;
        }
        List<String> names = ctx.pipeline().names();
        int next = names.indexOf(decoder.name()) + 1;
        return names.get(next).equals(ctx.name());
    }

    /** Takes the decoder along if the handler has brought it, unless another handler has adopted it. */
    void leave(ChatLink link) {
        ChannelHandlerContext ctx = ctx();
        decoder.onLoop(loop -> {
            if (loop.handler() == link) {
                if (decoder.isBroughtByHandler() && !decoder.isRemoved()) {
                    ctx.pipeline().remove(decoder);
                }
                loop.handler(null);
            }
        });
    }
}
