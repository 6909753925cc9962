package io.asynchat;

import io.asynchat.Terminator.Delimiter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import java.util.Objects;
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
 * <p>An {@link AsyncChatHandler} brings its own decoder, or adopts one that is before it in the pipeline.
 *
 * <p><b>Limits.</b> A frame that grows beyond the limit of its terminator raises one {@link
 * io.netty.handler.codec.TooLongFrameException}, as soon as one byte more than the limit is known to be data; if the
 * channel is not closed then, the rest of the frame is skipped.
 *
 * <p><b>End of input.</b> What the end of the stream leaves of a frame is one {@link TruncatedFrame}. A {@link
 * ChannelInputShutdownEvent}, which the end of TLS counts as too, or {@code channelInactive}, is held back until all before it has been delivered; after a
 * reset or a local close nothing more is.
 *
 * <p><b>Thread:</b> its methods may be called from any thread; from another than the channel's event loop they take
 * effect there, in the order of the calls, and the accessors then tell what was true a moment ago. In a callback they
 * take effect when it returns; nothing is ever delivered within a callback.
 *
 * <p><b>Ownership:</b> takes over each buffer that it is sent, and never writes into one. The receiver of a message
 * releases it. Removing the decoder sends what is unread on to the next handler, unless {@link #refuseUnread} was called.
 *
 * <p><b>Source.</b> asynchat's {@code async_chat.handle_read}.
 */
// Longer than other files: most of it is contract.
public final class TerminatorFrameDecoder extends ChannelDuplexHandler {

    /** The most bytes of a frame where the terminator carries no limit of its own: 64 KiB. */
    public static final int DEFAULT_FRAME_LIMIT = 65_536;

    private final FrameLoop loop;
    private volatile @Nullable ChannelHandlerContext ctx; // while in a pipeline; read by any thread
    private boolean refuseUnread; // set once, by a protocol that must not be spoken to too early
    private boolean broughtByHandler; // then the handler that leaves takes it along

    /** Delivers whole frames, the first of which is ended by {@code first}. */
    public TerminatorFrameDecoder(Terminator first) {
        this(new FrameLoop(false));
        loop.setTerminator(first);
    }

    private TerminatorFrameDecoder(FrameLoop loop) {
        this.loop = loop;
    }

    /** A decoder that delivers pieces as they come, and so holds none: a 10 GiB body costs no memory. */
    public static TerminatorFrameDecoder streaming(Terminator first) {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(new FrameLoop(true));
        decoder.loop.setTerminator(first);
        return decoder;
    }

    /**
     * Replaces the terminator; the new one governs the very next byte.
     *
     * <p>Inside a frame, what was delivered or gathered of it stays so, the bytes held back as a possible beginning of
     * the old delimiter are looked at again, and a new length counts from there. While an oversize frame is being
     * skipped it takes effect behind that frame. Outside a callback, and on the event loop, a frame may be delivered
     * before this returns.
     */
    public void setTerminator(Terminator terminator) {
        Objects.requireNonNull(terminator, "terminator");
        if (isOnLoop()) {
            loop.setTerminator(terminator); // for each frame: no lambda
        } else {
            onLoop(loop -> loop.setTerminator(terminator));
        }
    }

    /** The terminator in force; of a length, what is still to come of it. */
    public Terminator getTerminator() {
        return loop.engine().terminator();
    }

    /** The delimiter that ended the last frame; null if a length did, or none has ended. */
    public @Nullable Delimiter matchedDelimiter() {
        return loop.engine().matched();
    }

    /**
     * Sets the limit of frames whose terminator carries none, in bytes, in place of {@link #DEFAULT_FRAME_LIMIT}.
     *
     * @throws IllegalArgumentException if negative
     */
    public void setFrameLimit(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("frame limit: " + bytes + " (expected: >= 0)");
        }
        onLoop(loop -> loop.engine().setDefaultLimit(bytes));
    }

    /** The limit of frames whose terminator carries none, in bytes. */
    public long frameLimit() {
        return loop.engine().defaultLimit();
    }

    /**
     * Delivers nothing more after the present frame, or piece of one, until {@link #resume}: what has been received is
     * kept and the channel is not read.
     */
    public void pause() {
        onLoop(loop -> loop.hold(Holds.PAUSED));
    }

    /** Goes on after {@link #pause}, where it stopped. Does nothing if not paused. */
    public void resume() {
        onLoop(loop -> loop.free(Holds.PAUSED));
    }

    /**
     * From now on, removing the decoder while it holds unread bytes closes the channel with a {@link
     * io.netty.handler.codec.DecoderException}, instead of sending them on.
     *
     * <p>For the change to TLS: what was sent before the handshake must not count as sent under it (RFC 3207, 6).
     */
    public void refuseUnread() {
        onLoop(loop -> refuseUnread = true);
    }

    boolean refusesUnread() {
        return refuseUnread;
    }

    void onLoop(Consumer<FrameLoop> change) {
        if (isOnLoop()) {
            change.accept(loop);
        } else {
            EventLoops.run(Objects.requireNonNull(ctx).executor(), () -> change.accept(loop));
        }
    }

    private boolean isOnLoop() {
        ChannelHandlerContext ctx = this.ctx;
        return ctx == null || ctx.executor().inEventLoop();
    }

    boolean isRemoved() {
        ChannelHandlerContext ctx = this.ctx;
        return ctx == null || ctx.isRemoved();
    }

    FrameLoop loop() {
        return loop;
    }

    boolean isBroughtByHandler() {
        return broughtByHandler;
    }

    TerminatorFrameDecoder broughtByHandler() {
        broughtByHandler = true;
        return this;
    }

    /** For Netty. */
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        loop.added(ctx);
    }

    /** For Netty. */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        loop.removed(refuseUnread);
    }

    /** For Netty. */
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        boolean outer = loop.enter();
        ctx.fireChannelActive();
        loop.connected();
        loop.leave(outer);
    }

    /** For Netty; takes buffers over and lets all else pass. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            loop.input(bytes);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    /** For Netty. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        loop.readComplete();
    }

    /** For Netty. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ctx.fireChannelWritabilityChanged();
        loop.writable(ctx.channel().isWritable());
    }

    /** For Netty. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            loop.inputShutdown(event);
            return;
        }
        ctx.fireUserEventTriggered(event);
        if (event == SslCloseCompletionEvent.SUCCESS) {
            loop.inputShutdown(ChannelInputShutdownEvent.INSTANCE); // a TLS peer may end its side without TCP's word
        }
    }

    /** For Netty; a reset drops what is unread. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            loop.hold(Holds.CLOSED);
        }
        ctx.fireExceptionCaught(cause);
    }

    /** For Netty. */
    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        loop.inactive();
    }

    /** For Netty. */
    @Override
    public void channelUnregistered(ChannelHandlerContext ctx) {
        loop.unregistered();
        ctx.fireChannelUnregistered();
    }

    /** For Netty; held back while delivery is paused. */
    @Override
    public void read(ChannelHandlerContext ctx) {
        if (loop.mayRead()) {
            ctx.read();
        }
    }

    /** For Netty; after a close nothing is delivered. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        loop.hold(Holds.CLOSED);
        ctx.close(promise);
    }
}
