package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.util.concurrent.EventExecutor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Drives the {@link FrameEngine}: one loop a connection, which callbacks can enter again but never nest.
 *
 * <p>The loop goes on while nothing holds it. A callback that feeds the pipeline, sets a terminator, pauses or closes
 * finds the loop busy, changes the state, and returns; the loop then looks at the state afresh. On the decoder's executor only.
 */
// Longer than other files: each thing that can hold delivery is weighed against each other one, so they stay together.
final class FrameLoop {
    /** What can hold the loop; bits of {@link #holds}. */
    static final int NOT_CONNECTED = 1;

    static final int PAUSED = 1 << 1;
    /** The peer does not read what we send. */
    static final int UNWRITABLE = 1 << 2;
    /** A handler on another executor has not handled the last message yet. */
    static final int AWAITING = 1 << 3;
    /** The handler closes when what is queued has gone. */
    static final int CLOSING = 1 << 4;
    /** Closed here, reset, or removed: what is unread is nobody's. */
    static final int CLOSED = 1 << 5;

    /** What comes is read and dropped: the handler has said its last word, and lingers. */
    static final int DROPPING = 1 << 6;

    /** Too much has come at a time: delivery waits, but what the peer sends is read on, up to {@link #READ_AHEAD}. */
    static final int THROTTLED = 1 << 7;

    /** Bytes that are read while throttled: a channel that is not read tells neither the end of input nor a reset. */
    private static final int READ_AHEAD = 64 << 10;

    private static final int STOP_READING = PAUSED | UNWRITABLE | AWAITING | CLOSING;

    private final Unread unread = new Unread();
    private final FrameEngine engine = new FrameEngine(unread);
    private final ReadGate gate = new ReadGate();

    private @Nullable ChannelHandlerContext ctx; // while in a pipeline
    private @Nullable ChatLink handler; // the one that has put or adopted the decoder
    private @Nullable FrameSink sink; // chosen afresh at each read
    private @Nullable FrameSink direct; // that one, if it calls a handler straight
    private final @Nullable WholeFrames whole; // unless streaming
    private final FrameFragments fragments = new FrameFragments(this);
    private int holds = NOT_CONNECTED;
    private boolean busy; // a callback is under way
    private boolean again; // something has changed since the loop last looked
    private boolean reading; // between channelRead and channelReadComplete
    private boolean delivered; // something, since the last channelReadComplete
    private long freedAt; // when delivery last went on after a hold; by the executor's ticker
    private @Nullable Object inputShutdown; // the event that ends the input, until told
    private boolean inactive; // channelInactive is to be told
    private boolean ended; // the end of input is known
    private boolean finished; // and has been told

    FrameLoop(boolean streaming) {
        whole = streaming ? null : new WholeFrames(this);
    }

    FrameEngine engine() {
        return engine;
    }

    @Nullable
    ChatLink handler() {
        return handler;
    }

    void handler(@Nullable ChatLink handler) {
        this.handler = handler;
        sink = null;
        if (ctx != null && ctx.channel().isActive()) {
            writable(ctx.channel().isWritable());
        }
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(ctx);
    }

    ByteBufAllocator alloc() {
        return context().alloc();
    }

    void added(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        freedAt = ctx.executor().ticker().nanoTime();
        if (ctx.channel().isActive()) {
            writable(ctx.channel().isWritable());
            // channelActive may have been told already; what needs no byte must then end without it, but not before
            // the handlers that are added together with this one are there.
            ctx.executor().execute(() -> free(NOT_CONNECTED));
        }
    }

    void connected() {
        holds &= ~NOT_CONNECTED;
    }

    /** An {@link AsyncChatHandler} is not asked to answer more while the peer does not read its answers. */
    void writable(boolean writable) {
        if (handler != null && !writable) {
            hold(UNWRITABLE);
        } else {
            free(UNWRITABLE);
        }
    }

    void setTerminator(Terminator terminator) {
        engine.setTerminator(terminator, ctx);
        run();
    }

    void input(ByteBuf in) {
        reading |= !busy; // what a callback feeds belongs to the read under way, if there is one
        if (!in.isReadable() || ended || isHeld(CLOSED | DROPPING)) {
            in.release();
            return;
        }
        holds &= ~NOT_CONNECTED;
        unread.append(in);
        sink = busy ? sink : null;
        run();
    }

