package io.asynchat;

import io.asynchat.ConnectionState.Event;
import io.asynchat.internal.framing.FrameAccumulator;
import io.asynchat.internal.framing.Framer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the callbacks of an {@link AsyncChatHandler} in their order, with borrowed data.
 *
 * <p>The callbacks of frames are never nested, only {@code handleClose} follows a close, and an exception that a callback throws
 * ends this channel and nothing else. On the handler's executor only.
 */
// Longer than other files: one guard serves all callbacks.
final class CallbackDispatcher implements ConnectionListener {
    private static final Logger LOG = LoggerFactory.getLogger(AsyncChatHandler.class);

    /** A callback of the handler. */
    @FunctionalInterface
    interface Callback {
        void run() throws Exception;
    }

    private final AsyncChatHandler handler;
    private final ConnectionState state = new ConnectionState();
    private final FlowControl flow = new FlowControl(state);
    private final DecodeLoop loop = new DecodeLoop(state, flow, this);
    private final Outbound outbound = new Outbound(state, loop, this);
    private final FrameAccumulator gathered = new FrameAccumulator();
    private long framesBeforeNone = -1; // that had ended when bytes came under none()
    private final HandlerTimeout timeout;
    private final boolean lentOnce = BorrowedByteBuf.isLentOnce();
    private BorrowedByteBuf view = new BorrowedByteBuf(); // replaced when a callback has kept it
    private RateLimit.@Nullable Limiter limiter; // if the handler has set one
    private @Nullable Channel channel; // if its event loop is the handler's executor; until it is inactive
    private boolean notifyingSlowReader;
    private boolean drainedInCallback; // handleWritable may be due when it has returned

    CallbackDispatcher(AsyncChatHandler handler) {
        this.handler = handler;
        timeout = new HandlerTimeout(() -> callIfOpen(handler::handleTimeout));
    }

    DecodeLoop loop() {
        return loop;
    }

    ConnectionState state() {
        return state;
    }

    Outbound outbound() {
        return outbound;
    }

    HandlerTimeout timeout() {
        return timeout;
    }

    FrameAccumulator gathered() {
        return gathered;
    }

    private ChannelHandlerContext ctx() {
        return outbound.ctx();
    }

    void added(ChannelHandlerContext ctx) {
        outbound.added(ctx);
        channel = ctx.executor() == ctx.channel().eventLoop() ? ctx.channel() : null;
    }

    void setRateLimit(@Nullable RateLimit limit) {
        if (limiter != null) {
            limiter.cancel();
        }
        limiter = limit == null
                ? null
                : new RateLimit.Limiter(loop, limit, () -> callIfOpen(handler::handleRateExceeded));
    }

    // ---- frames

    @Override
    public void fragment(ByteBuf in, int index, int length) {
        int before = gathered.size();
        view.lend(in, index, length);
        Throwable fault = null;
        try {
            handler.collectIncomingData(view);
        } catch (Throwable thrown) {
            fault = thrown;
        }
        if (gathered.size() <= before) {
            flow.demandMet(); // a handler that gathers waits for the end of its frame
        }
        if (gathered.isOverflowed()) {
            loop.framer().skipRest();
        }
        afterCallback(fault);
    }

    /** Under {@code none()} all that is gathered is of a frame that has not ended. */
    @Override
    public void passThrough(ByteBuf in, int index, int length) {
        fragment(in, index, length);
        framesBeforeNone = loop.framer().frames();
    }

    @Override
    public void end(ByteBuf in, int index, int length) {
        Framer<Terminator> framer = loop.framer();
        Throwable fault = null;
        try {
            boolean ends = true;
            if (length > 0) {
                view.lend(in, index, length);
                handler.collectIncomingData(view);
                ends = (!framer.isInterrupted() && isOpen()) || mayEnd(length);
            }
            if (ends) {
                framer.collected();
                handler.foundTerminator();
            }
        } catch (Throwable thrown) {
            fault = thrown;
        }
        if (fault != null || lentOnce || gathered.isUnsettled() || view.refCnt() != 1) {
            afterCallback(fault);
        }
        if (limiter != null) {
            limiter.onFrame();
        }
        if (!isOpen()) {
            framer.interrupt(); // a handler before this one has closed it
        } else if (channel == null) {
            suspendIfUnwritable(); // its event may still wait in the executor's queue
        }
    }

    /** Returns whether the frame still ends, after a change while its last piece was collected. */
    private boolean mayEnd(int length) {
        if (state.isRemoved()) {
            loop.framer().unreadEnd(length); // the next handler finds it
        }
        return state.canNotify() && isOpen() && !gathered.isOverflowed();
    }

    /** The channel is closed, and all that was received before is delivered: no handler before this one has closed it. */
    void onInactive() {
        channel = null;
        loop.onInactive();
    }

    /** Returns whether the channel is open; on another executor, true until its event is received, and after it. */
    private boolean isOpen() {
        return channel == null || channel.isOpen();
    }

    /** Takes lent data back, copies borrowed bytes that were gathered, and reports exceptions of the callbacks. */
    private void afterCallback(@Nullable Throwable fault) {
        Throwable failure = fault;
        if (view.refCnt() == 0) {
            gathered.drop();
            failure = new IllegalStateException(
                    "data: released by a callback (expected: borrowed; retain() it to keep it)", fault);
        } else {
            gathered.copyIfBorrowed(ctx().alloc());
        }
        gathered.clearOverflow();
        if (view.refCnt() > 1) {
            view.retainParentAndRelease();
            view = new BorrowedByteBuf();
        } else if (lentOnce || view.refCnt() == 0) {
            if (view.refCnt() == 1) {
                view.release();
            }
            view = new BorrowedByteBuf();
        }
        if (failure != null) {
            failed(failure);
        }
    }

