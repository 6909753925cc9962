package io.asynchat;

import io.asynchat.Terminator.Delimiter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.OrderedEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.Charset;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One side of a conversation: callbacks receive frames, verbs set the terminator of the next frame and send.
 *
 * <pre>{@code
 * final class Echo extends AsyncChatHandler {
 *     Echo() {
 *         setTerminator(Terminator.LINE.atMost(512));
 *     }
 *
 *     @Override
 *     protected void foundTerminator() {
 *         push(takeText(UTF_8) + "\n", UTF_8);
 *     }
 * }
 *
 * pipeline.addLast(new Echo());
 * }</pre>
 *
 * <p>{@code addLast} is all: the handler frames all bytes that reach it. It takes the
 * place of a {@link TerminatorFrameDecoder} right before it, with the decoder's terminator, limit and unread bytes, unless
 * it has set its own.
 *
 * <p>When it is removed, its unread bytes go to the next handler, after the gathered bytes of an unfinished frame. In a
 * callback that happens when the callback has returned; an {@code AsyncChatHandler} that replaces it goes on with the very
 * next byte. Pushes are sent, up to the first producer; the rest fails. A handler that was
 * removed gets no more callbacks, and its verbs have no effect.
 *
 * <h2>The life of a connection</h2>
 *
 * <ol>
 *   <li>{@link #handleConnect}, once.
 *   <li>For each frame {@link #collectIncomingData} with each piece of it as it comes, never empty, then {@link
 *       #foundTerminator}. The terminator is read again after every callback: one set there governs the very next byte.
 *   <li>At the end of the input {@link #handleTruncated}, if it was inside a frame; then {@link #handleEndOfInput}.
 *   <li>{@link #handleClose}, once, when the channel is closed, whichever side closed it.
 * </ol>
 *
 * <p>No callback is called inside another, except {@link #handleError} and {@link #handleSlowReader}, which report a
 * fault where it occurs, and {@link #handleUserEvent} for an event that a callback itself fires. After {@link #close} or {@link #closeWhenDone} nothing more is delivered. An exception that a callback
 * throws goes to {@link #handleError}, and no further.
 *
 * <p>Pushes are sent in one flush when the turn ends: those of callbacks when the read is over, or as soon as a watermark's
 * worth has come together, all others by one task on the executor. While the peer does not read, nothing is delivered and
 * nothing is read from it either.
 *
 * <p><b>Thread:</b> callbacks run on the handler's executor and must not block it. That is the channel's event loop, unless
 * the handler was added with another one, which must be an {@link OrderedEventExecutor}, and be able to schedule tasks if a
 * timeout, a rate limit or a linger is used; it frames there, and then turns auto-read off, so that one buffer at a time
 * waits for it. The verbs may be called from any thread unless they say otherwise; from another they take effect on the
 * executor, in the order of that thread's calls. The {@code take} methods belong to callbacks.
 *
 * <p><b>Ownership:</b> a callback borrows its {@code data} for the call and may {@code retain()} it, as any Netty buffer;
 * {@link #push(ByteBuf, ByteBuf...)} takes its buffers over, always.
 *
 * <p><b>Errors.</b> Before the handler is added to a pipeline it may set how it receives, and its send limit; the verbs that
 * send, close, discard or set a timeout, and the accessors of the channel, throw an {@link IllegalStateException}. A number or
 * duration that is negative, or too long for a timer, is an {@link IllegalArgumentException}.
 *
 * <p><b>Source.</b> asynchat's {@code async_chat}.
 */
// Longer than other files: it is the whole vocabulary, and most of it is contract.
public abstract class AsyncChatHandler extends ChannelDuplexHandler {
    /** The default send limit, in bytes: 1 MiB. */
    public static final int DEFAULT_SEND_LIMIT = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(AsyncChatHandler.class);

    private final CallbackDispatcher dispatcher = new CallbackDispatcher(this);
    private final ConnectionState state = dispatcher.state();
    private final DecodeLoop loop = dispatcher.loop();
    private final Outbound outbound = dispatcher.outbound();
    private volatile boolean added; // read by any thread

    /**
     * Creates a handler for one connection; each connection needs its own. It may set its terminator and limits here, before it has a
     * channel. Until a terminator is set it is {@link Terminator#none()}: all is data, and no frame ends.
     */
    protected AsyncChatHandler() {}

    // ---- callbacks

    /** The connection is established; bytes come after this. By default does nothing. asynchat's {@code handle_connect}. */
    protected void handleConnect() throws Exception {}

    /**
     * Receives bytes of the present frame, at least one, in order; a frame may come in many pieces. By default gathers them
     * for the {@code take} methods. In here {@link #getTerminator} of a length still counts the piece.
     *
     * <p><b>Limits:</b> the gathered bytes never exceed the limit of the terminator in force, also under {@link
     * Terminator#none()} and where frames are not taken.
     *
     * <p><b>Ownership:</b> {@code data} is borrowed. Valid during the call, reader index 0 to writer index; {@code
     * retain()} keeps it valid after it, for instance as {@code push(data.retain())}.
     */
    protected void collectIncomingData(ByteBuf data) throws Exception {
        dispatcher.gather(data);
    }

    /** The present frame has ended. Gathered bytes that are not taken now stay for the next. */
    protected abstract void foundTerminator() throws Exception;

    /**
     * The input ended inside a frame: after its first byte, or while bytes of a length were still to come, perhaps all of
     * them. By default does nothing; {@link #handleEndOfInput} follows. The terminator is {@link Terminator#none()} by then.
     * Only the handler's own state shows whether a message of several frames is complete.
     */
    protected void handleTruncated() throws Exception {}

    /** The peer sends no more. By default calls {@link #closeWhenDone}, so that queued pushes are still sent. */
    protected void handleEndOfInput() throws Exception {
        closeWhenDone();
    }

    /**
     * The server is closing and waits for this connection until the drain timeout. By default calls {@link #closeWhenDone},
     * so that queued pushes are still sent; a request of which only a part has come is dropped. To finish it, close when it has
     * been answered instead.
     */
    protected void handleDrain() throws Exception {
        closeWhenDone();
    }

    /**
     * A user event of the pipeline, such as {@code SslHandshakeCompletionEvent}; the end of the input and a drain have
     * callbacks of their own. By default does nothing; the event is passed on in any case.
     */
    protected void handleUserEvent(Object event) throws Exception {}

    /**
     * The channel is writable again after it was not: the queue and its producers have been written, and delivery goes on after
     * this, unless this fills the channel again. By default does nothing.
     */
    protected void handleWritable() throws Exception {}

    /**
     * The channel is closed, or could not be connected. By default does nothing. Called exactly once, unless the handler was
     * removed before. asynchat's {@code handle_close}.
     */
    protected void handleClose() throws Exception {}

    /**
     * A fault has occurred. By default closes the channel. Faults of the peer ({@link DecoderException}), of the connection
     * ({@link IOException}) and timeouts ({@link ProtocolTimeoutException}) are expected and are logged at DEBUG; other
     * exceptions, such as those of callbacks and producers, are bugs and are passed on with {@code fireExceptionCaught}. The
     * messages may quote bytes of the peer. asynchat's {@code handle_error}.
     *
     * <p>An exception that this throws itself is logged, and the channel closed. Faults of a connection that has been
     * closed here are not reported.
     *
     * <p>After a {@link io.netty.handler.codec.TooLongFrameException} a handler may go on instead: the rest of that frame
     * is skipped, and {@link #foundTerminator} is not called for it.
     */
    protected void handleError(Throwable cause) throws Exception {
        if (cause instanceof IOException
                || cause instanceof DecoderException
                || cause instanceof ProtocolTimeoutException) {
            LOG.debug("{}: closing after {}", channel(), cause.toString());
        } else {
            outbound.ctx().fireExceptionCaught(cause);
        }
        close();
    }

    /**
     * A push was refused, since more than the send limit waited already. By default logs that at DEBUG and closes.
     *
     * <p>A push made in here is refused as well, and does not call this again; to send a last word, raise the limit first.
     */
    protected void handleSlowReader() throws Exception {
        LOG.debug("{}: closing, {} bytes wait to be sent (limit {})", channel(), unsentBytes(), outbound.sendLimit());
        close();
    }

    /**
     * The peer has sent more than {@link #setRateLimit} allows for 30 seconds, and frames still wait. By default logs that at
     * DEBUG and closes; if it does not close, this is called every 30 seconds.
     */
    protected void handleRateExceeded() throws Exception {
        LOG.debug("{}: closing, frames come faster than the rate limit", channel());
        close();
    }

    /**
     * The timeout of {@link #setTimeout} has expired, and none is set any more. By default reports a {@link
     * ProtocolTimeoutException} to {@link #handleError}, which closes.
     */
    protected void handleTimeout() throws Exception {
        handleError(new ProtocolTimeoutException(ProtocolTimeoutException.Kind.HANDLER, "timeout: expired"));
    }

    // ---- verbs: input

    /** Sets the terminator, from the very next byte on. See {@link TerminatorFrameDecoder#setTerminator}. */
    public final void setTerminator(Terminator terminator) {
        Checks.notNull(terminator, "terminator");
        if (loop.inCallback()) {
            loop.setTerminator(terminator); // for each frame: no lambda
        } else {
            loop.execute(loop -> loop.setTerminator(terminator));
        }
    }

    /** Returns the terminator that was set last; of a length, the bytes that are outstanding. */
    public final Terminator getTerminator() {
        return loop.terminator().get();
    }

    /** Returns the delimiter that ended the last frame; null if a length did, or none has ended. */
    public final @Nullable Delimiter matchedDelimiter() {
        return loop.terminator().matchedDelimiter();
    }

    /** Sets the limit of frames whose terminator carries none, in bytes; 64 KiB unless set. */
    public final void setFrameLimit(long bytes) {
        Checks.notNegative(bytes, "frame limit");
        loop.execute(loop -> loop.terminator().defaultLimit(bytes));
    }

    /** Sets the maximum time of a frame; see {@link TerminatorFrameDecoder#setFrameTimeout}. */
    public final void setFrameTimeout(Duration timeout) {
        long nanos = Checks.notNegative(timeout, "frame timeout").toNanos();
        loop.execute(loop -> loop.setFrameTimeout(nanos));
    }

    /** Delivers nothing after the present frame, or piece of one, until {@link #resume}. See {@link #setReadAhead}. */
    public final void pause() {
        loop.execute(loop -> loop.suspend(FlowControl.PAUSED));
    }

    /** Continues delivery after {@link #pause}. */
    public final void resume() {
        loop.execute(loop -> loop.resume(FlowControl.PAUSED));
    }

    /**
     * Sets how many bytes are read ahead while delivery is paused or the rate is exceeded, so that a reset or the end of the
     * input is noticed; 16 KiB unless set, 0 for none.
     */
    public final void setReadAhead(int bytes) {
        Checks.notNegative(bytes, "read-ahead");
        loop.execute(loop -> loop.setReadAhead(bytes));
    }

    /**
     * Limits the rate of frames; frames above it wait, in order, and none is dropped. After 30 seconds of it
     * {@link #handleRateExceeded} is called. For a constructor, or a callback: frames handled before do not count.
     */
    public final void setRateLimit(RateLimit limit) {
        dispatcher.setRateLimit(Checks.notNull(limit, "rate limit"));
    }

    /** Takes the gathered bytes as text. */
    public final String takeText(Charset charset) {
        return dispatcher.gathered().takeText(Checks.notNull(charset, "charset"));
    }

    /** Takes the gathered bytes as a new array. */
    public final byte[] takeBytes() {
        return dispatcher.gathered().takeBytes();
    }

    /**
     * Takes the gathered bytes; the caller releases the buffer. No copy if it came in one read: then it is a
     * part of a larger buffer, and has no room to write to.
     */
    public final ByteBuf takeData() {
        return dispatcher.gathered().take();
    }

    /**
     * Whether bytes have been received that come after the present frame, or piece of one; others may be on their way. For
     * callbacks.
     */
    public final boolean hasUnread() {
        return loop.framer().hasUnread();
    }

    /**
     * Starts TLS behind earlier pushes: sends them in clear, stops reading, inserts the TLS handler first in the
     * pipeline, and goes on. Pushes that follow are sent under TLS.
     *
     * <p>If the peer has sent a byte in clear that is not delivered by then, or is of a frame that has not ended, that is reported as
     * a {@link DecoderException} and the channel is closed: bytes before the handshake must not count as protected (RFC 3207, 6).
     *
     * @param ssl a server's or a client's; a client expects the certificate of the host it is connected to
     * @return succeeds when the handshake has; fails as it fails, or if the channel is closed before
     */
    public final Future<Channel> startTls(SslContext ssl) {
        Checks.notNull(ssl, "ssl");
        Promise<Channel> handshake = executor().newPromise();
        outbound.startTls(ssl, handshake);
        return handshake;
    }

    // ---- verbs: time

    /**
     * Sets the time by which the present step of the protocol must be over, from now on: {@link #handleTimeout} is called
     * then, unless the timeout is set again or cleared before. There is one a handler, and it is cheap to set for each
     * frame. It is not reported after {@link #close} or {@link #closeWhenDone}.
     */
    public final void setTimeout(Duration fromNow) {
        long nanos = Checks.notNegative(fromNow, "timeout").toNanos();
        dispatcher.timeout().set(outbound.ctx(), nanos);
    }

    /** Adds to the timeout, as for a body that has come a part of its way; does nothing if none is set. */
    public final void extendTimeout(Duration by) {
        long nanos = Checks.notNegative(by, "extension").toNanos();
        dispatcher.timeout().extend(outbound.ctx(), nanos);
    }

    /** Clears the timeout, if one is set. */
    public final void clearTimeout() {
        dispatcher.timeout().clear(outbound.ctx());
    }

    /**
     * Sets how long a producer at the head of the queue may have nothing to send ({@link Producer#NOT_YET}) before it fails and
     * the fault is reported to {@link #handleError}; 60 seconds unless set, zero for ever.
     */
    public final void setProducerTimeout(Duration timeout) {
        outbound.producerTimeout(Checks.notNegative(timeout, "producer timeout").toNanos());
    }

    // ---- verbs: output

    /**
     * Sends buffers after all that was pushed before, with nothing in between; empty ones are nothing. Before the connection
     * is established they wait.
     *
     * <p><b>Ownership:</b> takes all buffers over, whatever happens.
     *
     * @return succeeds when the bytes are written to the socket; fails if the channel is closed or closing, if more than
     *     the send limit waited when this turn of the event loop began ({@link #handleSlowReader} is then called), or if it is
     *     discarded
     */
    public final ChannelFuture push(ByteBuf first, ByteBuf... rest) {
        return outbound.push(Outbound.join(first, rest));
    }

    /** Sends a copy of these bytes. See {@link #push(ByteBuf, ByteBuf...)}. */
    public final ChannelFuture push(byte[] bytes) {
        return outbound.push(Outbound.copy(bytes, outbound.ctx().alloc()));
    }

    /** Sends text; characters that the charset lacks become its replacement. See {@link #push(ByteBuf, ByteBuf...)}. */
    public final ChannelFuture push(CharSequence text, Charset charset) {
        return outbound.push(Outbound.encode(text, charset, outbound.ctx().alloc()));
    }

    /**
     * Sends the pieces of a producer, after all that was pushed before. It is called only while the channel is writable.
     *
     * @return succeeds when its last byte is written to the socket; fails as of {@link #push(ByteBuf, ByteBuf...)}, if a
     *     piece cannot be written, and with the exception of the producer. If cancelled, the producer is not called again. In every case the
     *     producer is closed, once.
     */
    public final ChannelFuture pushWithProducer(Producer producer) {
        return outbound.push(Checks.notNull(producer, "producer"));
    }

    /**
     * Resumes the producer at the head of the queue after it has answered {@link Producer#NOT_YET}. A call before that answer is
     * not lost.
     */
    public final void resumeProducer() {
        outbound.resumeProducer();
    }

    /** Closes when all that was pushed before is sent, at once if nothing is left. Later pushes fail. */
    public final void closeWhenDone() {
        closeWhenDone(Duration.ZERO);
    }

    /**
     * As {@link #closeWhenDone()}, but first ends only this side of the connection, then reads and drops further bytes
     * until the peer ends its own, or for {@code linger} at most: to close over unread bytes resets the connection,
     * and the peer may then never see the last answer (RFC 9112, 9.6).
     */
    public final void closeWhenDone(Duration linger) {
        outbound.closeWhenDone(Checks.notNegative(linger, "linger"));
    }

    /** Closes at once. Earlier pushes are handed to the socket, and bytes that it does not accept at once are lost. */
    public final void close() {
        outbound.close();
    }

    /**
     * Discards what is buffered: unread bytes that have been received, what is gathered, pushes and producers that have
     * not been flushed (their futures fail), and a {@link #closeWhenDone} that has not been reached, so that delivery
     * goes on. The terminator and the outstanding bytes of a length stay; a refused push stays refused.
     */
    public final void discardBuffers() {
        outbound.discardBuffers();
    }

    /**
     * Sets how many bytes may wait to be sent before a push is refused; 1 MiB unless set. Producers do not count, nor pushes of the
     * same turn of the event loop: an answer in several pushes is refused as a whole or not at all.
     *
     * <p>Delivery stops while the channel is not writable. A limit of at least its high-water mark (64 KiB) is therefore not
     * reached by answers to a peer that reads, whatever their size; a smaller one may be.
     */
    public final void setSendLimit(long bytes) {
        outbound.sendLimit(Checks.notNegative(bytes, "send limit"));
    }

    /** How many pushed bytes wait to be sent; from another thread than that of the callbacks, a moment ago. */
    public final long unsentBytes() {
        return outbound.unsentBytes();
    }

    // ---- the connection

    /** The channel. */
    public final Channel channel() {
        return outbound.ctx().channel();
    }

    /** The executor of the callbacks: the channel's event loop, unless the handler was added with another one. */
    public final EventExecutor executor() {
        return outbound.ctx().executor();
    }

    /** The peer's address; null while there is none. */
    public final @Nullable SocketAddress remoteAddress() {
        return channel().remoteAddress();
    }

    // ---- for the package

    DecodeLoop loop() {
        return loop;
    }

    /** Pushes and flushes; on the executor, and not in a callback. */
    void pushNow(ByteBuf data) {
        outbound.pushNow(data);
    }

    /** Whether the handler was removed, or its channel is closed. */
    boolean hasLeft() {
        return wasRemoved() || !channel().isOpen();
    }

    boolean wasRemoved() {
        return state.isRemoved();
    }

    /** Returns whether handlerAdded was called. */
    boolean isAdded() {
        return added;
    }

    // ---- for Netty

    @Override
    public final void handlerAdded(ChannelHandlerContext ctx) {
        boolean foreign = ctx.executor() != ctx.channel().eventLoop();
        if (foreign && !(ctx.executor() instanceof OrderedEventExecutor)) {
            throw new IllegalArgumentException("executor: " + ctx.executor() + " (expected: an OrderedEventExecutor)");
        }
        loop.attach(ctx);
        dispatcher.added(ctx);
        TerminatorFrameDecoder.takeOver(ctx, this);
        added = true;
        loop.added(ctx, foreign);
    }

    @Override
    public final void handlerRemoved(ChannelHandlerContext ctx) {
        if (added) { // else handlerAdded has refused the executor
            dispatcher.removed();
            onRemoved();
        }
    }

    /** The handler has left its pipeline; the channel may stay open. */
    void onRemoved() {}

    @Override
    public final void channelActive(ChannelHandlerContext ctx) {
        loop.channelActive();
    }

    /** Takes buffers over and passes other messages on; refuses messages of a decoder further away. */
    @Override
    public final void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            loop.onRead(bytes);
        } else if (message instanceof FrameFragment || message instanceof TruncatedFrame) {
            ReferenceCountUtil.release(message);
            dispatcher.failed(new IllegalStateException("message: "
                    + message.getClass().getSimpleName() + " (expected: bytes; an AsyncChatHandler frames by itself)"));
            outbound.close();
        } else {
            ctx.fireChannelRead(message);
        }
    }

    @Override
    public final void channelReadComplete(ChannelHandlerContext ctx) {
        loop.onReadComplete();
    }

    @Override
    public final void channelWritabilityChanged(ChannelHandlerContext ctx) {
        dispatcher.writabilityChanged();
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public final void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        loop.onUserEvent(event);
    }

    /** Reports the exception; a reset discards the unread bytes. */
    @Override
    public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        loop.onException(cause);
        dispatcher.exceptionCaught(cause);
    }

    @Override
    public final void channelInactive(ChannelHandlerContext ctx) {
        dispatcher.onInactive();
    }

    @Override
    public final void channelUnregistered(ChannelHandlerContext ctx) {
        loop.onUnregistered();
        ctx.fireChannelUnregistered();
    }

    @Override
    public final void read(ChannelHandlerContext ctx) {
        if (loop.onReadRequest()) {
            ctx.read();
        }
    }

    /** A write through the pipeline is queued behind earlier pushes; after {@link #closeWhenDone} it fails. */
    @Override
    public final void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        outbound.write(message, promise);
    }

    @Override
    public final void flush(ChannelHandlerContext ctx) {
        if (!outbound.queue().flush()) {
            ctx.flush();
        }
    }

    /** Hands earlier pushes to the socket and closes; after that nothing is delivered. */
    @Override
    public final void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        outbound.closing();
        ctx.close(promise);
    }
}
