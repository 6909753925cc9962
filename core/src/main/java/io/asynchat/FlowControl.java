package io.asynchat;

import io.asynchat.internal.framing.Framer;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;

/**
 * The reasons not to deliver and not to read, and the reading of the channel that follows from them. No other class of the
 * handler keeps a copy. On the handler's executor only.
 *
 * <p>Other handlers may turn auto-read on and off as well: it is turned on again only if it was turned off here, and a read
 * that was requested meanwhile is made up for.
 */
final class FlowControl {
    /** The user has paused delivery. The channel is read ahead. */
    static final int PAUSED = 1;
    /** The channel is not writable: the peer does not read. */
    static final int UNWRITABLE = 1 << 1;
    /** Too many frames have come in a time. The channel is read ahead. */
    static final int RATE_LIMITED = 1 << 2;
    /** TLS is being started. */
    static final int STARTING_TLS = 1 << 3;
    /** Auto-read is off, and no other message was requested. */
    static final int NOT_REQUESTED = 1 << 4;
    /** An {@link AsyncChatHandler} on an executor of its own is about to take over the decoder's state. */
    static final int TAKEOVER = 1 << 5;

    /** How many bytes are read ahead while delivery is suspended, unless set. */
    static final int DEFAULT_READ_AHEAD = 16 << 10;

    private static final int READS_AHEAD = PAUSED | RATE_LIMITED;

    private final ConnectionState state;
    private int reasons; // not to deliver
    private int readAhead = DEFAULT_READ_AHEAD; // settable
    private boolean autoReadStopped; // here
    private boolean readRequested; // by another handler, while reading was stopped
    private boolean ownExecutor; // is the handler's
    private boolean readsOneByOne; // there: each read is requested when the last is handled
    private boolean readOutstanding; // of those reads
    private boolean demanded; // auto-read is off, and the read() that was requested is not met
    private long demandedAt; // when that many frames had ended
    private boolean demandPassed; // to the transport

    FlowControl(ConnectionState state) {
        this.state = state;
    }

    boolean mayDeliver() {
        return reasons == 0;
    }

    boolean isSuspended(int reason) {
        return (reasons & reason) != 0;
    }

    void suspend(int reason) {
        reasons |= reason;
    }

    /** Withdraws reasons. Returns whether one was in force. */
    boolean resume(int reason) {
        boolean was = (reasons & reason) != 0;
        reasons &= ~reason;
        return was;
    }

    /** Clears {@link #NOT_REQUESTED}, because the end of the input needs no read(). Returns whether the end may be reported. */
    boolean mayReportEnd() {
        resume(NOT_REQUESTED);
        return reasons == 0;
    }

    /** Takes the place of a decoder: if that was paused, this is. */
    void takeOver(FlowControl from) {
        reasons |= from.reasons & PAUSED;
    }

    void setReadAhead(int bytes) {
        readAhead = bytes;
    }

    /** Returns whether a frame would be delivered now if it were complete: what is missing is the peer's. */
    boolean awaitsPeer() {
        return reasons == 0 && state.canDeliver();
    }

    /** Whether reads happen only when the user requests them. */
    boolean isManual(ChannelHandlerContext ctx) {
        return !autoReadStopped && !readsOneByOne && !ctx.channel().config().isAutoRead();
    }

    /**
     * Turns auto-read off for good, so that one buffer waits in the queue of a handler's own executor at a time; later, if it is
     * off now.
     */
    void readOneByOne(ChannelHandlerContext ctx) {
        ChannelConfig config = ctx.channel().config();
        ownExecutor = true;
        if (config.isAutoRead()) {
            readsOneByOne = true;
            config.setAutoRead(false);
            if (ctx.channel().isActive()) {
                readOutstanding = true;
                ctx.read();
            }
        }
    }

    // ---- demand: with auto-read off one read() grants one message

    /** With auto-read off a read() was requested, after {@code frames} frames. Returns whether auto-read is off. */
    boolean demand(ChannelHandlerContext ctx, long frames) {
        boolean manual = isManual(ctx);
        if (manual) {
            demanded = true;
            demandedAt = frames;
            resume(NOT_REQUESTED);
        }
        return manual;
    }

    /** The requested message is delivered. */
    void demandMet() {
        demanded = false;
    }

    /** Suspends delivery after a message if auto-read is off. Returns whether it did. */
    boolean awaitDemand(ChannelHandlerContext ctx) {
        boolean waits = !demanded && isManual(ctx);
        if (waits) {
            reasons |= NOT_REQUESTED;
        }
        return waits;
    }

    /** Asks the transport for more if the received bytes do not hold what was requested, after {@code frames} frames. */
    private void passDemand(ChannelHandlerContext ctx, long frames) {
        if (demanded && !demandPassed && frames == demandedAt && reasons == 0 && isManual(ctx)) {
            demandPassed = true;
            ctx.read();
        }
    }

    // ---- reading

    /** A read that was requested by others: whether it may pass now. If not, it is made up for. */
    boolean passRead(Framer<?> framer) {
        readRequested = !mayRead(framer);
        return !readRequested;
    }

    private boolean mayRead(Framer<?> framer) {
        return state.dropsInput()
                || (state.output() == ConnectionState.Output.OPEN
                        && (reasons & ~(READS_AHEAD | NOT_REQUESTED)) == 0
                        && ((reasons & READS_AHEAD) == 0 || !framer.hasAtLeast(readAhead)));
    }

    /** A read of the channel is complete. */
    void readCompleted() {
        readOutstanding = false;
        demandPassed = false;
    }

    /**
     * Stops reading, or starts it again, by what is delivered and what is unread.
     *
     * @param reading whether the transport is in the middle of a read
     */
    void update(ChannelHandlerContext ctx, Framer<?> framer, boolean reading) {
        if (ownExecutor && !readsOneByOne && !autoReadStopped) {
            readOneByOne(ctx); // a handler that this one has replaced has turned auto-read on again
        }
        if (mayRead(framer)) {
            open(ctx);
        } else {
            stop(ctx);
        }
        if (!reading && state.canDeliver()) {
            passDemand(ctx, framer.frames());
        }
    }

    private void stop(ChannelHandlerContext ctx) {
        // Not on a closed channel, which is no longer registered. Another handler may have turned auto-read on again.
        if (!readsOneByOne && ctx.channel().isOpen() && ctx.channel().config().isAutoRead()) {
            autoReadStopped = true;
            ctx.channel().config().setAutoRead(false);
        }
    }

    private void open(ChannelHandlerContext ctx) {
        if (!ctx.channel().isOpen()) {
            return; // a read would go to an event loop that may have ended, where the handlers have another executor
        }
        if (autoReadStopped) {
            autoReadStopped = false;
            ctx.channel().config().setAutoRead(true);
        }
        boolean next = readsOneByOne && !readOutstanding;
        if (readRequested || next) {
            readRequested = false;
            readOutstanding |= readsOneByOne;
            ctx.read();
        }
    }

    /** The handler is being removed: restores reading as it would be without it. */
    void release(ChannelHandlerContext ctx) {
        ownExecutor = false;
        if (readsOneByOne) {
            readsOneByOne = false;
            autoReadStopped = true;
        }
        open(ctx);
    }
}
