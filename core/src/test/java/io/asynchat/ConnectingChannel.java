package io.asynchat;

import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;

/** A channel that is not connected until {@link #connect}. */
final class ConnectingChannel extends EmbeddedChannel {
    private boolean connected;

    ConnectingChannel(ChannelHandler... handlers) {
        super(handlers);
    }

    @Override
    public boolean isActive() {
        return connected && super.isActive();
    }

    void connect() {
        connected = true;
        pipeline().fireChannelActive();
        runPendingTasks();
    }
}
