package io.asynchat;

import io.netty.channel.ChannelHandlerContext;

/** The time from the first byte of a frame to its end, or from when a length is asked for. */
final class FrameDeadline extends Deadline {
    private static final long NONE = -1;

    private long frame = NONE; // the number of the one that is being watched

    FrameDeadline(long nanos) {
        super(nanos);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ctx.fireChannelRead(message);
        watch(ctx);
    }

    /** Delivery goes on after a pause, or the connection begins: that may have begun a frame without a read. */
    @Override
    public void read(ChannelHandlerContext ctx) {
        watch(ctx);
        ctx.read();
    }

    private void watch(ChannelHandlerContext ctx) {
        long now = present(ctx);
        if (now != frame) {
            frame = now;
            if (now != NONE) {
                begin(ctx);
            }
        }
    }

    private long present(ChannelHandlerContext ctx) {
        FrameLoop frames = frames(ctx);
        return frames != null && frames.engine().insideFrame() ? frames.engine().frames() : NONE;
    }

    @Override
    boolean isOwed(ChannelHandlerContext ctx) {
        return frame != NONE && frame == present(ctx);
    }

    @Override
    ProtocolTimeoutException.Kind kind() {
        return ProtocolTimeoutException.Kind.FRAME;
    }

    @Override
    String late() {
        return "frame: not whole";
    }
}
