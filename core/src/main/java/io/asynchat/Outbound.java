package io.asynchat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.ConnectionState.Event;
import io.asynchat.ConnectionState.Output;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.PromiseNotifier;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The sending side of a handler: pushes, the close and the change to TLS. Its verbs may be called from any thread. */
// Longer than other files: what is sent, and how it ends, share one order.
final class Outbound {
    private final ConnectionState state;
    private final DecodeLoop loop;
    private final ConnectionListener listener;
    private volatile long sendLimit = AsyncChatHandler.DEFAULT_SEND_LIMIT;
    private volatile @Nullable ChannelHandlerContext ctx; // from handlerAdded on
    private volatile @Nullable SendQueue queue; // the same
    private Duration linger = Duration.ZERO; // after the last byte, before the close

    Outbound(ConnectionState state, DecodeLoop loop, ConnectionListener listener) {
        this.state = state;
        this.loop = loop;
        this.listener = listener;
    }

    void added(ChannelHandlerContext ctx) {
        SendQueue queue = new SendQueue(listener, state, ctx);
        this.queue = queue;
        this.ctx = ctx;
    }

    ChannelHandlerContext ctx() {
        ChannelHandlerContext ctx = this.ctx;
        if (ctx == null) {
            throw new IllegalStateException("handler: in no pipeline (expected: after handlerAdded)");
        }
        return ctx;
    }

    /** Returns the queue; on the executor, from handlerAdded on. */
    SendQueue queue() {
        return Objects.requireNonNull(queue);
    }

    /**
     * Runs a verb on the handler's executor: now, if a callback is under way on this thread. Returns false if the executor has
     * shut down.
     */
    private boolean execute(Runnable verb) {
        ChannelHandlerContext ctx = ctx();
        if (loop.inCallback()) {
            verb.run();
            return true;
        }
        return EventLoops.run(ctx.executor(), verb);
    }

    void sendLimit(long bytes) {
        sendLimit = bytes;
    }

    long sendLimit() {
        return sendLimit;
    }

    long unsentBytes() {
        SendQueue queue = this.queue;
        return queue == null ? 0 : queue.pendingBytes();
    }

    /**
     * Returns whether the channel is writable; true once it is closed, since no event follows. To another executor Netty shows a
     * channel as writable for a moment while it takes a write over, whatever its size; so the queue is asked too.
     */
    boolean isWritable() {
        ChannelHandlerContext ctx = ctx();
        Channel channel = ctx.channel();
        boolean away = ctx.executor() != channel.eventLoop();
        return (channel.isWritable() && !(away && queue().isTransportFull())) || !channel.isOpen();
    }

    // ---- pushes and writes

    /** Takes the payload over. */
    ChannelFuture push(Object payload) {
        SendQueue queue = this.queue;
        if (queue == null) {
            IllegalStateException none =
                    new IllegalStateException("push: in no pipeline (expected: after handlerAdded)");
            Producers.release(payload, none);
            throw none;
        }
        if (payload instanceof ByteBuf data && !data.isReadable()) {
            data.release();
            return ctx().newSucceededFuture();
        }
        SendQueue.Entry entry = queue.entry(payload);
        if (loop.inCallback()) {
            queue.push(entry, sendLimit, true); // most pushes: no lambda
        } else if (!EventLoops.run(ctx().executor(), () -> queue.push(entry, sendLimit, loop.inCallback()))) {
            ClosedChannelException ended = new ClosedChannelException();
            Producers.release(payload, ended);
            return new DefaultChannelPromise(ctx().channel(), ImmediateEventExecutor.INSTANCE).setFailure(ended);
        }
        return entry;
    }

    static ByteBuf copy(byte[] bytes, ByteBufAllocator alloc) {
        return alloc.buffer(Checks.notNull(bytes, "bytes").length).writeBytes(bytes);
    }

    static ByteBuf encode(CharSequence text, Charset charset, ByteBufAllocator alloc) {
        Checks.notNull(text, "text");
        // Netty has no other fast way that replaces: it writes U+00E9 as a byte of "ASCII".
        return Checks.notNull(charset, "charset").equals(UTF_8)
                ? ByteBufUtil.writeUtf8(alloc, text)
                : copy(text.toString().getBytes(charset), alloc);
    }

