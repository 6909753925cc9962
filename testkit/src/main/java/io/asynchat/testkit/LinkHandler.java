package io.asynchat.testkit;

import io.asynchat.testkit.LinkFaults.Ending;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The handler of a {@link FaultyLink}. */
final class LinkHandler extends ChannelDuplexHandler {

    /** One of Netty's 31 user-defined writability flags; handlers that use one usually take the first. */
    private static final int WRITABILITY_INDEX = 31;

    private record Write(Object message, ChannelPromise promise) {}

    private final LinkFaults inboundFaults;
    private final LinkFaults outboundFaults;
    private final ArrayDeque<Write> unflushed = new ArrayDeque<>();

    // Set when the handler is added.
    private @Nullable LinkDirection inbound;
    private @Nullable LinkDirection outbound;
    private boolean readRequested; // and not yet met

    LinkHandler(LinkFaults inboundFaults, LinkFaults outboundFaults) {
        this.inboundFaults = inboundFaults;
        this.outboundFaults = outboundFaults;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        inbound = new LinkDirection(ctx, inboundFaults, new Handlers(ctx));
        outbound = new LinkDirection(ctx, outboundFaults, new Network(ctx));
        if (ctx.channel().isActive()) {
            begin();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.fireChannelActive();
        begin();
    }

    private void begin() {
        inbound().begin();
        outbound().begin();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        inbound().send(message, null);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        // each delivered piece is a read of its own, with its own read complete
    }

    @Override
    public void read(ChannelHandlerContext ctx) {
        readRequested = true;
        inbound().deliver();
        readIfIdle(ctx);
    }

    /** Reads from the channel if nothing is in flight and a read is requested. */
    private void readIfIdle(ChannelHandlerContext ctx) {
        boolean isReadRequested = readRequested || ctx.channel().config().isAutoRead();
        if (isReadRequested && inbound().isEmpty() && !inbound().isStalled()) {
            ctx.read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE || event == ChannelInputShutdownReadComplete.INSTANCE) {
            inbound().send((Runnable) () -> ctx.fireUserEventTriggered(event), null);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        unflushed.add(new Write(message, promise));
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        for (Write write = unflushed.poll(); write != null; write = unflushed.poll()) {
            outbound().send(write.message(), write.promise());
        }
        updateWritability(ctx.channel());
    }

    private void updateWritability(Channel channel) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        if (buffer == null) {
            return; // closed
        }
        if (outbound().bytes() > channel.config().getWriteBufferHighWaterMark()) {
            buffer.setUserDefinedWritability(WRITABILITY_INDEX, false);
        } else if (outbound().bytes() <= channel.config().getWriteBufferLowWaterMark()) {
            buffer.setUserDefinedWritability(WRITABILITY_INDEX, true);
        }
    }

    @Override
    public void disconnect(ChannelHandlerContext ctx, ChannelPromise promise) {
        close(ctx, promise);
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (outbound().isEmpty() || outbound().isStalled()) {
            ctx.close(promise);
        } else {
            outbound().send((Runnable) () -> ctx.close(promise), null);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        releaseAll();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        releaseAll();
    }

    private void releaseAll() {
        inbound().lose();
        outbound().lose();
        for (Write write = unflushed.poll(); write != null; write = unflushed.poll()) {
            ReferenceCountUtil.release(write.message());
            write.promise().tryFailure(new ClosedChannelException());
        }
    }

    private LinkDirection inbound() {
        return Objects.requireNonNull(inbound);
    }

    private LinkDirection outbound() {
        return Objects.requireNonNull(outbound);
    }

    /** Ends both directions. */
    private static void end(ChannelHandlerContext ctx, Ending ending) {
        if (ending == Ending.RESET) {
            ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            ctx.fireExceptionCaught(new SocketException("Connection reset"));
        }
        // not through the handlers: the network closes the channel
        ctx.channel().unsafe().close(ctx.newPromise());
    }

    /** The end of the inbound direction: the handlers. */
    private final class Handlers implements LinkDirection.Endpoint {
        private final ChannelHandlerContext ctx;

        Handlers(ChannelHandlerContext ctx) {
            this.ctx = ctx;
        }

        @Override
        public boolean isOpen() {
            return readRequested || ctx.channel().config().isAutoRead();
        }

        @Override
        public void arrive(Object piece, @Nullable ChannelPromise promise) {
            readRequested = false;
            ctx.fireChannelRead(piece);
            ctx.fireChannelReadComplete();
        }

        @Override
        public void end() {
            if (inboundFaults.ending() == Ending.HALF_CLOSE) {
                ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
                ctx.fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
            } else {
                LinkHandler.end(ctx, inboundFaults.ending());
            }
        }

        @Override
        public void deliveredLate() {
            readIfIdle(ctx);
        }
    }

    /** The end of the outbound direction: the channel. */
    private final class Network implements LinkDirection.Endpoint {
        private final ChannelHandlerContext ctx;

        Network(ChannelHandlerContext ctx) {
            this.ctx = ctx;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void arrive(Object piece, @Nullable ChannelPromise promise) {
            ctx.writeAndFlush(piece, promise == null ? ctx.newPromise() : promise);
        }

        /** Ends the direction behind the last byte, which may wait in the channel. */
        @Override
        public void end() {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
                if (outboundFaults.ending() != Ending.HALF_CLOSE) {
                    LinkHandler.end(ctx, outboundFaults.ending());
                } else if (ctx.channel() instanceof DuplexChannel channel) {
                    channel.shutdownOutput();
                }
            });
        }

        @Override
        public void deliveredLate() {
            updateWritability(ctx.channel());
        }
    }
}
