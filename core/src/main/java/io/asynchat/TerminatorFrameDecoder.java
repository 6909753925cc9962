package io.asynchat;

import io.asynchat.ConnectionState.Event;
import io.asynchat.Terminator.Delimiter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the received bytes into frames, each ended by the {@link Terminator} in force, which may be replaced at any time
 * and then governs the very next byte.
 *
 * <p>By default it delivers <b>whole frames</b>: each message is a {@link ByteBuf} that holds one frame without its
 * delimiter; under {@link Terminator#none()} each read passes through. Made by {@link #streaming}, it delivers pieces as
 * they come: a {@link ByteBuf} still ends a frame, a piece that does not is a {@link FrameFragment}, and so is all under
 * no terminator. A frame that arrives in one read is one message in both ways.
 *
 * <pre>{@code
 * pipeline.addLast(new TerminatorFrameDecoder(Terminator.CRLF.atMost(512)), new MyHandler());
 * }</pre>
 *
 * <p>An {@link AsyncChatHandler} needs no decoder. One that is added right behind a decoder takes its place: it goes on with
 * the decoder's terminator, limit and unread bytes, and the decoder leaves the pipeline; its methods then act on the handler.
 *
 * <p><b>Limits.</b> A frame that is longer than the limit of its terminator fires one {@link FrameTooLongException}: a
 * delimited one as soon as one byte more than the limit is known to be data, a counted one before its first byte. If the
 * channel is not closed then, the rest of the frame is skipped.
 *
 * <p><b>Reading.</b> With auto-read off one {@code read()} grants one message: a handler, on an executor of its own too, sets
 * the terminator, requests a read, and has the very next byte by it. The transport is read only if the received bytes do not
 * hold a message. With auto-read on, and from another thread, it is not defined between which two frames a terminator takes effect.
 *
 * <p><b>End of input.</b> A frame that the end of the stream cuts off is reported as one {@link TruncatedFrame}. A {@link
 * ChannelInputShutdownEvent}, which the end of TLS counts as too, or {@code channelInactive}, is held back until all before
 * it has been delivered; after a reset or a local close nothing more is delivered.
 *
 * <p><b>Thread:</b> its methods may be called from any thread; from another than the channel's event loop they take effect
 * there, in the order of the calls, and the accessors may return an earlier state. In a callback they take effect
 * when it returns; nothing is ever delivered within a callback.
 *
 * <p><b>Ownership:</b> takes over each buffer that it is sent, and never writes into one. The receiver of a message
 * releases it. Removing the decoder sends the gathered bytes of a frame, then the unread ones, to the next handler.
 *
 * <p><b>Source.</b> asynchat's {@code async_chat.handle_read}.
 */
// Longer than other files: most of it is contract.
public final class TerminatorFrameDecoder extends ChannelDuplexHandler {

    /** The limit of a frame, in bytes, if the terminator carries none: 64 KiB. */
    public static final int DEFAULT_FRAME_LIMIT = 65_536;

    private final ConnectionState state = new ConnectionState();
    private final MessageOutput output;
    private final DecodeLoop own;
    private volatile DecodeLoop loop; // own, or that of the handler which has taken over; read by any thread
    private boolean hasRead; // bytes have been received

    /** Creates a decoder that delivers whole frames, the first of which is ended by {@code first}. */
    public TerminatorFrameDecoder(Terminator first) {
        this(first, false);
    }

    private TerminatorFrameDecoder(Terminator first, boolean streaming) {
        FlowControl flow = new FlowControl(state);
        output = new MessageOutput(streaming, state, flow);
        own = new DecodeLoop(state, flow, output);
        output.loop(own);
        own.setTerminator(Checks.notNull(first, "terminator"));
        loop = own;
    }

    /** Returns a decoder that delivers pieces as they come: a 10 GiB body costs no memory. */
    public static TerminatorFrameDecoder streaming(Terminator first) {
        return new TerminatorFrameDecoder(first, true);
    }

    /**
     * Replaces the terminator; the new one governs the very next byte.
     *
     * <p>Inside a frame, delivered and gathered bytes stay so, the bytes held back as a possible beginning of the old
     * delimiter are searched again, and a new length counts from there. While an oversize frame is skipped it takes effect
     * behind that frame. Outside a callback, and on the event loop, a frame may be delivered
     * before this returns.
     */
    public void setTerminator(Terminator terminator) {
        Checks.notNull(terminator, "terminator");
        if (loop.inCallback()) {
            loop.setTerminator(terminator); // for each frame: no lambda
        } else {
            onLoop(loop -> loop.setTerminator(terminator));
        }
    }

    /** Returns the terminator in force; of a length, the bytes that are outstanding. */
    public Terminator getTerminator() {
        return loop.terminator().get();
    }

    /** Returns the delimiter that ended the last frame; null if a length did, or none has ended. */
    public @Nullable Delimiter matchedDelimiter() {
        return loop.terminator().matchedDelimiter();
    }

    /**
     * Sets the limit of frames whose terminator carries none, in bytes, in place of {@link #DEFAULT_FRAME_LIMIT}.
     *
     * @throws IllegalArgumentException if negative
     */
    public void setFrameLimit(long bytes) {
        Checks.notNegative(bytes, "frame limit");
        onLoop(loop -> loop.terminator().defaultLimit(bytes));
    }

    /** Returns the limit of frames whose terminator carries none, in bytes. */
    public long frameLimit() {
        return loop.terminator().defaultLimit();
    }

    /**
     * Sets the maximum time of a frame from its first byte, or from when its length is set, to its end; zero, the default, for
     * no limit. A late one fires one {@link ProtocolTimeoutException}. The time stands still while delivery is paused.
     *
     * @throws IllegalArgumentException if negative, or too long for a timer
     */
    public void setFrameTimeout(Duration timeout) {
        long nanos = Checks.notNegative(timeout, "frame timeout").toNanos();
        onLoop(loop -> loop.setFrameTimeout(nanos));
    }

    /**
     * Sets how many bytes are read ahead while delivery is paused and auto-read is on, so that a reset or the end of the input
     * is noticed; 16 KiB unless set, 0 for none.
     *
     * @throws IllegalArgumentException if negative
     */
    public void setReadAhead(int bytes) {
        Checks.notNegative(bytes, "read-ahead");
        onLoop(loop -> loop.setReadAhead(bytes));
    }

    /**
     * Stops delivery after the present frame, or piece of one, until {@link #resume}. Received bytes are kept, and some are
     * read ahead; see {@link #setReadAhead}.
     */
    public void pause() {
        onLoop(loop -> loop.suspend(FlowControl.PAUSED));
    }

    /** Continues delivery after {@link #pause}. Does nothing if not paused. */
    public void resume() {
        onLoop(loop -> loop.resume(FlowControl.PAUSED));
    }

    /** Makes a change by way of this decoder's executor, also after a takeover: so the order of the calls is kept. */
    private void onLoop(Consumer<DecodeLoop> change) {
        DecodeLoop present = loop;
        if (present.inCallback()) {
            change.accept(present);
        } else {
            own.execute(own -> {
                if (loop == own) {
                    change.accept(own);
                } else {
                    loop.execute(change);
                }
            });
        }
    }

    // ---- for the package

    DecodeLoop loop() {
        return own;
    }

    ConnectionState state() {
        return state;
    }

    /**
     * Gives a decoder right before a handler up to it, if there is one: its loop goes on with the decoder's terminator, limit
     * and bytes. A terminator or limit that was set on the handler stays. In {@code handlerAdded}.
     */
    static void takeOver(ChannelHandlerContext ctx, AsyncChatHandler handler) {
        ChannelHandlerContext before = contextBefore(ctx);
        if (before == null || !(before.handler() instanceof TerminatorFrameDecoder decoder)) {
            return;
        }
        if (before.executor() == ctx.executor()) {
            handler.loop().takeOver(decoder.own);
            decoder.loop = handler.loop();
            ctx.pipeline().remove(decoder);
        } else {
            handler.loop().suspend(FlowControl.TAKEOVER); // nothing is delivered there before the decoder has stopped
            before.executor().execute(() -> decoder.giveUp(before, ctx, handler));
        }
    }

    /** Stops for a handler on another executor, unless one of the two was removed before. */
    private void giveUp(ChannelHandlerContext self, ChannelHandlerContext ctx, AsyncChatHandler handler) {
        if (ctx.pipeline().context(handler) == null) {
            awaitTakeover(self);
            return;
        }
        if (state.isRemoved()) { // the handler has the unread bytes
            ctx.executor().execute(() -> goOn(ctx, handler.loop()));
            return;
        }
        DecodeLoop stopped = own.detach();
        loop = handler.loop();
        ctx.executor().execute(() -> {
            if (ctx.isRemoved()) {
                stopped.framer().forward(ctx::fireChannelRead);
                stopped.framer().releaseConsumed();
                ctx.fireChannelReadComplete();
            } else {
                takeOverLate(stopped, ctx, handler);
            }
        });
        ctx.pipeline().remove(this);
    }

    /** Takes over when the decoder has stopped, on the handler's executor. */
    private static void takeOverLate(DecodeLoop stopped, ChannelHandlerContext ctx, AsyncChatHandler handler) {
        DecodeLoop taker = handler.loop();
        boolean framesCame = taker.framer().hasUnread();
        taker.discard();
        taker.framer().releaseConsumed();
        taker.takeOver(stopped);
        if (framesCame) { // without their delimiters: they cannot be framed again
            handler.exceptionCaught(
                    ctx,
                    new IllegalStateException("decoder: has delivered frames to a handler that was being"
                            + " added (expected: added before the first read, or on the decoder's executor)"));
            handler.close();
        }
        goOn(ctx, taker);
    }

    private static void goOn(ChannelHandlerContext ctx, DecodeLoop taker) {
        taker.resume(FlowControl.TAKEOVER);
        if (ctx.channel().isActive()) {
            taker.established(); // handleConnect has waited, so that its settings come last
        }
    }

    private static @Nullable ChannelHandlerContext contextBefore(ChannelHandlerContext ctx) {
        String before = null;
        for (String name : ctx.pipeline().names()) {
            if (name.equals(ctx.name())) {
                return before == null ? null : ctx.pipeline().context(before);
            }
            before = name;
        }
        return null;
    }

    // ---- for Netty

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        output.added(ctx);
        own.attach(ctx);
        own.added(ctx, false);
        if (next(ctx) instanceof AsyncChatHandler handler && handler.isAdded()) {
            ctx.fireExceptionCaught(new IllegalStateException(
                    "decoder: added before an AsyncChatHandler that is in the pipeline already (expected: added before"
                            + " that handler is, or not at all: the handler frames by itself)"));
            ctx.close();
        }
    }

    private static @Nullable ChannelHandler next(ChannelHandlerContext ctx) {
        boolean behind = false;
        for (Map.Entry<String, ChannelHandler> entry : ctx.pipeline()) {
            if (behind) {
                return entry.getValue();
            }
            behind = entry.getKey().equals(ctx.name());
        }
        return null;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        own.beginRemoval();
        own.endRemoval();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        own.channelActive();
    }

    /** Takes buffers over, and passes other messages on. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            if (!hasRead) {
                hasRead = true;
                awaitTakeover(ctx);
            }
            own.onRead(bytes);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    /** Suspends delivery while the next handler, on an executor of its own, is in the pipeline but not notified yet. */
    private void awaitTakeover(ChannelHandlerContext ctx) {
        ChannelHandlerContext taker =
                next(ctx) instanceof AsyncChatHandler next ? ctx.pipeline().context(next) : null;
        if (taker == null || loop != own) {
            own.resume(FlowControl.TAKEOVER);
            return;
        }
        own.suspend(FlowControl.TAKEOVER);
        if (!((AsyncChatHandler) taker.handler()).isAdded()) { // and may be removed before it is
            taker.executor().execute(() -> ctx.executor().execute(() -> awaitTakeover(ctx)));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        own.onReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        own.onUserEvent(event);
    }

    /** Passes the exception on; a reset discards the unread bytes. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        own.onException(cause);
        ctx.fireExceptionCaught(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        own.onInactive();
    }

    @Override
    public void channelUnregistered(ChannelHandlerContext ctx) {
        own.onUnregistered();
        ctx.fireChannelUnregistered();
    }

    @Override
    public void read(ChannelHandlerContext ctx) {
        if (own.onReadRequest()) {
            ctx.read();
        }
    }

    /** Closes the channel; after that nothing is delivered. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (state.on(Event.CLOSE)) {
            own.changed();
        }
        ctx.close(promise);
    }
}
