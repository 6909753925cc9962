package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
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
    private @Nullable DirectDelivery direct; // made when first chosen

    private boolean inCallback;
    private boolean connectTold;
    private boolean endTold;
    private boolean closeTold;
    private boolean closing; // closeWhenDone() was called; it may be undone
    private Duration linger = Duration.ZERO; // after the last byte, before that close
    private boolean closed; // nothing more comes in or goes out
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
        if (direct == null) {
            direct = new DirectDelivery(this);
        }
        return direct;
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
            ctx.pipeline().addBefore(ctx.name(), null, decoder.broughtByHandler());
        } else {
            handler.passSettings(decoder, there);
            decoder = there;
        }
        decoder.loop().handler(this);
        if (ctx.channel().isActive()) {
            ctx.executor().execute(this::connected); // unless channelActive comes first
        }
    }

    private static @Nullable TerminatorFrameDecoder decoderBefore(ChannelHandlerContext ctx) {
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

    /** Bytes of a frame that goes on; borrowed. */
    void piece(ByteBuf data) {
        if (mayDeliver()) {
            boolean outer = inCallback;
            inCallback = true;
            try {
                handler.collectIncomingData(data);
            } catch (Throwable fault) {
                failed(fault);
            } finally {
                settle();
                inCallback = outer;
            }
        }
    }

    /** The last bytes of a frame, if any, and its end; borrowed. */
    void frame(ByteBuf data) {
        boolean outer = inCallback;
        inCallback = true;
        try {
            if (data.isReadable() && mayDeliver()) {
                handler.collectIncomingData(data);
            }
            if (mayDeliver() && !collector.wasOverflowed()) {
                handler.foundTerminator();
            }
        } catch (Throwable fault) {
            failed(fault);
        } finally {
            settle();
            inCallback = outer;
        }
    }

    /** What the decoder sends when it cannot call: {@link #frame} or {@link #piece}; owned. */
    void message(ByteBuf data, boolean end) {
        try {
            if (end) {
                frame(data);
            } else if (data.isReadable()) {
                piece(data);
            }
        } finally {
            if (data.refCnt() > 0) {
                data.release();
            } else {
                failed(BorrowedData.released());
            }
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
        if (!endTold && !closed) {
            endTold = true;
            call(handler::handleEndOfInput);
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
        if (ctx.channel().isOpen()) {
            queue().leave();
            closed = true;
        } else {
            inactive();
        }
        collector.drop();
        FrameLoop loop = decoder.loop();
        if (loop.handler() == this) {
            loop.handler(null);
            if (decoder.isBroughtByHandler() && !decoder.isRemoved()) {
                ctx.pipeline().remove(decoder);
            }
        }
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
            settle();
            inCallback = outer;
            if (!outer) {
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
            call(() -> handler.handleError(cause));
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
            ReferenceCountUtil.release(payload);
            throw new IllegalStateException("push: in no pipeline (expected: after handlerAdded)");
        }
        if (payload instanceof ByteBuf data && !data.isReadable()) {
            data.release();
            return ctx().newSucceededFuture();
        }
        boolean full = payload instanceof ByteBuf && queue.waiting() > handler.sendLimit();
        SendQueue.Entry entry = queue.entry(payload);
        try {
            onExecutor(() -> admit(queue, entry, full));
        } catch (RejectedExecutionException ended) {
            queue.giveUp(entry, ended);
        }
        return entry;
    }

    private void admit(SendQueue queue, SendQueue.Entry entry, boolean full) {
        if (closed || closing) {
            queue.giveUp(entry, new ClosedChannelException());
        } else if (full) {
            queue.giveUp(
                    entry,
                    new IllegalStateException("push: " + queue.waiting() + " bytes wait to be sent (expected: at most "
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
        if (linger.isZero() || endTold || !(ctx.channel() instanceof DuplexChannel channel)) {
            ctx.close(promise);
            return;
        }
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls == null) {
            channel.shutdownOutput();
        } else {
            tls.closeOutbound();
        }
        ctx.executor().schedule(() -> ctx.close(promise), linger.toMillis(), TimeUnit.MILLISECONDS);
    }

    void close() {
        onExecutor(() -> {
            if (!closed) {
                closed = true;
                ctx().close();
            }
        });
    }

    void discardBuffers() {
        onExecutor(() -> {
            queue().failAll(new IllegalStateException("push: discarded before it was sent"));
            collector.drop();
            decoder.onLoop(FrameLoop::discard);
            if (closing && !closed) {
                closing = false;
                decoder.onLoop(loop -> loop.free(FrameLoop.CLOSING | FrameLoop.DROPPING));
            }
        });
    }

    private void onExecutor(Runnable change) {
        if (executor().inEventLoop()) {
            change.run();
        } else {
            executor().execute(change);
        }
    }
}
