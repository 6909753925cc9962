package io.asynchat.demo.chat.server;

import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The end of a session on a server that closes. Finds out when two passes of the event loop in a row, each with a poll, have brought
 * nothing, and counts the lines that come when the time is over.
 *
 * <p><b>Thread:</b> the session's event loop.
 */
final class SessionDrain implements Runnable {
    private final Channel channel;
    private final BooleanSupplier hasMore;
    private final Runnable listener;
    private int activity; // grows with what is received
    private int activityBefore;
    private int quietPasses;
    private int unsaid; // lines that came when the time was over
    private boolean expired;
    private boolean drained;

    /**
     * Begins.
     *
     * @param hasMore returns whether lines that were received are not handled yet
     * @param listener is called when all that had come is handled
     */
    SessionDrain(Channel channel, BooleanSupplier hasMore, Runnable listener) {
        this.channel = channel;
        this.hasMore = hasMore;
        this.listener = listener;
        schedule(0);
    }

    /** A task that is due at once runs after the next poll. */
    private void schedule(int millis) {
        channel.eventLoop().schedule(this, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void run() {
        if (!channel.isOpen() || drained) {
            return;
        }
        boolean waits = hasMore.getAsBoolean();
        quietPasses = waits || activity != activityBefore ? 0 : quietPasses + 1;
        activityBefore = activity;
        if (quietPasses == 2) {
            drained = true;
            listener.run();
        } else {
            schedule(waits ? 1 : 0);
        }
    }

    /** Something was received. */
    void received() {
        activity++;
    }

    boolean isDrained() {
        return drained;
    }

    /** The time is over, unless all is handled. */
    void expire() {
        expired = !drained;
    }

    /** Whether lines are not handled any more, only counted. */
    boolean isExpired() {
        return expired;
    }

    void countUnsaid() {
        unsaid++;
    }

    int unsaid() {
        return unsaid;
    }
}