    /** Joins buffers to one without copying; takes them over, also those beside a null, which is refused. */
    static ByteBuf join(ByteBuf first, ByteBuf @Nullable [] rest) {
        return rest != null && rest.length == 0 ? Checks.notNull(first, "buffer") : joinAll(first, rest);
    }

    private static ByteBuf joinAll(ByteBuf first, ByteBuf @Nullable [] rest) {
        List<@Nullable ByteBuf> all = new ArrayList<>(4);
        all.add(first);
        Collections.addAll(all, rest == null ? new ByteBuf[1] : rest); // as if it held one null
        for (ByteBuf buffer : all) { // a composite buffer ignores what is behind a null
            if (buffer == null || buffer.refCnt() == 0) {
                all.removeIf(other -> other == null || other.refCnt() == 0);
                all.forEach(ByteBuf::release);
                Checks.notNull(buffer, "buffer");
                throw new IllegalReferenceCountException(0);
            }
        }
        return first.alloc().compositeBuffer(all.size()).addComponents(true, all);
    }

    /** Pushes and flushes; on the executor, and not in a callback. */
    void pushNow(ByteBuf data) {
        SendQueue queue = queue();
        queue.push(queue.entry(data), sendLimit, true);
        queue.endTurn();
    }

    /** Writes a message of the pipeline, behind earlier pushes. */
    void write(Object message, ChannelPromise promise) {
        if (!state.canPush()) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
        } else if (!queue().queueWrite(message, promise)) {
            ctx().write(message, promise);
        }
    }

    void resumeProducer() {
        execute(() -> queue().resumeProducer());
    }

    void producerTimeout(long nanos) {
        execute(() -> queue().stallTimeoutNanos(nanos));
    }

    /** Discards unread bytes, and pushes that have not been flushed. */
    void discard() {
        boolean outer = loop.beginCallback(); // nothing is delivered before the unread bytes are discarded too
        queue().failAll(new IllegalStateException("push: discarded before it was sent"));
        if (!state.isRemoved()) { // else the unread bytes belong to the next handler
            loop.discard();
            state.on(Event.CLOSE_UNDONE);
            loop.changed();
        }
        loop.endCallback(outer);
    }

    void discardBuffers() {
        execute(this::discard);
    }

    // ---- the close

    void closeWhenDone(Duration linger) {
        execute(() -> {
            if (!state.canPush()) {
                return; // it is closing already
            }
            state.on(Event.CLOSE_WHEN_DONE);
            this.linger = linger;
            state.dropInputWhileFlushing(!linger.isZero());
            queue().add(null);
            if (!loop.inCallback()) {
                queue().flush();
            }
            loop.changed();
        });
    }

    /** All that was pushed before closeWhenDone is sent: closes, or ends this side and waits for the peer's end. */
    void allSent(ChannelPromise promise) {
        ChannelHandlerContext ctx = ctx();
        if (linger.isZero()
                || state.hasInputEnded()
                || !(ctx.channel() instanceof DuplexChannel channel)
                || channel.isInputShutdown()) {
            state.on(Event.CLOSE);
            ctx.close(promise);
        } else {
            state.on(Event.OUTPUT_ENDED);
            SslHandler tls = ctx.pipeline().get(SslHandler.class);
            if (tls == null) {
                channel.shutdownOutput();
            } else {
                tls.closeOutbound().addListener(sent -> channel.shutdownOutput());
            }
            Future<?> timer = ctx.executor().schedule(() -> ctx.close(promise), linger.toNanos(), TimeUnit.NANOSECONDS);
            channel.closeFuture().addListener(closed -> timer.cancel(false));
        }
        loop.changed();
    }

    /** Closes the channel if only the peer's end was awaited. */
    void peerEnded() {
        if (state.output() == Output.LINGERING) {
            state.on(Event.CLOSE);
            ctx().close();
        }
    }

    /** Closes the channel, unless the handler was removed before the present callback. */
    void close() {
        execute(() -> {
            if (!state.isRemoved() || loop.inCallback()) {
                closing();
                ctx().close();
            }
        });
    }

    /** The channel is being closed: what was pushed is handed to the socket, and what that does not take is lost. */
    void closing() {
        boolean first = !state.isOutputEnded();
        state.on(Event.CLOSE); // before the flush: a write that completes in it asks no producer
        if (first) {
            queue().flushMessages();
        }
        loop.changed();
    }

    // ---- TLS

    void startTls(SslContext ssl, Promise<Channel> handshake) {
        boolean runs = execute(() -> {
            if (!state.canPush()) {
                handshake.tryFailure(new ClosedChannelException());
                return;
            }
            loop.suspend(FlowControl.STARTING_TLS);
            queue().add(new StartTls(ctx(), loop, listener, ssl, handshake)::run)
                    .addListener(queued -> {
                        if (!queued.isSuccess()) { // closed, discarded or removed before its turn came
                            handshake.tryFailure(queued.cause());
                            loop.resume(FlowControl.STARTING_TLS);
                        }
                    });
            queue().flush();
        });
        if (!runs) {
            handshake.tryFailure(new ClosedChannelException());
        }
    }

    /**
     * Changes a connection to TLS between two bytes: a byte received in clear before the handshake must not count as protected
     * (RFC 3207, 6).
     *
     * <p>Reading stops first; then the TLS handler is inserted on the event loop; then one task runs on each executor of the
     * pipeline, in order, so that no buffer is left in their queues when the handler's unread bytes are checked.
     */
    private static final class StartTls {
        private final ChannelHandlerContext ctx;
        private final DecodeLoop loop;
        private final ConnectionListener listener;
        private final SslContext ssl;
        private final Promise<Channel> handshake;

        StartTls(
                ChannelHandlerContext ctx,
                DecodeLoop loop,
                ConnectionListener listener,
                SslContext ssl,
                Promise<Channel> handshake) {
            this.ctx = ctx;
            this.loop = loop;
            this.listener = listener;
            this.ssl = ssl;
            this.handshake = handshake;
        }

        /** Inserts the TLS handler; on the handler's executor, when all that was pushed before is handed over. */
        void run() {
            if (!EventLoops.run(ctx.channel().eventLoop(), this::insert)) {
                handshake.tryFailure(new ClosedChannelException());
            }
        }

        private void insert() {
            Channel channel = ctx.channel();
            if (!channel.isOpen()) {
                handshake.tryFailure(new ClosedChannelException());
                return;
            }
            SslHandler tls;
            try {
                tls = channel.remoteAddress() instanceof InetSocketAddress peer && ssl.isClient()
                        ? ssl.newHandler(channel.alloc(), peer.getHostString(), peer.getPort())
                        : ssl.newHandler(channel.alloc());
            } catch (Throwable fault) {
                handshake.tryFailure(fault);
                ctx.close(); // the peer expects TLS
                return;
            }
            channel.pipeline().addFirst(tls);
            tls.handshakeFuture().addListener(new PromiseNotifier<>(handshake));
            EventLoops.passThrough(executors(), () -> EventLoops.run(ctx.executor(), this::resume));
        }

        /** Returns the executors of the handlers before this one and its own, in the order of the pipeline. */
        private ArrayDeque<EventExecutor> executors() {
            Set<EventExecutor> executors = new LinkedHashSet<>();
            for (String name : ctx.pipeline().names()) {
                ChannelHandlerContext other = ctx.pipeline().context(name);
                if (other == ctx) {
                    break;
                }
                if (other != null) {
                    executors.add(other.executor());
                }
            }
            executors.remove(ctx.executor());
            ArrayDeque<EventExecutor> ordered = new ArrayDeque<>(executors);
            ordered.addLast(ctx.executor());
            return ordered;
        }

        private void resume() {
            // A frame that began in clear would end under TLS.
            if (loop.framer().hasUnread() || loop.framer().frameBytes() > 0) {
                listener.failed(new DecoderException(
                        "STARTTLS: bytes in clear before the handshake (expected: none; RFC 3207, 6)"));
                ctx.close();
            } else {
                loop.resume(FlowControl.STARTING_TLS);
            }
        }
    }
}
