package io.asynchat;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;

/**
 * An embedded channel whose two directions end one after the other, as a socket's do, in virtual time.
 *
 * <p>A conversation has such channels too, but its peers cannot tell an output that has ended from a channel that is closed.
 */
final class HalfClosable extends EmbeddedChannel implements DuplexChannel {
    private final MockTicker time;
    private boolean outputShutdown;
    private boolean inputShutdown;

    HalfClosable(ChannelHandler... handlers) {
        this(Ticker.newMockTicker(), handlers);
    }

    private HalfClosable(MockTicker time, ChannelHandler... handlers) {
        super(EmbeddedChannel.builder().ticker(time).handlers(handlers));
        this.time = time;
    }

    /** The peer ends its side. */
    void endInput() {
        inputShutdown = true;
        pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        runPendingTasks();
    }

    void pass(long amount, TimeUnit unit) {
        time.advance(amount, unit);
        runPendingTasks();
    }

    @Override
    public boolean isInputShutdown() {
        return inputShutdown;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown;
    }

    @Override
    public boolean isShutdown() {
        return inputShutdown && outputShutdown;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        outputShutdown = true;
        return promise.setSuccess();
    }

    @Override
    public ChannelFuture shutdownInput() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ChannelFuture shutdown() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        throw new UnsupportedOperationException();
    }
}