    @Override
    public void truncated(Terminator terminator) {
        callIfOpen(handler::handleTruncated);
    }

    @Override
    public void tooLong(Terminator terminator, long limit) {
        gathered.drop();
        failed(new FrameTooLongException(terminator, limit));
    }

    @Override
    public void corrupted(Terminator terminator, String number) {
        gathered.drop();
        state.on(Event.CORRUPTED);
        loop.changed();
        failed(new CorruptedFrameException("length: " + number + " (" + terminator + ")"));
    }

    /** Implements the default {@code collectIncomingData}. */
    @SuppressWarnings("ReferenceEquality") // whether it is the lent view itself
    void gather(ByteBuf data) {
        Terminator terminator = loop.framer().reading();
        long limit = terminator.limitOr(loop.terminator().defaultLimit());
        if (!gathered.add(data, data == view, limit, ctx().alloc())) {
            loop.framer().interrupt();
            throw new FrameTooLongException(terminator, limit);
        }
    }

    // ---- the life of a connection

    @Override
    public void connected() {
        suspendIfUnwritable();
        if (!state.isOutputEnded()) {
            call(handler::handleConnect);
        }
    }

    @Override
    public void readComplete() {
        flush();
        ctx().fireChannelReadComplete();
    }

    @Override
    public void flush() {
        gathered.trim();
        view.cutOff();
        outbound.queue().endTurn();
        if (drainedInCallback) {
            drainedInCallback = false;
            ctx().executor().execute(this::drained); // other tasks first
        }
    }

    @Override
    public void userEvent(Object event) {
        callIfOpen(event == DrainEvent.INSTANCE ? handler::handleDrain : () -> handler.handleUserEvent(event));
    }

    @Override
    public void inputEnded() {
        callIfOpen(handler::handleEndOfInput);
    }

    @Override
    public void peerEnded() {
        outbound.peerEnded();
    }

    @Override
    public void inactive(boolean inCallback) {
        closed(inCallback);
        ctx().fireChannelInactive();
    }

    private void closed(boolean inCallback) {
        if (inCallback) { // the one that has closed it: not within that
            ctx().executor().execute(() -> closed(false));
            return;
        }
        cancelTimers();
        outbound.queue().failAll(new ClosedChannelException());
        call(handler::handleClose);
    }

    private void cancelTimers() {
        timeout.cancel();
        setRateLimit(null);
    }

    void removed() {
        ChannelHandlerContext ctx = ctx();
        loop.beginRemoval();
        if (ctx.channel().isOpen()) {
            outbound.queue().handlerRemoved();
        } else if (state.on(Event.INACTIVE)) {
            closed(loop.inCallback());
        }
        cancelTimers();
        loop.endRemoval();
    }

    @Override
    public void drop() {
        gathered.drop();
        gathered.trim();
    }

    @Override
    public @Nullable ByteBuf takeGathered() {
        Framer<Terminator> framer = loop.framer();
        return gathered.takeLast(framer.frames() == framesBeforeNone ? Long.MAX_VALUE : framer.frameBytes());
    }

    void writabilityChanged() {
        suspendIfUnwritable();
        outbound.queue().flush(); // calls drained() when nothing is left
    }

    /** While the peer does not read what is sent, nothing is delivered. */
    private void suspendIfUnwritable() {
        if (!outbound.isWritable()) {
            loop.suspend(FlowControl.UNWRITABLE);
        }
    }

    @Override
    public void drained() {
        drainedInCallback = loop.inCallback(); // then flush() follows when it has returned
        if (!drainedInCallback
                && flow.isSuspended(FlowControl.UNWRITABLE)
                && outbound.isWritable()
                && outbound.queue().isDrained()) {
            boolean outer = loop.beginCallback(); // delivery goes on behind it
            loop.resume(FlowControl.UNWRITABLE);
            callIfOpen(handler::handleWritable);
            suspendIfUnwritable();
            loop.endCallback(outer);
        }
    }

    // ---- callbacks that are not caused by bytes

    void callIfOpen(Callback callback) {
        if (state.canNotify()) {
            call(callback);
        }
    }

    private void call(Callback callback) {
        boolean outer = loop.beginCallback();
        try {
            callback.run();
        } catch (Throwable fault) {
            failed(fault);
        } finally {
            loop.endCallback(outer);
        }
    }

    @Override
    public void slowReader() {
        if (!notifyingSlowReader) {
            notifyingSlowReader = true;
            call(handler::handleSlowReader);
            notifyingSlowReader = false;
        }
    }

    /** Reports a fault to the handler; an exception that it throws then closes the channel. */
    @Override
    public void failed(Throwable cause) {
        boolean outer = loop.beginCallback();
        try {
            handler.handleError(cause);
        } catch (Throwable fault) {
            LOG.warn("{}: closed after an exception in handleError", ctx().channel(), fault);
            outbound.close();
        } finally {
            loop.endCallback(outer);
        }
    }

    void exceptionCaught(Throwable cause) {
        if (cause instanceof TooLongFrameException) {
            gathered.drop();
        }
        if (!state.isOutputEnded()) {
            failed(cause);
        }
    }

    @Override
    public void allSent(ChannelPromise close) {
        outbound.allSent(close);
    }
}
