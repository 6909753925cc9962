package io.asynchat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Who gets what the loop delivers, and how: the {@link AsyncChatHandler} next door by a call, any other by messages.
 *
 * <p>The pipeline may change at any time and tells nobody, so the way is chosen afresh at each read. A handler on another
 * executor is waited for after each message: what it decides there governs the very next byte.
 */
final class WayOut {
    private final FrameLoop loop;
    private final @Nullable WholeFrames whole; // unless streaming
    private final FrameFragments fragments;
    private @Nullable ChatLink handler; // the one that has put or adopted the decoder
    private @Nullable FrameSink sink; // until it has to be chosen again
    private boolean direct; // it calls the handler

    WayOut(FrameLoop loop, boolean streaming) {
        this.loop = loop;
        whole = streaming ? null : new WholeFrames(loop);
        fragments = new FrameFragments(loop);
    }

    @Nullable
    ChatLink handler() {
        return handler;
    }

    void handler(@Nullable ChatLink handler) {
        this.handler = handler;
        sink = null;
    }

    void chooseAgain() {
        sink = null;
    }

    /** The way for what comes next; null while the handler has to hear of its connection, or of its place, before. */
    @Nullable
    FrameSink next(ChannelHandlerContext ctx) {
        if (sink == null && awaitsNewcomer(ctx)) {
            return null;
        }
        if (handler != null && !handler.isConnectTold()) {
            tellConnect(ctx, handler);
            return null;
        }
        return sink == null ? choose(ctx) : sink;
    }

    private FrameSink choose(ChannelHandlerContext ctx) {
        FrameSink call = whole != null || handler == null ? null : handler.directFrom(ctx);
        direct = call != null;
        FrameSink chosen = call != null ? call : whole != null ? whole : fragments;
        sink = chosen;
        return chosen;
    }

    /**
     * Waits for a handler that is going to adopt this decoder, but has not heard yet, on an executor of its own, that it
     * is in the pipeline: what it sets must govern the very next byte.
     */
    private boolean awaitsNewcomer(ChannelHandlerContext ctx) {
        ChannelHandlerContext newcomer = handler == null ? ctx.pipeline().context(AsyncChatHandler.class) : null;
        if (newcomer == null
                || newcomer.executor() == ctx.executor()
                || Place.decoderBefore(newcomer) != ctx.handler()) {
            return false;
        }
        loop.hold(Holds.AWAITING);
        EventLoops.run(
                newcomer.executor(),
                () -> EventLoops.run(ctx.executor(), () -> {
                    choose(ctx); // so that it is waited for once
                    loop.free(Holds.AWAITING);
                }));
        return true;
    }

    /** Bytes have come before the handler has heard of the connection: what it does then must govern the first of them. */
    private void tellConnect(ChannelHandlerContext ctx, ChatLink handler) {
        if (handler.executor() == ctx.executor()) {
            handler.connected();
        } else {
            await(ctx, handler);
        }
    }

    /** Something was delivered: a handler on another executor is waited for. */
    void delivered(ChannelHandlerContext ctx) {
        if (!direct && handler != null && handler.executor() != ctx.executor()) {
            await(ctx, handler);
        }
    }

    private void await(ChannelHandlerContext ctx, ChatLink handler) {
        EventExecutor own = ctx.executor();
        loop.hold(Holds.AWAITING);
        EventLoops.run(handler.executor(), () -> {
            handler.connected();
            EventLoops.run(own, () -> loop.free(Holds.AWAITING));
        });
    }

    /** Drops what was gathered of a frame. */
    void drop() {
        if (whole != null) {
            whole.drop();
        } else if (sink != null) {
            sink.drop();
        }
    }

    /** Whether nothing was gathered here. */
    boolean isEmpty() {
        return whole == null || whole.isEmpty();
    }

    /** Sends what was gathered on as it is. */
    void forward() {
        if (whole != null) {
            whole.forward();
        }
    }
}
