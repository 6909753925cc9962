package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What ties an {@link AsyncChatHandler} to its channel: which callback comes when, and what a verb does then.
 *
 * <p>Every callback runs through {@link #call}, so that none is nested, none outlives a close, and what one throws ends
 * this channel and nothing else. On the handler's executor only, but for {@link #enqueue}.
 */
final class ChatLink {
    private static final Logger LOG = LoggerFactory.getLogger(AsyncChatHandler.class);

    /** A callback of the handler. */
    @FunctionalInterface
    interface Callback {
        void run() throws Exception;
    }

    private final AsyncChatHandler handler;
    private final Collector collector = new Collector();
    private TerminatorFrameDecoder decoder = TerminatorFrameDecoder.streaming(Terminator.none()); // until it adopts one
    private @Nullable ChannelHandlerContext ctx; // from handlerAdded on
    private @Nullable SendQueue queue; // the same
    private final DirectDelivery delivery = new DirectDelivery(this);
    private boolean inCallback;
    private boolean connectTold;
    private boolean peerEnded;
    private boolean endTold;
    private boolean closeTold;
    private boolean closing; // closeWhenDone() was called; it may be undone
    private Duration linger = Duration.ZERO; // after the last byte, before that close
    private boolean lingering; // our side is ended, the peer's not yet
    private boolean closed; // nothing more comes in or goes out
    private boolean removed; // from a pipeline that lives on
    private boolean tellingSlowReader;

    ChatLink(AsyncChatHandler handler) {
        this.handler = handler;
    }

    TerminatorFrameDecoder decoder() {
        return decoder;
    }

    Collector collector() {
        return collector;
    }

    /** What the default {@code collectIncomingData} does. */
    void gather(ByteBuf data) {
        FrameEngine engine = decoder.loop().engine();
        boolean lent = data instanceof BorrowedData view && view.isLent();
        collector.add(data, lent, engine.delivering().limitOr(engine.defaultLimit()), ctx().alloc());
    }

    boolean isAdded() {
        return ctx != null;
    }

    ChannelHandlerContext ctx() {
        if (ctx == null) {
            throw new IllegalStateException("handler: in no pipeline (expected: after handlerAdded)");
        }
        return ctx;
    }

    /** The way from the decoder, if it may call straight: it is right before the handler, on the same executor. */
    @Nullable
    FrameSink directFrom(ChannelHandlerContext decoder) {
        ChannelHandlerContext ctx = ctx();
        if (ctx.executor() != decoder.executor()) {
            return null;
        }
        List<String> names = ctx.pipeline().names();
        int next = names.indexOf(decoder.name()) + 1;
        if (!names.get(next).equals(ctx.name())) {
            return null;
        }
        return delivery;
    }

    EventExecutor executor() {
        return ctx().executor();
    }

    // ---- the life of a connection

    void added(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        queue = new SendQueue(this, ctx);
        TerminatorFrameDecoder there = decoderBefore(ctx);
        if (there == null) {
            decoder.loop().handler(this);
            bring(ctx, decoder.broughtByHandler());
        } else {
            TerminatorFrameDecoder own = decoder;
            decoder = there;
            there.onLoop(loop -> loop.handler(this));
            handler.passSettings(own, there);
        }
        if (ctx.channel().isActive()) {
            ctx.executor().execute(this::connected); // unless channelActive comes first, or bytes
        }
    }

    /** On the handler's executor, which has what was read since the handler was added, in order. */
    @SuppressWarnings("deprecation") // of an executor for a part of a pipeline: a user has chosen it
    private static void bring(ChannelHandlerContext ctx, TerminatorFrameDecoder decoder) {
        if (ctx.executor() == ctx.channel().eventLoop()) {
            ctx.pipeline().addBefore(ctx.name(), null, decoder);
        } else {
            ctx.pipeline().addBefore(ctx.executor(), ctx.name(), null, decoder);
        }
    }

    /** The decoder that a handler there adopts. */
    static @Nullable TerminatorFrameDecoder decoderBefore(ChannelHandlerContext ctx) {
        TerminatorFrameDecoder nearest = null;
        for (String name : ctx.pipeline().names()) {
            if (name.equals(ctx.name())) {
                return nearest;
            }
            if (ctx.pipeline().get(name) instanceof TerminatorFrameDecoder decoder) {
                nearest = decoder;
            }
        }
        return nearest;
    }

    void connected() {
        if (!connectTold && !closed) {
            connectTold = true;
            call(handler::handleConnect);
        }
    }

    /** Bytes of a frame, perhaps none, and perhaps its {@code end}. */
    void deliver(BorrowedData data, boolean end) {
        if (!connectTold) {
            connected();
        }
        boolean outer = inCallback;
        inCallback = true;
        Throwable fault = null;
        try {
            if (data.isReadable() && mayDeliver()) {
                handler.collectIncomingData(data);
            }
            if (end && mayDeliver() && !collector.isOverflowed()) {
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
    }

    private void afterDelivery(BorrowedData data, boolean end, @Nullable Throwable fault) {
        if (data.refCnt() == 0) {
            collector.drop();
            failed(new IllegalStateException(
                    "data: released by a callback (expected: borrowed; retain() it to keep it)", fault));
            return;
        }
        settle();
        if (collector.wasOverflowed() && !end) {
            decoder.onLoop(loop -> loop.engine().skipRest());
        }
        if (fault != null) {
            failed(fault);
        }
    }

    /** What the decoder sends when it cannot call; owned. */
    void message(ByteBuf data, boolean end) {
        try {
            if (end || data.isReadable()) {
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
        } else if (lingering) {
            ctx().close();
        }
    }

    void drain() {
        if (mayDeliver()) {
            call(handler::handleDrain);
        }
    }

    void inactive() {
        if (decoder.loop().isFinished()) {
            endOfInput();
        }
        closed = true;
        queue().failAll(new ClosedChannelException());
        if (!closeTold) {
            closeTold = true;
            call(handler::handleClose);
        }
    }

    void removed() {
        ChannelHandlerContext ctx = ctx();
        closed = true;
        if (ctx.channel().isOpen()) {
            removed = true;
            queue().leave();
        } else if (inCallback) {
            ctx.executor().execute(this::inactive);
        } else {
            inactive();
        }
        collector.drop();
        decoder.onLoop(loop -> {
            if (loop.handler() == this) {
                if (decoder.isBroughtByHandler() && !decoder.isRemoved()) {
                    ctx.pipeline().remove(decoder);
                }
                loop.handler(null);
            }
        });
    }

    // ---- callbacks

    private boolean mayDeliver() {
        return !closing && !closed;
    }

    /** Runs a callback that no bytes lead to, and sends what it pushed. */
    private void call(Callback callback) {
        boolean outer = inCallback;
        inCallback = true;
        boolean sameLoop = decoder.loop().isOn(ctx().executor());
        boolean outerLoop = sameLoop && decoder.loop().enter();
        try {
            callback.run();
        } catch (Throwable fault) {
            failed(fault);
        } finally {
            inCallback = outer;
            if (!outer) {
                settle();
                flush();
            }
            if (sameLoop) {
                decoder.loop().leave(outerLoop);
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
            close();
        } finally {
            inCallback = outer;
        }
    }

    void exceptionCaught(Throwable cause) {
        if (!closed) {
            call(() -> failed(cause));
        }
    }

    boolean holdsFrames() {
        return handler.holdsFrames();
    }

    void dropGathered() {
        collector.drop();
    }

    // ---- verbs

    ChannelFuture enqueue(Object payload) {
        SendQueue queue = this.queue;
        if (queue == null) {
            IllegalStateException none =
                    new IllegalStateException("push: in no pipeline (expected: after handlerAdded)");
            SendQueue.letGo(payload, none);
            throw none;
        }
        if (payload instanceof ByteBuf data && !data.isReadable()) {
            data.release();
            return ctx().newSucceededFuture();
        }
        long found = payload instanceof ByteBuf ? queue.waiting() : 0;
        SendQueue.Entry entry = queue.entry(payload);
        if (!onExecutor(() -> admit(queue, entry, found))) {
            ClosedChannelException closed = new ClosedChannelException();
            SendQueue.letGo(payload, closed);
            return new DefaultChannelPromise(ctx().channel(), ImmediateEventExecutor.INSTANCE).setFailure(closed);
        }
        return entry;
    }

    private void admit(SendQueue queue, SendQueue.Entry entry, long found) {
        if (closed || closing || !ctx().channel().isOpen()) {
            queue.giveUp(entry, new ClosedChannelException());
        } else if (found > handler.sendLimit()) {
            queue.giveUp(
                    entry,
                    new IllegalStateException("push: " + found + " bytes wait to be sent (expected: at most "
                            + handler.sendLimit() + ")"));
            tellSlowReader();
        } else {
            queue.add(entry);
            if (!inCallback || queue.isWorthAFlush()) {
                flush();
            }
        }
    }

    private void tellSlowReader() {
        if (!tellingSlowReader) {
            tellingSlowReader = true;
            call(handler::handleSlowReader);
            tellingSlowReader = false;
        }
    }

    void flush() {
        if (ctx().channel().isActive()) {
            queue().drain();
        }
    }

    private SendQueue queue() {
        return Objects.requireNonNull(queue);
    }

    void closeWhenDone(Duration linger) {
        onExecutor(() -> {
            if (!closing && !closed) {
                closing = true;
                this.linger = linger;
                decoder.onLoop(loop -> loop.hold(linger.isZero() ? FrameLoop.CLOSING : FrameLoop.DROPPING));
                queue().addClose();
                if (!inCallback) {
                    flush();
                }
            }
        });
    }

    /** All is sent: closes, or ends our side and waits for the peer's end, which closes too. */
    void finish(ChannelPromise promise) {
        ChannelHandlerContext ctx = ctx();
        closed = true;
        if (linger.isZero() || peerEnded || !(ctx.channel() instanceof DuplexChannel channel)) {
            ctx.close(promise);
            return;
        }
        lingering = true;
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls == null) {
            channel.shutdownOutput();
        } else {
            tls.closeOutbound();
        }
        ctx.executor().schedule(() -> ctx.close(promise), linger.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A handler that was removed has nothing to close, but in the callback that removed it. */
    void close() {
        onExecutor(() -> {
            if (!removed || inCallback) {
                closed = true;
                ctx().close();
            }
        });
    }

    void discardBuffers() {
        onExecutor(() -> {
            queue().failAll(new IllegalStateException("push: discarded before it was sent"));
            if (removed) {
                return; // what is unread is the next handler's
            }
            collector.drop();
            decoder.onLoop(FrameLoop::discard);
            if (closing && !closed) {
                closing = false;
                decoder.onLoop(loop -> loop.free(FrameLoop.CLOSING | FrameLoop.DROPPING));
                if (peerEnded) {
                    endOfInput();
                }
            }
        });
    }

    private boolean onExecutor(Runnable change) {
        return Hop.to(executor(), change);
    }
}
