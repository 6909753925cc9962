package io.asynchat;

import io.asynchat.ConnectionState.Event;
import io.asynchat.ConnectionState.Output;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;

/** The end of the input: recorded when it is received, and reported once, behind all bytes that came before it. */
final class InputEnd {
    private final ConnectionState state;
    private final ConnectionListener out;
    private boolean pending; // the end is to be reported
    private boolean eventPending; // the pipeline's ChannelInputShutdownEvent is to be fired
    private boolean inactive; // channelInactive is to be reported
    private boolean reset; // of the connection, by the peer or the network

    InputEnd(ConnectionState state, ConnectionListener out) {
        this.state = state;
        this.out = out;
    }

    /** Returns whether an event of the pipeline reports the end of the input: a half-close of TCP, or the end of TLS. */
    static boolean isReportedBy(Object event) {
        return event instanceof ChannelInputShutdownEvent || event == SslCloseCompletionEvent.SUCCESS;
    }

    /**
     * Records a half-close of TCP or a close_notify of TLS: a TLS peer may end its side without ending TCP's. Returns whether it
     * is the first, and input is not discarded.
     */
    boolean onShutdown(ChannelHandlerContext ctx) {
        if (state.isDiscarded()) {
            if (state.output() == Output.LINGERING) {
                out.peerEnded();
            } else if ((reset || state.output() != Output.FLUSHING) && !state.isRemoved()) {
                ctx.close(); // after a reset Netty ends only the input, where half-closure is allowed
            }
            return false;
        }
        if (!state.on(Event.INPUT_ENDED)) {
            return false; // TLS has reported it already
        }
        pending = true;
        if (state.dropsInput()) {
            out.peerEnded();
            ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        } else {
            eventPending = true;
        }
        return true;
    }

    /** Discards the input after a reset. Returns whether it was one. */
    boolean onException(Throwable cause) {
        reset |= cause instanceof IOException;
        return reset && state.on(Event.RESET);
    }

    void onInactive() {
        if (state.input() == ConnectionState.Input.WAITING) {
            state.on(Event.RESET); // it was never established
        }
        state.on(Event.INPUT_ENDED);
        inactive = true;
    }

    /**
     * Discards the input if a handler before this one has closed the channel. Returns whether it did. On another executor the
     * channel may be closed before its events have been received.
     */
    boolean isClosedBefore(ChannelHandlerContext ctx) {
        return !ctx.channel().isOpen()
                && !inactive
                && ctx.executor() == ctx.channel().eventLoop()
                && state.on(Event.RESET);
    }

    /**
     * Returns whether the peer may have ended the connection in order: with half-closure that is an event, and an inactive channel
     * was reset or closed on this side.
     */
    static boolean isInactiveByPeer(ChannelHandlerContext ctx) {
        return !Boolean.TRUE.equals(ctx.channel().config().getOption(ChannelOption.ALLOW_HALF_CLOSURE));
    }

    /** Returns whether the end is to be reported now; {@code finished} if all bytes are delivered. */
    boolean isDue(boolean finished) {
        return (pending || inactive) && (finished || state.isDiscarded() || state.dropsInput());
    }

    void report(ChannelHandlerContext ctx, boolean finished) {
        if (finished && state.on(Event.END_REPORTED)) {
            boolean fires = eventPending;
            pending = false;
            eventPending = false;
            out.inputEnded();
            if (fires) {
                ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            }
        }
        if (inactive) {
            reportInactive(false);
        }
    }

    /** Reports what is due at once: the handlers are about to be taken out of the pipeline. */
    void onUnregistered(boolean inCallback) {
        state.on(Event.RESET);
        if (inactive) { // an EmbeddedChannel runs the tasks of a close within the callback that closes
            reportInactive(inCallback);
        }
    }

    private void reportInactive(boolean inCallback) {
        inactive = false;
        if (state.on(Event.INACTIVE)) {
            out.inactive(inCallback);
        }
    }

    /** The handler was removed: passes the unreported events on. */
    void forward(ChannelHandlerContext ctx) {
        if (eventPending) {
            ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
        if (inactive) {
            ctx.fireChannelInactive();
        }
        pending = false;
        eventPending = false;
        inactive = false;
    }
}
