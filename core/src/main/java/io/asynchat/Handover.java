package io.asynchat;

import io.asynchat.ConnectionState.Event;
import io.asynchat.internal.framing.Framer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.AttributeKey;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands the unread bytes of a removed handler over to the next one.
 *
 * <p>The bytes are sent when the callback that is under way has returned. If the next handler decodes by a loop on the same
 * executor, it joins: it keeps the bytes that it receives, and the call that is on the stack already runs its loop. So
 * thousands of replacements in one read need no recursion.
 */
final class Handover {
    /** The handover under way, for the handler that comes next. */
    private static final AttributeKey<Handover> KEY = AttributeKey.valueOf(Handover.class, "under way");

    private final DecodeLoop loop;
    private final ConnectionListener out;
    private final InputEnd end;
    private boolean pending; // the handler was removed, and its unread bytes are to be sent
    private @Nullable DecodeLoop successor; // has joined

    Handover(DecodeLoop loop, ConnectionListener out, InputEnd end) {
        this.loop = loop;
        this.out = out;
        this.end = end;
    }

    /** The handler is being removed. What is unread goes to the next one, unless the connection is over. */
    void begin(ChannelHandlerContext ctx, ConnectionState state) {
        pending = !state.isDiscarded() && ctx.channel().isOpen();
        state.on(Event.REMOVED);
    }

    boolean isPending() {
        return pending;
    }

    /** Lets the next handler join: it may receive its first bytes before the callback that is under way has returned. */
    void announce(ChannelHandlerContext ctx, boolean inCallback) {
        if (pending && inCallback) {
            ctx.channel().attr(KEY).set(this);
        }
    }

    /** Joins the handover under way, if there is one. Returns whether the loop waits to be run. */
    boolean join(ChannelHandlerContext ctx) {
        Channel channel = ctx.channel();
        Handover other = channel.hasAttr(KEY) ? channel.attr(KEY).get() : null;
        if (other == null || other == this || other.successor != null || other.loop.executor() != ctx.executor()) {
            return false;
        }
        other.successor = loop;
        return true;
    }

    /**
     * Sends the unread bytes to the next handler, and the end of the input behind them; once only.
     *
     * @param betweenReads whether no {@code channelReadComplete} of the transport follows
     * @param completePending whether one is to be passed on anyway
     */
    void run(ChannelHandlerContext ctx, Framer<?> framer, boolean betweenReads, boolean completePending) {
        pending = false;
        ctx.channel().attr(KEY).set(this);
        try {
            boolean any = forward(ctx, framer);
            framer.releaseConsumed();
            out.drop();
            if ((any && betweenReads) || completePending) {
                ctx.fireChannelReadComplete();
            }
            end.forward(ctx);
        } finally {
            ctx.channel().attr(KEY).set(null);
        }
    }

    /** Sends the gathered bytes of the frame begun, then the unread ones. Returns whether there were any. */
    private boolean forward(ChannelHandlerContext ctx, Framer<?> framer) {
        ByteBuf gathered = out.takeGathered();
        boolean any = gathered != null || framer.hasUnread();
        DecodeLoop early = successor; // has received bytes before the callback returned: they come behind these
        ArrayDeque<ByteBuf> rest = new ArrayDeque<>();
        Consumer<ByteBuf> next = early == null ? ctx::fireChannelRead : rest::push;
        if (gathered != null) {
            next.accept(gathered);
        }
        framer.forward(next);
        if (early != null) {
            rest.forEach(early.framer()::prepend); // the last one first
        }
        return any;
    }

    void successor(DecodeLoop loop) {
        successor = loop;
    }

    @Nullable
    DecodeLoop takeSuccessor() {
        DecodeLoop taken = successor;
        successor = null;
        return taken;
    }
}
