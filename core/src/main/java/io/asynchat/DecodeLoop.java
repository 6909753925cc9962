package io.asynchat;

import io.asynchat.ConnectionState.Event;
import io.asynchat.internal.framing.Framer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.EventExecutor;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Drives the {@link Framer}: one loop a connection, which callbacks may enter again but never nest.
 *
 * <p>The loop delivers while the state and flow control allow it. A callback that feeds the pipeline, sets a terminator,
 * pauses or closes finds the loop busy, changes the state, interrupts the framer and returns; the loop then goes on by the
 * new state. On the handler's executor only, except {@link #inCallback}, {@link #execute} and {@link #terminator}.
 */
// Longer than other files: the order of the events of a stream is decided in one place.
final class DecodeLoop {
    private final ConnectionState state;
    private final FlowControl flow;
    private final Handover handover;
    private final ConnectionListener out;
    private final InputEnd end;
    private final FrameTimeout frameTimeout;
    private final ActiveTerminator terminator = new ActiveTerminator();
    private Framer<Terminator> framer = terminator.framer(); // a decoder's, after a takeover

    private volatile @Nullable ChannelHandlerContext ctx; // read by any thread; from attach on
    private boolean added; // to the pipeline, with the state of a decoder before it
    private boolean busy; // a callback is under way, or the loop is between two of them
    private @Nullable Thread owner; // the thread that is busy
    private boolean dirty; // something has changed since the loop last looked
    private boolean nothingReceived = true; // since the handler was added
    private boolean reading; // between channelRead and channelReadComplete
    private boolean completePending; // channelReadComplete is to be passed on

    DecodeLoop(ConnectionState state, FlowControl flow, ConnectionListener out) {
        this.state = state;
        this.flow = flow;
        this.out = out;
        end = new InputEnd(state, out);
        frameTimeout = new FrameTimeout(out);
        handover = new Handover(this, out, end);
    }

    // ---- for verbs

    /** Returns whether this thread is in a callback of this handler: changes take effect when that returns. */
    boolean inCallback() {
        return owner == Thread.currentThread();
    }

    /** Makes a change on the handler's executor: now, if this is its thread or there is none yet. */
    void execute(Consumer<DecodeLoop> change) {
        ChannelHandlerContext ctx = this.ctx;
        if (ctx == null) {
            synchronized (this) {
                ctx = this.ctx;
                if (ctx == null) {
                    change.accept(this);
                    return;
                }
            }
        }
        if (inCallback()) {
            change.accept(this);
        } else {
            EventLoops.run(ctx.executor(), () -> change.accept(this));
        }
    }

    void setTerminator(Terminator next) {
        terminator.set(next);
        run();
    }

    /** The terminator in force, to be asked; it is set here. */
    ActiveTerminator terminator() {
        return terminator;
    }

    void setReadAhead(int bytes) {
        flow.setReadAhead(bytes);
        run();
    }

    void suspend(int reason) {
        flow.suspend(reason);
        changed();
    }

    void resume(int reason) {
        if (flow.resume(reason)) {
            changed();
        }
    }

    EventExecutor executor() {
        return context().executor();
    }

    Framer<Terminator> framer() {
        return framer;
    }

    /** The state has changed in a way that may end delivery. */
    void changed() {
        framer.interrupt();
        run();
    }

    void discard() {
        framer.discard();
        out.drop();
    }

    void setFrameTimeout(long nanos) {
        frameTimeout.set(nanos);
        run();
    }

    // ---- the handler's place

    /** From now on changes are made on the handler's executor. Nothing is delivered before {@link #added}. */
    synchronized void attach(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    /** On an executor of its own a handler reads one by one: one buffer waits there, and not all that the peer can send. */
    void added(ChannelHandlerContext ctx, boolean readsOneByOne) {
        added = true;
        framer.allocator(ctx.alloc());
        frameTimeout.setDefault(ctx.channel());
        if (ctx.channel().isActive()) {
            // channelActive may have been reported already. A task, so that handlers added together are in place.
            ctx.executor().execute(this::established);
        }
        if (readsOneByOne) {
            flow.readOneByOne(ctx);
        }
    }

    /** Takes the place of a decoder that is being removed: its terminator, limit, unread bytes and the frame begun. */
    void takeOver(DecodeLoop from) {
        ByteBuf gathered = from.out.takeGathered();
        from.framer.interrupt();
        framer = terminator.takeOver(from.terminator, gathered);
        from.framer = from.terminator.framer();
        frameTimeout.setDefault(from.frameTimeout);
        flow.takeOver(from.flow);
        if (from.busy) {
            from.handover.successor(this);
            busy = true;
        }
    }

    /** Stops for a handler on another executor: returns a loop with this one's settings and bytes. */
    DecodeLoop detach() {
        DecodeLoop stopped = new DecodeLoop(state, flow, out);
        stopped.takeOver(this);
        stopped.busy = false;
        handover.takeSuccessor();
        return stopped;
    }

    /** The handler is being removed: from now on it gets nothing. */
    void beginRemoval() {
        handover.begin(context(), state);
        frameTimeout.set(0);
    }

    /** Hands the unread bytes over when the callback that is under way has returned. */
    void endRemoval() {
        handover.announce(context(), busy);
        changed();
        flow.release(context());
    }

    // ---- events

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(ctx);
    }

    /** The connection is established, as far as can be known. */
    void established() {
        if (state.input() == ConnectionState.Input.WAITING) {
            boolean outer = beginCallback();
            connect();
            endCallback(outer);
        }
    }

