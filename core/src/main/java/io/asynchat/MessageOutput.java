package io.asynchat;

import io.asynchat.ConnectionState.Event;
import io.asynchat.internal.framing.FrameAccumulator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Fires frames as messages: whole ones, each a buffer that its receiver owns, or pieces as they come.
 *
 * <p>The message of a whole frame is a view, which is used again if the receiver releases it in the call.
 */
final class MessageOutput implements ConnectionListener {
    private final boolean streaming;
    private final ConnectionState state;
    private final FlowControl flow;
    private final FrameAccumulator gathered = new FrameAccumulator(); // of a frame that did not come in one piece
    private final boolean lentOnce = BorrowedByteBuf.isLentOnce();
    private BorrowedByteBuf view = new BorrowedByteBuf(); // replaced when a receiver has kept it
    private @Nullable ChannelHandlerContext ctx; // from handlerAdded on
    private @Nullable DecodeLoop loop; // the one that reports here

    MessageOutput(boolean streaming, ConnectionState state, FlowControl flow) {
        this.streaming = streaming;
        this.state = state;
        this.flow = flow;
    }

    void loop(DecodeLoop loop) {
        this.loop = loop;
    }

    void added(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(ctx);
    }

    private void fire(Object message) {
        DecodeLoop loop = Objects.requireNonNull(this.loop);
        ChannelHandlerContext ctx = context();
        loop.beginMessage();
        flow.demandMet(); // it is what the last read() was for
        ctx.fireChannelRead(message);
        // Without auto-read the next message waits for a read(); no event says when auto-read changes.
        if (flow.awaitDemand(ctx) || !ctx.channel().isOpen()) {
            loop.framer().interrupt(); // closed: by a handler before this one
        }
    }

    private void give(ByteBuf in, int index, int length) {
        if (length == 0) {
            fire(Unpooled.EMPTY_BUFFER);
            return;
        }
        BorrowedByteBuf given = view;
        given.give(in, index, length);
        fire(given);
        if (!given.isBack() || lentOnce) {
            view = new BorrowedByteBuf();
        }
    }

    private void giveGathered() {
        ByteBuf frame = gathered.take();
        give(frame, frame.readerIndex(), frame.readableBytes());
        gathered.reuse(frame);
    }

    private void gather(ByteBuf in, int index, int length) {
        gathered.append(in, index, length, context().alloc());
    }

    @Override
    public void fragment(ByteBuf in, int index, int length) {
        if (streaming) {
            Objects.requireNonNull(loop).framer().collected(); // only a callback counts the piece as outstanding
            fire(new FrameFragment(in.retainedSlice(index, length)));
        } else {
            gather(in, index, length);
        }
    }

    @Override
    public void end(ByteBuf in, int index, int length) {
        Objects.requireNonNull(loop).framer().collected();
        if (gathered.size() == 0) {
            give(in, index, length);
        } else {
            gather(in, index, length);
            giveGathered();
        }
    }

    @Override
    public void passThrough(ByteBuf in, int index, int length) {
        if (streaming) {
            fragment(in, index, length);
        } else {
            end(in, index, length);
        }
    }

    @Override
    public void truncated(Terminator terminator) {
        ByteBuf rest = takeGathered();
        fire(new TruncatedFrame(rest == null ? Unpooled.EMPTY_BUFFER : rest, terminator));
    }

    @Override
    public void tooLong(Terminator terminator, long limit) {
        drop();
        context().fireExceptionCaught(new FrameTooLongException(terminator, limit));
    }

    @Override
    public void corrupted(Terminator terminator, String number) {
        drop();
        state.on(Event.CORRUPTED);
        Objects.requireNonNull(loop).changed();
        context().fireExceptionCaught(new CorruptedFrameException("length: " + number + " (" + terminator + ")"));
    }

    @Override
    public void connected() {
        // The pipeline reports it by channelActive.
    }

    @Override
    public void readComplete() {
        gathered.trim();
        context().fireChannelReadComplete();
    }

    @Override
    public void flush() {
        // Nothing is sent here.
    }

    @Override
    public void userEvent(Object event) {
        // The pipeline has it.
    }

    @Override
    public void lastBytes() {
        if (gathered.size() > 0) {
            giveGathered(); // under no terminator
        }
    }

    @Override
    public void inputEnded() {
        // The pipeline has the event.
    }

    @Override
    public void peerEnded() {
        // Nothing is awaited here.
    }

    @Override
    public void inactive(boolean inCallback) {
        context().fireChannelInactive();
    }

    @Override
    public void drop() {
        gathered.drop();
        gathered.trim();
    }

    @Override
    public @Nullable ByteBuf takeGathered() {
        return gathered.size() == 0 ? null : gathered.take();
    }

    @Override
    public void failed(Throwable cause) {
        context().fireExceptionCaught(cause);
    }

    @Override
    public void slowReader() {
        // Nothing is sent here.
    }

    @Override
    public void drained() {
        // Nothing is sent here.
    }

    @Override
    public void allSent(ChannelPromise close) {
        // Nothing is sent here.
    }
}
