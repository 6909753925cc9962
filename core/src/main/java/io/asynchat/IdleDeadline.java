package io.asynchat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.handler.timeout.ReadTimeoutException;
import java.util.concurrent.TimeUnit;

/** Tells of a peer that has sent nothing for some time, by a {@link ReadTimeoutException}; what then is the handler's. */
final class IdleDeadline extends IdleStateHandler {
    private final long nanos;

    IdleDeadline(long nanos) {
        super(nanos, 0, 0, TimeUnit.NANOSECONDS);
        this.nanos = nanos;
    }

    @Override
    protected void channelIdle(ChannelHandlerContext ctx, IdleStateEvent event) {
        if (event.isFirst()) {
            ctx.fireExceptionCaught(new ReadTimeoutException(
                    "idle: nothing received for " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms"));
        }
    }
}
