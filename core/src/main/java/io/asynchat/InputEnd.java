package io.asynchat;

import io.asynchat.ConnectionState.Event;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/** The end of the input: recorded when it is received, and reported once, behind all bytes that came before it. */
final class InputEnd {
    private final ConnectionState state;
    private final ConnectionListener out;
    private boolean pending; // the end is to be reported
    private @Nullable Object event; // of the pipeline that reports the end; null if it has been passed on
    private boolean inactive; // channelInactive is to be reported

    InputEnd(ConnectionState state, ConnectionListener out) {
        this.state = state;
        this.out = out;
    }

    /** Records a half-close of TCP or a close_notify of TLS. Returns whether it is the first, and input is not discarded. */
    boolean onShutdown(Object event, ChannelHandlerContext ctx) {
        if (state.isDiscarded()) {
            if (!state.isRemoved()) {
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
            ctx.fireUserEventTriggered(event);
        } else {
            this.event = event;
        }
        return true;
    }

    void onInactive() {
        if (state.input() == ConnectionState.Input.WAITING) {
            state.on(Event.RESET); // it was never established
        }
        state.on(Event.INPUT_ENDED);
        inactive = true;
    }

    /** Returns whether the channel is inactive and that is not reported. */
    boolean isInactive() {
        return inactive;
    }

    /** Returns whether the end is to be reported now; {@code finished} if all bytes are delivered. */
    boolean isDue(boolean finished) {
        return (pending || inactive) && (finished || state.isDiscarded() || state.dropsInput());
    }

    void report(boolean finished) {
        Object end = event;
        if (finished && state.on(Event.END_REPORTED)) {
            pending = false;
            event = null;
            out.inputEnded(end);
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
        if (pending && event != null) {
            ctx.fireUserEventTriggered(event);
        }
        if (inactive) {
            ctx.fireChannelInactive();
        }
        pending = false;
        inactive = false;
    }
}