    private void connect() {
        if (!flow.isSuspended(FlowControl.TAKEOVER) && state.on(Event.ACTIVE)) {
            out.connected();
        }
    }

    void channelActive() {
        boolean outer = beginCallback();
        connect();
        context().fireChannelActive();
        endCallback(outer);
    }

    /** Takes the buffer over. */
    void onRead(ByteBuf in) {
        if (nothingReceived) {
            nothingReceived = false;
            busy |= handover.join(context());
            flow.demand(context(), framer.frames()); // with auto-read off these bytes were requested
        }
        reading |= !busy; // bytes that a callback feeds belong to the read under way, if there is one
        if (!in.isReadable() || state.hasInputEnded() || state.isDiscarded() || state.dropsInput()) {
            in.release();
            return;
        }
        framer.append(in);
        run();
    }

    void onReadComplete() {
        reading = false;
        completePending = true;
        flow.readCompleted();
        run();
    }

    /** A read was requested from further on. Returns whether it may pass to the transport now. */
    boolean onReadRequest() {
        if (state.dropsInput() || state.isDiscarded()) {
            return true; // so that the peer's end is noticed
        }
        if (flow.demand(context(), framer.frames())) {
            run();
            return false;
        }
        resume(FlowControl.NOT_REQUESTED); // auto-read is on again
        return flow.passRead(framer);
    }

    /** A message is about to be delivered: channelReadComplete follows, whether a read has brought it or not. */
    void beginMessage() {
        completePending = true;
    }

    /** The end of the input is held back until all before it is delivered; other events pass. */
    void onUserEvent(Object event) {
        if (!(event instanceof ChannelInputShutdownEvent)) {
            out.userEvent(event);
            context().fireUserEventTriggered(event);
        }
        if (InputEnd.isReportedBy(event)) {
            established();
            if (end.onShutdown(context())) {
                changed();
            }
        }
    }

    /** A reset discards the unread bytes. */
    void onException(Throwable cause) {
        if (end.onException(cause)) {
            changed();
        }
    }

    void onInactive() {
        end.onInactive();
        changed();
    }

    /** Reports what is outstanding: after this the handlers are removed from the pipeline. */
    void onUnregistered() {
        if (InputEnd.isInactiveByPeer(context())) {
            resume(FlowControl.RATE_LIMITED); // the frames that wait have no later turn
        }
        end.onUnregistered(busy);
        changed();
    }

    // ---- the loop

    /** Begins a callback outside the loop. Returns the argument of {@link #endCallback}. */
    boolean beginCallback() {
        boolean outer = busy;
        busy = true;
        owner = Thread.currentThread();
        return outer;
    }

    void endCallback(boolean outer) {
        if (!outer) {
            busy = false;
            owner = null;
            run();
        }
    }

    private void run() {
        dirty = true;
        if (busy || !added) {
            return;
        }
        DecodeLoop next = this;
        while (next != null) {
            next = next.runOnce();
        }
    }

    /** Runs until nothing has changed. Returns the loop that has taken this one's place, or null. */
    private @Nullable DecodeLoop runOnce() {
        ChannelHandlerContext ctx = context();
        beginCallback();
        try {
            do {
                boolean finished = deliver(ctx);
                dirty = false; // the reactions to the state may need another round, even without a byte
                afterDelivery(ctx, finished);
            } while (dirty);
        } catch (Throwable fault) {
            state.on(Event.RESET);
            discard(); // the removal, which the close brings, finds the loop busy
            framer.releaseConsumed();
            ctx.fireExceptionCaught(fault);
            ctx.close();
        } finally {
            owner = null;
            busy = false;
        }
        return handover.takeSuccessor();
    }

    /** Returns whether the input has ended and all of it is delivered. */
    private boolean deliver(ChannelHandlerContext ctx) {
        if (!nothingReceived && framer.hasUnread()) {
            connect(); // bytes have come before the connection was reported
        }
        while (canDeliver(ctx)) {
            int result = framer.decode(out);
            if (result == Framer.SKIPPED) {
                terminator.onSkipped();
            } else if (result == Framer.NEEDS_INPUT) {
                if (state.input() != ConnectionState.Input.ENDED) {
                    return false;
                }
                if (!framer.endOfInput(out)) {
                    out.lastBytes();
                    return true;
                }
            }
        }
        return false;
    }

    private boolean canDeliver(ChannelHandlerContext ctx) {
        if (!state.canDeliver()) {
            return false;
        }
        if (!flow.mayDeliver()) {
            return state.hasInputEnded() && !framer.hasUnread() && flow.mayReportEnd();
        }
        return !end.isClosedBefore(ctx);
    }

    /** Acts on the state: discards, reports, flushes, reads or stops reading. */
    private void afterDelivery(ChannelHandlerContext ctx, boolean finished) {
        if (handover.isPending()) {
            handover.run(ctx, framer, !reading, completePending);
            completePending = false;
            return;
        }
        if (state.isDiscarded()) {
            discard();
        }
        framer.releaseConsumed();
        if (state.isRemoved()) {
            return;
        }
        boolean ends = end.isDue(finished);
        if (completePending && (ends || !reading)) { // the end comes behind the read
            completePending = false;
            out.readComplete();
        }
        if (ends) {
            end.report(ctx, finished);
        }
        if (!reading) {
            out.flush();
        }
        if (!state.isRemoved()) {
            flow.update(ctx, framer, reading);
            frameTimeout.watch(ctx, framer, flow);
        }
    }
}
