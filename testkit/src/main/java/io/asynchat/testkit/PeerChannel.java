package io.asynchat.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.MockTicker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.function.Consumer;

/** An embedded channel that passes the written bytes to its peer, with half-closure. */
final class PeerChannel extends EmbeddedChannel implements DuplexChannel {

    private final Consumer<byte[]> peer;

    // Mutable because each direction ends once.
    private boolean inputShutdown;
    private boolean outputShutdown;

    PeerChannel(MockTicker clock, ChannelHandler handler, Consumer<byte[]> peer) {
        super(EmbeddedChannel.builder().ticker(clock).register(false).handlers(handler));
        this.peer = peer;
        try {
            register();
        } catch (Exception failed) {
            throw new IllegalStateException("the channel was not registered", failed);
        }
    }

    /** Ends the input, as a peer that has shut down its output. */
    void endInput() {
        if (isOpen() && !inputShutdown) {
            inputShutdown = true;
            pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        }
    }

    /** Closes the channel as the network does: not through the handlers. */
    void disconnectPeer() {
        unsafe().close(newPromise());
    }

    /** Accepts the messages that a socket channel accepts. */
    @Override
    protected Object filterOutboundMessage(Object message) {
        if (message instanceof ByteBuf || message instanceof FileRegion) {
            return message;
        }
        throw new UnsupportedOperationException(
                "written: " + message.getClass().getName() + " (expected: ByteBuf or FileRegion)");
    }

    @Override
    protected void handleOutboundMessage(Object message) {
        try {
            peer.accept(message instanceof FileRegion file ? bytesOf(file) : ByteBufUtil.getBytes((ByteBuf) message));
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private static byte[] bytesOf(FileRegion region) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            while (region.transferred() < region.count()) {
                region.transferTo(Channels.newChannel(bytes), region.transferred());
            }
            return bytes.toByteArray();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    protected void handleInboundMessage(Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public boolean isInputShutdown() {
        return inputShutdown || !isOpen();
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown || !isOpen();
    }

    @Override
    public boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        outputShutdown = true;
        return promise.setSuccess();
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        inputShutdown = true;
        return promise.setSuccess();
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        inputShutdown = true;
        return shutdownOutput(promise);
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }
}
