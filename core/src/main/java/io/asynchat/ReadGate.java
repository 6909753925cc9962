package io.asynchat;

import io.netty.channel.ChannelHandlerContext;

/**
 * Stops and starts the reading of a channel, without a trace for others who do: auto-read is turned on again only if it
 * was turned off here, and a read that somebody asked for meanwhile is made up for.
 */
final class ReadGate {
    private boolean autoReadStopped; // by us
    private boolean readWanted; // by somebody, while reading was stopped

    /** Whether a read that somebody asks for may go to the transport now. */
    boolean letPass(boolean stop) {
        readWanted = stop;
        return !stop;
    }

    /** Whether reads happen only when somebody asks for them. */
    boolean isByHand(ChannelHandlerContext ctx) {
        return !autoReadStopped && !ctx.channel().config().isAutoRead();
    }

    void set(boolean stop, ChannelHandlerContext ctx) {
        if (!stop) {
            open(ctx);
        } else if (!autoReadStopped && ctx.channel().config().isAutoRead()) {
            autoReadStopped = true;
            ctx.channel().config().setAutoRead(false);
        }
    }

    void open(ChannelHandlerContext ctx) {
        if (!ctx.channel().isOpen()) {
            return; // a read would go to an event loop that may have ended, where the handlers have another executor
        }
        if (autoReadStopped) {
            autoReadStopped = false;
            ctx.channel().config().setAutoRead(true);
        }
        if (readWanted) {
            readWanted = false;
            ctx.read();
        }
    }
}
