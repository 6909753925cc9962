package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The outgoing side of an {@link AsyncChatHandler}: what may still be pushed, and how it ends.
 *
 * <p>Its verbs may be called from any thread; what they do is done on the handler's executor.
 */
final class Outbox {
    private final ChatLink link;
    private final AsyncChatHandler handler;
    private @Nullable SendQueue queue; // from handlerAdded on
    private boolean closing; // closeWhenDone() was called; it may be undone
    private Duration linger = Duration.ZERO; // after the last byte, before that close
    private boolean lingering; // our side is ended, the peer's not yet
    private boolean closed; // nothing more comes in or goes out
    private boolean removed; // the handler, from a pipeline that lives on
    private boolean tellingSlowReader;

    Outbox(ChatLink link, AsyncChatHandler handler) {
        this.link = link;
        this.handler = handler;
    }

    void added(ChannelHandlerContext ctx) {
        queue = new SendQueue(this, ctx);
    }

    private SendQueue queue() {
        return Objects.requireNonNull(queue);
    }

    long unsentBytes() {
        SendQueue queue = this.queue;
        return queue == null ? 0 : queue.waiting();
    }

    /** Whether the handler has said that it wants no more: nothing is delivered then. */
    boolean isOver() {
        return closing || closed;
    }

    /** Whether the handler was removed, and the connection goes on without it. */
    boolean hasLeft() {
        return removed && !closing;
    }

    boolean isClosed() {
        return closed;
    }

    ChannelFuture push(Object payload) {
        SendQueue queue = this.queue;
        if (queue == null) {
            IllegalStateException none =
                    new IllegalStateException("push: in no pipeline (expected: after handlerAdded)");
            SendQueue.letGo(payload, none);
            throw none;
        }
        if (payload instanceof ByteBuf data && !data.isReadable()) {
            data.release();
            return link.ctx().newSucceededFuture();
        }
        long found = payload instanceof ByteBuf ? queue.waiting() : 0;
        SendQueue.Entry entry = queue.entry(payload);
        if (link.executor().inEventLoop()) {
            admit(queue, entry, found); // most pushes: no lambda
        } else if (!EventLoops.run(link.executor(), () -> admit(queue, entry, found))) {
            ClosedChannelException ended = new ClosedChannelException();
            SendQueue.letGo(payload, ended);
            return new DefaultChannelPromise(link.ctx().channel(), ImmediateEventExecutor.INSTANCE).setFailure(ended);
        }
        return entry;
    }

    private void admit(SendQueue queue, SendQueue.Entry entry, long found) {
        if (isOver() || !link.ctx().channel().isOpen()) {
            queue.giveUp(entry, new ClosedChannelException());
        } else if (found > handler.sendLimit()) {
            queue.giveUp(
                    entry,
                    new IllegalStateException("push: " + found + " bytes wait to be sent (expected: at most "
                            + handler.sendLimit() + ")"));
            tellSlowReader();
        } else {
            queue.add(entry);
            if (!link.isInCallback() || queue.isWorthAFlush()) {
                flush();
            }
        }
    }

    private void tellSlowReader() {
        if (!tellingSlowReader) {
            tellingSlowReader = true;
            link.call(handler::handleSlowReader);
            tellingSlowReader = false;
        }
    }

    void flush() {
        if (link.ctx().channel().isActive()) {
            queue().drain();
        }
    }

    void producerFailed(Throwable cause) {
        link.failed(cause);
    }

    void closeWhenDone(Duration linger) {
        EventLoops.run(link.executor(), () -> {
            if (!isOver()) {
                closing = true;
                this.linger = linger;
                link.decoder().onLoop(loop -> loop.hold(linger.isZero() ? Holds.CLOSING : Holds.DROPPING));
                queue().addClose();
                if (!link.isInCallback()) {
                    flush();
                }
            }
        });
    }

    /** All is sent: closes, or ends our side and waits for the peer's end, which closes too. */
    void finish(ChannelPromise promise) {
        ChannelHandlerContext ctx = link.ctx();
        closed = true;
        if (linger.isZero() || link.hasPeerEnded() || !(ctx.channel() instanceof DuplexChannel channel)) {
            ctx.close(promise);
            return;
        }
        lingering = true;
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls == null) {
            channel.shutdownOutput();
        } else {
            tls.closeOutbound().addListener(said -> channel.shutdownOutput());
        }
        Future<?> longEnough =
                ctx.executor().schedule(() -> ctx.close(promise), linger.toNanos(), TimeUnit.NANOSECONDS);
        ctx.channel().closeFuture().addListener(ended -> longEnough.cancel(false));
    }

    /** The peer's end is what a lingering side has waited for. */
    void peerEnded() {
        if (lingering) {
            link.ctx().close();
        }
    }

    /** A handler that was removed has nothing to close, but in the callback that removed it. */
    void close() {
        EventLoops.run(link.executor(), () -> {
            if (!removed || link.isInCallback()) {
                closed = true;
                link.ctx().close();
            }
        });
    }

    void discard() {
        EventLoops.run(link.executor(), () -> {
            queue().failAll(new IllegalStateException("push: discarded before it was sent"));
            if (removed) {
                return; // what is unread is the next handler's
            }
            link.dropGathered();
            link.decoder().onLoop(FrameLoop::discard);
            if (closing && !closed) {
                closing = false;
                link.decoder().onLoop(loop -> loop.free(Holds.CLOSING | Holds.DROPPING));
                if (link.hasPeerEnded()) {
                    link.endOfInput();
                }
            }
        });
    }

    /** The channel is closed. */
    void inactive() {
        closed = true;
        queue().failAll(new ClosedChannelException());
    }

    /** The handler leaves a pipeline that lives on. */
    void leave() {
        closed = true;
        removed = true;
        queue().leave();
    }
}
