package io.asynchat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A peer that does not read, first in the pipeline of an {@code EmbeddedChannel}: what is flushed waits in Netty's own
 * outbound buffer, with its watermarks, until {@link #go}.
 *
 * <p>What the kit's links hold back waits in them and not in Netty's buffer, so no watermark is reached.
 */
final class WriteBlocker extends ChannelOutboundHandlerAdapter {
    private @Nullable ChannelHandlerContext ctx;
    private boolean stalled = true;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        if (!stalled) {
            ctx.flush();
        }
    }

    void go() {
        stalled = false;
        Objects.requireNonNull(ctx).flush();
        ((EmbeddedChannel) ctx.channel()).runPendingTasks();
    }

    void stop() {
        stalled = true;
    }

    void watermarks(int low, int high) {
        Objects.requireNonNull(ctx).channel().config().setWriteBufferWaterMark(new WriteBufferWaterMark(low, high));
    }

    long pending() {
        ChannelOutboundBuffer buffer =
                Objects.requireNonNull(ctx).channel().unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }
}
