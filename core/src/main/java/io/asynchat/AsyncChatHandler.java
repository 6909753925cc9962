package io.asynchat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.Terminator.Delimiter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.Charset;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One side of a conversation: callbacks say what came in, verbs say what ends the next frame and what goes out.
 *
 * <pre>{@code
 * final class Echo extends AsyncChatHandler {
 *     Echo() {
 *         setTerminator(Terminator.LF.atMost(512));
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
 * <p>{@code addLast} is all: the handler puts a streaming {@link TerminatorFrameDecoder} right before itself, or adopts
 * the nearest one before it, with its terminator and limit unless it has set its own.
 *
 * <p>When it is removed, or replaces itself in a callback, it takes the decoder along that it brought, unless another
 * {@code AsyncChatHandler} comes in its place: that one goes on with the very next byte. Pushes are sent, up to the first
 * producer; the rest fails. It is told nothing more, and what it is asked to do has no effect any more.
 *
 * <h2>The life of a connection</h2>
 *
 * <ol>
 *   <li>{@link #handleConnect}, once.
 *   <li>For each frame {@link #collectIncomingData} with each piece of it as it comes, never empty, then {@link
 *       #foundTerminator}. The terminator is read afresh after every callback: one set there governs the very next byte.
 *   <li>At the end of the input {@link #handleTruncated}, if it was inside a frame; then {@link #handleEndOfInput}.
 *   <li>{@link #handleClose}, once, when the channel is closed, whoever closed it.
 * </ol>
 *
 * <p>No callback is called inside another but {@link #handleError} and {@link #handleSlowReader}, which are called by
 * what went wrong. After {@link #close} or {@link #closeWhenDone} nothing more is delivered. What a callback throws goes
 * to {@link #handleError}, and no further.
 *
 * <p>What is pushed in a callback goes out in one flush when the read is over, or as soon as a watermark's worth has come
 * together. While the peer does not read, nothing is delivered and nothing is read from it either.
 *
 * <p><b>Thread:</b> callbacks run on the handler's executor and must not block it. That is the channel's event loop, unless
 * the handler was added with another one; the decoder that it brings then runs there too. The verbs may be called from any
 * thread; from another they take effect on the executor, in the order of that thread's calls. The {@code take} methods
 * belong to callbacks.
 *
 * <p><b>Ownership:</b> a callback borrows its {@code data} for the call and may {@code retain()} it, as any Netty buffer;
 * {@link #push(ByteBuf)} takes its buffer over, always.
 *
 * <p><b>Source.</b> asynchat's {@code async_chat}.
 */
// Longer than other files: it is the whole vocabulary, and most of it is contract.
public abstract class AsyncChatHandler extends ChannelInboundHandlerAdapter {

    /** The most bytes that may wait to be sent before a push is refused, unless set: 1 MiB. */
    public static final int DEFAULT_SEND_LIMIT = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(AsyncChatHandler.class);

    /** Whether a class leaves the collecting to the default, so that its frames are held whole. */
    private static final ClassValue<Boolean> HOLDS_FRAMES = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            try {
                Method own = type.getDeclaredMethod("collectIncomingData", ByteBuf.class);
                return own.getDeclaringClass() == AsyncChatHandler.class;
            } catch (NoSuchMethodException inherited) {
                return HOLDS_FRAMES.get(type.getSuperclass());
            }
        }
    };

    private final ChatLink link = new ChatLink(this);
    private final Outbox outbox = link.outbox();
    private final boolean holdsFrames = HOLDS_FRAMES.get(getClass());
    private volatile long sendLimit = DEFAULT_SEND_LIMIT; // settable from any thread
    private boolean terminatorSet; // before the handler was added: then it is not the adopted decoder's
    private boolean limitSet; // the same

    /**
     * A handler for one connection: make a new one for each. It may set its terminator and limits here, before it has a
     * channel. Until a terminator is set it is {@link Terminator#none()}: all is data, and no frame ends.
     */
    protected AsyncChatHandler() {}

    // ---- callbacks

    /** The connection is there; bytes come after this. By default does nothing. asynchat's {@code handle_connect}. */
    protected void handleConnect() throws Exception {}

    /**
     * Bytes of the present frame, at least one, in order; a frame may come in many pieces. By default gathers them for
     * the {@code take} methods.
     *
     * <p><b>Limits:</b> a handler that leaves this to the default holds its frames whole, so a length beyond its limit is
     * refused before its first byte. To one that overrides it a length is streamed and has no limit; but if the override
     * calls the default, no more is gathered than the limit.
     *
     * <p><b>Ownership:</b> {@code data} is borrowed. Valid during the call, reader index 0 to writer index; {@code
     * retain()} keeps it valid after it, for instance as {@code push(data.retain())}.
     *
     * @throws Exception see {@link #handleError}
     */
    protected void collectIncomingData(ByteBuf data) throws Exception {
        link.gather(data);
    }

    /** The present frame has ended. What is gathered and not taken now stays for the next. */
    protected abstract void foundTerminator() throws Exception;

    /**
     * The input ended inside a frame: after its first byte, or while bytes of a length were still to come, all of them
     * perhaps. By default does nothing; {@link #handleEndOfInput} follows. The terminator is {@link Terminator#none()} by
     * then.
     *
     * <p>Whether the last message was complete, if it takes several frames, only the handler knows: it looks at its own
     * state in {@link #handleEndOfInput}.
     */
    protected void handleTruncated() throws Exception {}

    /** The peer sends no more. By default calls {@link #closeWhenDone}, so that what is queued still goes out. */
    protected void handleEndOfInput() throws Exception {
        closeWhenDone();
    }

    /**
     * The server is closing and waits for this connection, for a time. By default calls {@link #closeWhenDone}, so that
     * what is queued still goes out; a request of which only a part has come is dropped. To finish it, close when it has
     * been answered instead.
     */
    protected void handleDrain() throws Exception {
        closeWhenDone();
    }

    /**
     * The channel is closed, or could not be connected. Told exactly once, to a handler that is still there; by default
     * does nothing. asynchat's {@code handle_close}.
     */
    protected void handleClose() throws Exception {}

    /**
     * Something went wrong: a fault of the peer (a {@link DecoderException}), of the connection (an {@link IOException}),
     * a deadline that has passed (a {@link ProtocolTimeoutException}), or one that a callback or a producer threw. By default
     * logs it and closes: what callbacks and producers throw at WARN, for that is a bug; the rest at DEBUG, for that is
     * daily bread of a server. The messages are for a log and may quote what the peer sent. asynchat's {@code
     * handle_error}.
     *
     * <p>What this throws itself is logged, and the channel closed. Faults of a connection that has been closed here are
     * not told.
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
            LOG.warn("{}: closing after a fault", channel(), cause);
        }
        close();
    }

    /**
     * A push was refused, since more than the send limit waits already. By default logs that at DEBUG and closes.
     *
     * <p>A push made in here is refused as well, and does not call this again; to send a last word, raise the limit first.
     */
    protected void handleSlowReader() throws Exception {
        LOG.debug("{}: closing, {} bytes wait to be sent (limit {})", channel(), unsentBytes(), sendLimit);
        close();
    }

    /**
     * The peer has sent more than {@link #throttle} lets through for half a minute, and still waits. By default closes; if
     * not, it is told every half minute.
     */
    protected void handleFlood() throws Exception {
        close();
    }

    /**
     * The deadline of {@link #setDeadline} has passed, and none is set any more. By default tells {@link #handleError} a
     * {@link ProtocolTimeoutException}, which closes.
     */
    protected void handleDeadline() throws Exception {
        handleError(new ProtocolTimeoutException(ProtocolTimeoutException.Kind.HANDLER, "deadline: passed"));
    }

    // ---- verbs: input

    /** Says what ends the next frame, from the very next byte on. See {@link TerminatorFrameDecoder#setTerminator}. */
    public final void setTerminator(Terminator terminator) {
        terminatorSet |= !link.isAdded();
        link.decoder().setTerminator(terminator);
    }

    /** The terminator in force; of a length, what is still to come of it. */
    public final Terminator getTerminator() {
        return link.decoder().getTerminator();
    }

    /** The delimiter that ended the last frame; null if a length did, or none has ended. */
    public final @Nullable Delimiter matchedDelimiter() {
        return link.decoder().matchedDelimiter();
    }

    /** Sets the limit of frames whose terminator carries none, in bytes; 64 KiB unless set. */
    public final void setFrameLimit(long bytes) {
        limitSet |= !link.isAdded();
        link.decoder().setFrameLimit(bytes);
    }

    /** Delivers nothing more after the present frame, or piece of one, and does not read, until {@link #resume}. */
    public final void pause() {
        link.decoder().pause();
    }

    /** Goes on after {@link #pause}, where it stopped. */
    public final void resume() {
        link.decoder().resume();
    }

    /**
     * Lets only so many frames through; more of them wait, in order, and none is dropped. While they wait the channel is
     * read on for 64 KiB, so that its end is noticed, and then no more; after 30 seconds of it {@link #handleFlood} is
     * called. For a constructor, or a callback: frames handled before do not count.
     *
     * @param perTurn the most in a turn of the event loop, so that others are served in between
     * @param perSecond the most in a second, after a burst; 0 for any number
     * @param burst how many may come at once
     * @throws IllegalArgumentException if one is negative, or {@code perTurn} is 0, or {@code burst} is 0 with a rate
     */
    public final void throttle(int perTurn, int perSecond, int burst) {
        Checks.positive(perTurn, "frames per turn");
        if (Checks.notNegative(perSecond, "frames per second") > 0) {
            Checks.positive(burst, "burst");
        }
        link.throttle(new Throttle(link, perTurn, perSecond, burst));
    }

    /**
     * From now on, removing the decoder while it holds unread bytes closes the channel, instead of sending them on: for
     * the change to TLS. See {@link TerminatorFrameDecoder#refuseUnread}.
     */
    public final void refuseUnread() {
        link.decoder().refuseUnread();
    }

    /** Takes what the default collector has gathered, as text. */
    public final String takeText(Charset charset) {
        return link.collector().takeText(charset);
    }

    /** Takes what the default collector has gathered, as a new array. */
    public final byte[] takeBytes() {
        return link.collector().takeBytes();
    }

    /**
     * Takes what the default collector has gathered; the caller releases it. No copy if it came in one read: then it is a
     * part of a larger buffer, and has no room to write to.
     */
    public final ByteBuf takeData() {
        return link.collector().takeData();
    }

    /**
     * Whether bytes have been received that come after the present frame, or piece of one. What the peer has sent may still
     * be on its way: false says that nothing more is here, not that nothing more will come.
     *
     * <p><b>Thread:</b> that of the callbacks.
     */
    public final boolean hasUnread() {
        return link.decoder().loop().hasUnread();
    }

    // ---- verbs: time

    /**
     * Sets the time by which the present phase of the protocol must be over, from now on: {@link #handleDeadline} is
     * called then, unless the deadline is set anew or cleared before. There is one a handler, and it is cheap to set for
     * each frame. It ends with the connection, and with {@link #close} and {@link #closeWhenDone}.
     *
     * @throws IllegalArgumentException if negative, or too long for a timer
     * @throws IllegalStateException if the handler has never been in a pipeline
     */
    public final void setDeadline(Duration fromNow) {
        link.deadline().set(link.ctx(), Checks.notNegative(fromNow, "deadline").toNanos());
    }

    /**
     * Gives so much more time, as for a body that has come a part of its way; nothing if no deadline is set.
     *
     * @throws IllegalArgumentException if negative, or too long for a timer
     */
    public final void extendDeadline(Duration by) {
        link.deadline().extend(link.ctx(), Checks.notNegative(by, "extension").toNanos());
    }

    /** Takes the deadline back, if one is set. */
    public final void clearDeadline() {
        link.deadline().clear(link.ctx());
    }

    // ---- verbs: output

    /**
     * Sends a buffer after all that was pushed before; an empty one is nothing. Before the connection is there it waits.
     *
     * <p><b>Ownership:</b> takes {@code data} over, whatever happens.
     *
     * @return succeeds when the bytes are written to the socket; fails if the channel is closed or closing, if more than
     *     the send limit waits already ({@link #handleSlowReader} is then called), or if it is discarded
     * @throws IllegalStateException if the handler has never been in a pipeline
     */
    public final ChannelFuture push(ByteBuf data) {
        return outbox.push(data);
    }

    /** Sends a copy of these bytes. See {@link #push(ByteBuf)}. */
    public final ChannelFuture push(byte... bytes) {
        return outbox.push(link.ctx().alloc().buffer(bytes.length).writeBytes(bytes));
    }

    /** Sends text; what the charset cannot express becomes its replacement. See {@link #push(ByteBuf)}. */
    public final ChannelFuture push(CharSequence text, Charset charset) {
        // Netty has no other fast way that replaces: it writes U+00E9 as a byte of "ASCII".
        return charset.equals(UTF_8)
                ? outbox.push(ByteBufUtil.writeUtf8(link.ctx().alloc(), text))
                : push(text.toString().getBytes(charset));
    }

    /**
     * Sends what the producer makes, after all that was pushed before; it is asked only while the channel is writable.
     *
     * @return succeeds when its last byte is written to the socket; fails as of {@link #push(ByteBuf)}, if a piece cannot
     *     be written, and with what the producer throws. If cancelled, it is asked no more. In every case the producer is
     *     closed, once.
     */
    public final ChannelFuture pushWithProducer(Producer producer) {
        return outbox.push(producer);
    }

    /** Closes when all that was pushed before is sent, at once if nothing is left. Later pushes fail. */
    public final void closeWhenDone() {
        outbox.closeWhenDone(Duration.ZERO);
    }

    /**
     * As {@link #closeWhenDone()}, but first ends only our side of the connection, and goes on reading and dropping what
     * comes until the peer ends its own, or for {@code linger} at most: to close over unread bytes resets the connection,
     * and the peer may then never see the last answer (RFC 9112, 9.6).
     *
     * @throws IllegalArgumentException if negative, or too long for a timer
     */
    public final void closeWhenDone(Duration linger) {
        outbox.closeWhenDone(Checks.notNegative(linger, "linger"));
    }

    /** Closes at once; what has not been sent is lost. */
    public final void close() {
        outbox.close();
    }

    /**
     * Forgets what is buffered: unread bytes that have been received, what is gathered, pushes and producers that have
     * not been flushed (their futures fail), and a {@link #closeWhenDone} that has not been reached, so that delivery
     * goes on. The terminator stays, and of a length what is outstanding; what was refused stays refused.
     */
    public final void discardBuffers() {
        outbox.discard();
    }

    /**
     * Sets how many bytes may wait to be sent before a push is refused; 1 MiB unless set. Producers do not count.
     *
     * <p>Each push is looked at by itself: of an answer in several pushes the last is refused if those before it make more
     * than the limit. So let the limit hold the largest answer, or push that as one buffer or a producer.
     */
    public final void setSendLimit(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("send limit: " + bytes + " (expected: >= 0)");
        }
        sendLimit = bytes;
    }

    /**
     * How many pushed bytes wait to be sent.
     *
     * <p><b>Thread:</b> any; from another than that of the callbacks it is what was true a moment ago.
     */
    public final long unsentBytes() {
        return outbox.unsentBytes();
    }

    /**
     * The channel.
     *
     * @throws IllegalStateException before the handler is added to a pipeline
     */
    public final Channel channel() {
        return link.ctx().channel();
    }

    // ---- for the package and for Netty

    long sendLimit() {
        return sendLimit;
    }

    boolean holdsFrames() {
        return holdsFrames;
    }

    /** The terminator last: bytes that are held may be delivered by it, and the rest must be true of them already. */
    void passSettings(TerminatorFrameDecoder from, TerminatorFrameDecoder to) {
        if (limitSet) {
            to.setFrameLimit(from.frameLimit());
        }
        if (from.loop().isHeld(Holds.PAUSED)) {
            to.pause();
        }
        if (from.refusesUnread()) {
            to.refuseUnread();
        }
        if (terminatorSet) {
            to.setTerminator(from.getTerminator());
        }
    }

    /** For Netty. */
    @Override
    public final void handlerAdded(ChannelHandlerContext ctx) {
        link.added(ctx);
    }

    /** For Netty. */
    @Override
    public final void handlerRemoved(ChannelHandlerContext ctx) {
        link.removed();
    }

    /** For Netty. */
    @Override
    public final void channelActive(ChannelHandlerContext ctx) {
        link.connected();
        ctx.fireChannelActive();
    }

    /** For Netty; messages come here when the decoder is not next door. */
    @Override
    public final void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf end) {
            link.message(end, true);
        } else if (message instanceof FrameFragment fragment) {
            link.message(fragment.content(), false);
        } else if (message instanceof TruncatedFrame truncated) {
            link.message(truncated.content(), false);
            link.truncated();
        } else {
            ctx.fireChannelRead(message);
        }
    }

    /** For Netty. */
    @Override
    public final void channelReadComplete(ChannelHandlerContext ctx) {
        outbox.flush();
        ctx.fireChannelReadComplete();
    }

    /** For Netty. */
    @Override
    public final void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            outbox.flush();
        }
        ctx.fireChannelWritabilityChanged();
    }

    /** For Netty. */
    @Override
    public final void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            link.endOfInput();
        } else if (event == DrainEvent.INSTANCE) {
            link.drain();
        }
        ctx.fireUserEventTriggered(event);
    }

    /** For Netty. */
    @Override
    public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        link.exceptionCaught(cause);
    }

    /** For Netty. */
    @Override
    public final void channelInactive(ChannelHandlerContext ctx) {
        link.inactive();
        ctx.fireChannelInactive();
    }
}
