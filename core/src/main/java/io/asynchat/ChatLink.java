package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What ties an {@link AsyncChatHandler} to its channel: which callback comes when.
 *
 * <p>Every callback is called here, by {@link #deliver} or {@link #call}, so that none is nested, none outlives a close,
 * and what one throws ends this channel and nothing else. On the handler's executor only.
 */
// Longer than other files: what guards one callback guards them all, and is in one place.
final class ChatLink {
    private static final Logger LOG = LoggerFactory.getLogger(AsyncChatHandler.class);

    /** A callback of the handler. */
    @FunctionalInterface
    interface Callback {
        void run() throws Exception;
    }

    private final AsyncChatHandler handler;
    private final Place place = new Place();
    private final Outbox outbox;
    private final Collector collector = new Collector();
    private final DirectDelivery delivery = new DirectDelivery(this);
    private final PhaseDeadline deadline = new PhaseDeadline(this::deadlinePassed);
    private @Nullable Throttle throttle; // if the handler wants one
    private boolean inCallback; // of this handler, at any depth
    private boolean connectTold; // these callbacks come once
    private boolean endTold;
    private boolean closeTold;
    private boolean peerEnded; // even if the handler is not told

    ChatLink(AsyncChatHandler handler) {
        this.handler = handler;
        outbox = new Outbox(this, handler);
    }

    PhaseDeadline deadline() {
        return deadline;
    }

    void throttle(Throttle throttle) {
        if (this.throttle != null) {
            this.throttle.cancel();
        }
        this.throttle = throttle;
    }

    /** Frames come too fast, and have for too long. */
    void flood() {
        if (mayDeliver()) {
            call(handler::handleFlood);
        }
    }

    Outbox outbox() {
        return outbox;
    }

    boolean isInCallback() {
        return inCallback;
    }

    boolean hasPeerEnded() {
        return peerEnded;
    }

    TerminatorFrameDecoder decoder() {
        return place.decoder();
    }

    Collector collector() {
        return collector;
    }

    /** What the default {@code collectIncomingData} does. */
    void gather(ByteBuf data) {
        FrameEngine engine = decoder().loop().engine();
        boolean lent = data instanceof BorrowedData view && view.isLent();
        collector.add(data, lent, engine.delivering().limitOr(engine.defaultLimit()), ctx().alloc());
    }

    boolean isAdded() {
        return place.isTaken();
    }

    ChannelHandlerContext ctx() {
        return place.ctx();
    }

    /** The way from the decoder, if it may call straight: it is right before the handler, on the same executor. */
    @Nullable
    FrameSink directFrom(ChannelHandlerContext decoder) {
        return place.isRightBehind(decoder) ? delivery : null;
    }

    EventExecutor executor() {
        return ctx().executor();
    }

    // ---- the life of a connection

    void added(ChannelHandlerContext ctx) {
        outbox.added(ctx);
        place.take(ctx, this, handler);
        if (ctx.channel().isActive()) {
            ctx.executor().execute(this::connected); // unless channelActive comes first, or bytes
        }
    }

    void connected() {
        if (!connectTold) {
            connectTold = true;
            if (!outbox.isClosed()) {
                call(handler::handleConnect);
            }
        }
    }

    boolean isConnectTold() {
        return connectTold;
    }

    /** Bytes of a frame, perhaps none, and perhaps its {@code end}; whoever calls has just seen that they may come. */
    void deliver(BorrowedData data, boolean end) {
        boolean outer = inCallback;
        inCallback = true;
        Throwable fault = null;
        boolean left = false;
        try {
            if (data.isReadable()) {
                handler.collectIncomingData(data);
            }
            if (end && !mayDeliver()) {
                left = outbox.hasLeft();
            } else if (end && !collector.isOverflowed()) {
                handler.foundTerminator();
            }
        } catch (Throwable thrown) {
            fault = thrown;
        }
        try {
            afterDelivery(data, end, fault);
        } finally {
            inCallback = outer;
        }
        if (end && left && !decoder().isRemoved()) {
            ctx().fireChannelRead(Unpooled.EMPTY_BUFFER); // whoever has come in its place is told that end
        }
    }

    private void afterDelivery(BorrowedData data, boolean end, @Nullable Throwable fault) {
        if (data.isDead()) {
            collector.drop();
            failed(new IllegalStateException(
                    "data: released by a callback (expected: borrowed; retain() it to keep it)", fault));
            return;
        }
        settle();
        if (collector.wasOverflowed() && !end) {
            decoder().onLoop(loop -> loop.engine().skipRest());
        }
        if (end && throttle != null) {
            throttle.handled();
        }
        if (fault != null) {
            failed(fault);
        }
    }

    /** What the decoder sends when it cannot call; owned. */
    void message(ByteBuf data, boolean end) {
        try {
            if (!connectTold) {
                connected();
            }
            if ((end || data.isReadable()) && mayDeliver()) {
                delivery.lend(data, data.readerIndex(), data.readableBytes(), end);
            }
        } finally {
            data.release();
        }
    }

    private void settle() {
        if (collector.isBorrowing()) {
            collector.settle(ctx().alloc());
        }
    }

    void truncated() {
        if (mayDeliver()) {
            call(handler::handleTruncated);
        }
    }

    void endOfInput() {
        peerEnded = true;
        if (mayDeliver() && !endTold) {
            endTold = true;
            call(handler::handleEndOfInput);
        } else {
            outbox.peerEnded();
        }
    }

    void drain() {
        if (mayDeliver()) {
            call(handler::handleDrain);
        }
    }

    private void deadlinePassed() {
        if (mayDeliver()) {
            call(handler::handleDeadline);
        }
    }

    void inactive() {
        cancelAlarms();
        if (decoder().loop().isFinished()) {
            endOfInput();
        }
        outbox.inactive();
        if (!closeTold) {
            closeTold = true;
            call(handler::handleClose);
        }
    }

    void removed() {
        ChannelHandlerContext ctx = ctx();
        if (ctx.channel().isOpen()) {
            outbox.leave();
        } else if (inCallback) {
            ctx.executor().execute(this::inactive);
        } else {
            inactive();
        }
        collector.drop();
        cancelAlarms();
        place.leave(this);
    }

    private void cancelAlarms() {
        deadline.cancel();
        if (throttle != null) {
            throttle.cancel();
            throttle = null; // who leaves in a callback has its frame counted no more
        }
    }

    // ---- callbacks

    private boolean mayDeliver() {
        return !outbox.isOver() && !decoder().loop().isHeld(Holds.CLOSED);
    }

    /** Runs a callback that no bytes lead to, and sends what it pushed. */
    void call(Callback callback) {
        boolean outer = inCallback;
        inCallback = true;
        boolean sameLoop = decoder().loop().isOn(ctx().executor());
        boolean outerLoop = sameLoop && decoder().loop().enter();
        try {
            callback.run();
        } catch (Throwable fault) {
            failed(fault);
        } finally {
            inCallback = outer;
            if (!outer) {
                settle();
                outbox.flush();
            }
            if (sameLoop) {
                decoder().loop().leave(outerLoop);
            }
        }
    }

    /** Tells the handler; what it throws at that closes the channel. */
    void failed(Throwable cause) {
        boolean outer = inCallback;
        inCallback = true;
        try {
            handler.handleError(cause);
        } catch (Throwable fault) {
            LOG.warn("{}: closed after an exception in handleError", ctx().channel(), fault);
            outbox.close();
        } finally {
            inCallback = outer;
        }
    }

    void exceptionCaught(Throwable cause) {
        if (cause instanceof TooLongFrameException) {
            collector.drop(); // told in turn, also where the frame came as messages
        }
        if (!outbox.isClosed()) {
            call(() -> failed(cause));
        }
    }

    boolean holdsFrames() {
        return handler.holdsFrames();
    }

    void dropGathered() {
        collector.drop();
    }
}