    void readComplete() {
        reading = false;
        if (busy || delivered) {
            run();
            return;
        }
        ChannelHandlerContext ctx = context();
        ctx.fireChannelReadComplete();
        if (!isHeld(CLOSED) && gate.isByHand(ctx) && mayRead()) {
            ctx.read(); // who asked for a read asked for a message
        }
    }

    /** Whether a read may go to the transport now; if not it is made up for. */
    boolean mayRead() {
        return gate.letPass(mustNotRead());
    }

    private boolean mustNotRead() {
        boolean stop = isHeld(STOP_READING) || (isHeld(THROTTLED) && unread.holds(READ_AHEAD));
        return stop && !isHeld(DROPPING);
    }

    boolean hasUnread() {
        return !unread.isEmpty() || engine.holdsBack();
    }

    boolean isHeld(int bits) {
        return (holds & bits) != 0;
    }

    /** Until when the peer has been kept waiting by us: till now, if it still is. */
    long keptWaitingUntil(long now) {
        return holds == 0 ? freedAt : now;
    }

    void hold(int bit) {
        holds |= bit;
        run();
    }

    void free(int bit) {
        if (isHeld(bit)) {
            if (ctx != null && isHeld(bit & STOP_READING)) {
                freedAt = ctx.executor().ticker().nanoTime();
            }
            holds &= ~bit;
            run();
        }
    }

    /** Begins a callback outside the loop: returns what {@link #leave} takes. */
    boolean enter() {
        boolean outer = busy;
        busy = true;
        return outer;
    }

    void leave(boolean outer) {
        busy = outer;
        run();
    }

    void fire(Object message) {
        delivered = true;
        context().fireChannelRead(message);
    }

    /** For what the next handler keeps to itself until its frame is whole: who asked for a read still waits. */
    void fireUnseen(Object message) {
        context().fireChannelRead(message);
    }

    /** As {@link #fire}, by a call. */
    void delivered() {
        delivered = true;
    }

    void discard() {
        engine.discard();
        if (whole != null) {
            whole.drop();
        } else if (sink != null) {
            sink.drop();
        }
    }

    void inputShutdown(Object event) {
        if (isHeld(CLOSED)) {
            context().close(); // after a reset Netty ends only the input, where half-closure is allowed
            return;
        }
        if (ended) {
            return; // TLS has told already
        }
        if (isHeld(DROPPING)) {
            context().fireUserEventTriggered(event); // the handler knows whether its last word has gone
            return;
        }
        ended = true;
        inputShutdown = event;
        run();
    }

    void inactive() {
        ended = true;
        inactive = true;
        if (isHeld(CLOSED)) {
            tellEnd();
        }
        run();
    }

    /** After this the handlers are taken out of the pipeline: what has not been told by now never is. */
    void unregistered() {
        holds |= CLOSED;
        tellEnd();
        run();
    }

    void removed(boolean refuseUnread) {
        ChannelHandlerContext ctx = context();
        engine.lookAgainAtHeld(ctx);
        if (!isHeld(CLOSED) && ctx.channel().isOpen()) {
            if (refuseUnread && !(unread.isEmpty() && (whole == null || whole.isEmpty()))) {
                ctx.fireExceptionCaught(new DecoderException("unread bytes: some (expected: none at this point)"));
                ctx.close();
            } else {
                forward(ctx);
            }
        }
        holds |= CLOSED;
        gate.open(ctx);
        if (!busy) {
            drop();
        }
    }

    private void forward(ChannelHandlerContext ctx) {
        boolean any = !unread.isEmpty();
        if (whole != null) {
            any |= !whole.isEmpty();
            whole.forward();
        }
        unread.forward(ctx);
        if (any && !reading) {
            ctx.fireChannelReadComplete();
        }
        tellEnd();
    }

