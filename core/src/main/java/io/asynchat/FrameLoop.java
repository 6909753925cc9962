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
// A little longer than other files: what can happen to a stream is weighed against each other, so it stays together.
final class FrameLoop {
    /** Bytes that are read while throttled: a channel that is not read tells neither the end of input nor a reset. */
    private static final int READ_AHEAD = 64 << 10;

    private final Unread unread = new Unread();
    private final FrameEngine engine = new FrameEngine(unread);
    private final ReadGate gate = new ReadGate();
    private final Holds holds = new Holds();
    private final WayOut out;

    private @Nullable ChannelHandlerContext ctx; // while in a pipeline
    private boolean busy; // a callback is under way
    private boolean again; // something has changed since the loop last looked
    private boolean reading; // between channelRead and channelReadComplete
    private boolean delivered; // something, since the last channelReadComplete
    private @Nullable Object inputShutdown; // the event that ends the input, until told
    private boolean inactive; // channelInactive is to be told
    private boolean ended; // the end of input is known
    private boolean finished; // and has been told

    FrameLoop(boolean streaming) {
        out = new WayOut(this, streaming);
    }

    FrameEngine engine() {
        return engine;
    }

    @Nullable
    ChatLink handler() {
        return out.handler();
    }

    void handler(@Nullable ChatLink handler) {
        out.handler(handler);
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
        holds.peerIsFree(ctx.executor().ticker().nanoTime());
        if (ctx.channel().isActive()) {
            writable(ctx.channel().isWritable());
            // channelActive may have been told already; what needs no byte must then end without it, but not before
            // the handlers that are added together with this one are there.
            ctx.executor().execute(() -> free(Holds.NOT_CONNECTED));
        }
    }

    void connected() {
        holds.remove(Holds.NOT_CONNECTED);
    }

    /** An {@link AsyncChatHandler} is not asked to answer more while the peer does not read its answers. */
    void writable(boolean writable) {
        if (out.handler() != null && !writable) {
            hold(Holds.UNWRITABLE);
        } else {
            free(Holds.UNWRITABLE);
        }
    }

    void setTerminator(Terminator terminator) {
        engine.setTerminator(terminator, ctx);
        run();
    }

    void input(ByteBuf in) {
        reading |= !busy; // what a callback feeds belongs to the read under way, if there is one
        if (!in.isReadable() || ended || isHeld(Holds.CLOSED | Holds.DROPPING)) {
            in.release();
            return;
        }
        holds.remove(Holds.NOT_CONNECTED);
        unread.append(in);
        if (!busy) {
            out.chooseAgain();
        }
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
        if (!isHeld(Holds.CLOSED) && gate.isByHand(ctx) && mayRead()) {
            ctx.read(); // who asked for a read asked for a message
        }
    }

    /** Whether a read may go to the transport now; if not it is made up for. */
    boolean mayRead() {
        return gate.letPass(mustNotRead());
    }

    private boolean mustNotRead() {
        boolean stop = isHeld(Holds.STOP_READING) || (isHeld(Holds.THROTTLED) && unread.holds(READ_AHEAD));
        return stop && !isHeld(Holds.DROPPING);
    }

    boolean hasUnread() {
        return !unread.isEmpty() || engine.holdsBack();
    }

    boolean isHeld(int bits) {
        return holds.any(bits);
    }

    /** Until when the peer has been kept waiting by us: till now, if it still is. */
    long keptWaitingUntil(long now) {
        return holds.keptWaitingUntil(now);
    }

    void hold(int bit) {
        holds.add(bit);
        run();
    }

    void free(int bit) {
        if (isHeld(bit)) {
            if (ctx != null && isHeld(bit & Holds.STOP_READING)) {
                holds.peerIsFree(ctx.executor().ticker().nanoTime());
            }
            holds.remove(bit);
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
        out.drop();
    }

    void inputShutdown(Object event) {
        if (isHeld(Holds.CLOSED)) {
            context().close(); // after a reset Netty ends only the input, where half-closure is allowed
            return;
        }
        if (ended) {
            return; // TLS has told already
        }
        if (isHeld(Holds.DROPPING)) {
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
        if (isHeld(Holds.CLOSED)) {
            tellEnd();
        }
        run();
    }

    /** After this the handlers are taken out of the pipeline: what has not been told by now never is. */
    void unregistered() {
        holds.add(Holds.CLOSED);
        tellEnd();
        run();
    }

    void removed(boolean refuseUnread) {
        ChannelHandlerContext ctx = context();
        engine.lookAgainAtHeld(ctx);
        if (!isHeld(Holds.CLOSED) && ctx.channel().isOpen()) {
            if (refuseUnread && !(unread.isEmpty() && out.isEmpty())) {
                ctx.fireExceptionCaught(new DecoderException("unread bytes: some (expected: none at this point)"));
                ctx.close();
            } else {
                forward(ctx);
            }
        }
        holds.add(Holds.CLOSED);
        gate.open(ctx);
        if (!busy) {
            drop();
        }
    }

    private void forward(ChannelHandlerContext ctx) {
        boolean any = !unread.isEmpty() || !out.isEmpty();
        out.forward();
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
            holds.add(Holds.CLOSED);
            drop(); // the removal, which the close brings, finds the loop busy
            ctx.fireExceptionCaught(fault);
            ctx.close();
        } finally {
            busy = false;
        }
    }

    private void deliver(ChannelHandlerContext ctx) {
        while (holds.none() && !finished) {
            // On another executor the channel may be gone before what it told has come.
            if (!ctx.channel().isOpen() && !inactive && isOn(ctx.channel().eventLoop())) {
                holds.add(Holds.CLOSED); // by a handler before this one: nobody told us
                return;
            }
            FrameSink to = out.next(ctx);
            if (to == null) {
                continue;
            }
            if (!engine.step(to, ctx) && !(ended && engine.finish(to))) {
                finished = ended;
                return;
            }
            out.delivered(ctx);
        }
    }

    /** Whether callbacks on that executor run in this loop's own thread. */
    boolean isOn(EventExecutor executor) {
        return ctx != null && ctx.executor() == executor;
    }

    /** Brings about what follows from the state: drops, ends, flushes, reads or stops reading. */
    private void settle(ChannelHandlerContext ctx) {
        if (isHeld(Holds.CLOSED)) {
            drop();
        }
        unread.next();
        if (ended && (finished || isHeld(Holds.CLOSED | Holds.DROPPING))) {
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
        if (!isHeld(Holds.CLOSED)) {
            out.forward();
        }
        Object event = inputShutdown;
        inputShutdown = null;
        if (event != null && !isHeld(Holds.CLOSED)) {
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