    private void run() {
        again = true;
        if (busy || ctx == null) {
            return;
        }
        ChannelHandlerContext ctx = this.ctx;
        busy = true;
        try {
            while (again) {
                deliver(ctx);
                again = false; // what settling brings about may need another round, even if no byte came
                settle(ctx);
            }
        } catch (Throwable fault) {
            holds |= CLOSED;
            drop(); // the removal, which the close brings, finds the loop busy
            ctx.fireExceptionCaught(fault);
            ctx.close();
        } finally {
            busy = false;
        }
    }

    private void deliver(ChannelHandlerContext ctx) {
        while (holds == 0 && !finished) {
            // On another executor the channel may be gone before what it told has come.
            if (!ctx.channel().isOpen() && !inactive && isOn(ctx.channel().eventLoop())) {
                holds |= CLOSED; // by a handler before this one: nobody told us
                return;
            }
            if (sink == null && awaitsNewcomer(ctx)) {
                return;
            }
            if (handler != null && !handler.isConnectTold()) {
                tellConnect(ctx, handler);
                continue;
            }
            FrameSink to = sink == null ? chooseSink(ctx) : sink;
            if (!engine.step(to, ctx) && !(ended && engine.finish(to))) {
                finished = ended;
                return;
            }
            if (to != direct && handler != null && handler.executor() != ctx.executor()) {
                awaitHandler(ctx, handler);
            }
        }
    }

    /**
     * Waits for a handler that is going to adopt this decoder, but has not heard yet, on an executor of its own, that it
     * is in the pipeline: what it sets must govern the very next byte.
     */
    private boolean awaitsNewcomer(ChannelHandlerContext ctx) {
        ChannelHandlerContext newcomer = handler == null ? ctx.pipeline().context(AsyncChatHandler.class) : null;
        if (newcomer == null
                || newcomer.executor() == ctx.executor()
                || Place.decoderBefore(newcomer) != ctx.handler()) {
            return false;
        }
        holds |= AWAITING;
        Hop.to(
                newcomer.executor(),
                () -> Hop.to(ctx.executor(), () -> {
                    chooseSink(ctx); // so that it is waited for once
                    free(AWAITING);
                }));
        return true;
    }

    /** Bytes have come before the handler has heard of the connection: what it does then must govern the first of them. */
    private void tellConnect(ChannelHandlerContext ctx, ChatLink handler) {
        if (isOn(handler.executor())) {
            handler.connected();
        } else {
            awaitHandler(ctx, handler);
        }
    }

    private FrameSink chooseSink(ChannelHandlerContext ctx) {
        direct = whole != null || handler == null ? null : handler.directFrom(ctx);
        FrameSink chosen = direct != null ? direct : whole != null ? whole : fragments;
        sink = chosen;
        return chosen;
    }

    /** Whether callbacks on that executor run in this loop's own thread. */
    boolean isOn(EventExecutor executor) {
        return ctx != null && ctx.executor() == executor;
    }

    /** A frame at a time: the handler's own thread decides what ends the next one. */
    private void awaitHandler(ChannelHandlerContext ctx, ChatLink handler) {
        holds |= AWAITING;
        Hop.to(handler.executor(), () -> {
            handler.connected();
            Hop.to(ctx.executor(), () -> free(AWAITING));
        });
    }

    /** Brings about what follows from the state: drops, ends, flushes, reads or stops reading. */
    private void settle(ChannelHandlerContext ctx) {
        if (isHeld(CLOSED)) {
            drop();
        }
        unread.next();
        if (ended && (finished || isHeld(CLOSED | DROPPING))) {
            tellEnd();
        }
        if (delivered && !reading) {
            delivered = false;
            ctx.fireChannelReadComplete();
        }
        if (!ctx.isRemoved()) {
            gate.set(mustNotRead(), ctx);
        }
    }

    private void drop() {
        discard();
        unread.next();
    }

    private void tellEnd() {
        ChannelHandlerContext ctx = context();
        if (whole != null && !isHeld(CLOSED)) {
            whole.forward();
        }
        Object event = inputShutdown;
        inputShutdown = null;
        if (event != null && !isHeld(CLOSED)) {
            ctx.fireUserEventTriggered(event);
        }
        if (inactive) {
            inactive = false;
            ctx.fireChannelInactive();
        }
    }

    /** Whether the peer has ended the stream and all of it was delivered. */
    boolean isFinished() {
        return finished;
    }
}
