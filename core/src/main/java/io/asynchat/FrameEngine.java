package io.asynchat;

import io.asynchat.Terminator.AnyDelimiter;
import io.asynchat.Terminator.Delimiter;
import io.asynchat.Terminator.FixedLength;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.TooLongFrameException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into frames: the state between two callbacks, and the step from one to the next.
 *
 * <p>A step delivers one thing at most, and only after the state says that it has been delivered. So anything may happen
 * in a callback: a new terminator, more input, a discard, the end. Nothing here remembers a callback.
 *
 * <p>While a delimiter is sought the stream is: {@code held} bytes that begin the delimiter and may yet prove to be data,
 * then the unread input. They are not kept: they equal the delimiter's own first bytes.
 */
final class FrameEngine {
    private final Unread unread;
    private Terminator terminator = Terminator.none(); // the one being read to
    private Terminator delivering = terminator; // the one being read to when the present step began
    private @Nullable Terminator next; // set while an oversize frame is skipped, takes effect behind it
    private long defaultLimit = TerminatorFrameDecoder.DEFAULT_FRAME_LIMIT;
    private long limit = defaultLimit; // of `terminator`
    private long frames; // that have ended
    private long frameBytes; // delivered of this frame so far
    private boolean skipping; // the frame is too long and has been told so
    private boolean truncationTold; // once is enough, whatever is set then
    private @Nullable Terminator matched; // ended the last frame: a delimiter, or one of these
    private int matchedIndex; // which

    private long remaining; // of a length
    private boolean unchecked; // a length not yet held against the limit

    private @Nullable DelimiterSearch search;
    private int state; // of the search, behind the held bytes
    private int heldFrom; // of the bytes of `state`, those before are delivered
    private int held;
    private boolean scanned; // the next three hold a result that has not been used up
    private int scanEnd;
    private int scanState;
    private int scanTail; // how many of the last bytes scanned are no data, or not yet

    FrameEngine(Unread unread) {
        this.unread = unread;
    }

    void setTerminator(Terminator terminator, @Nullable ChannelHandlerContext ctx) {
        if (skipping) {
            next = terminator;
        } else {
            lookAgainAtHeld(ctx);
            use(terminator);
        }
    }

    private void use(Terminator terminator) {
        this.terminator = terminator;
        limit = terminator.limitOr(defaultLimit);
        search = terminator.search();
        if (terminator instanceof FixedLength length) {
            remaining = length.bytes();
            unchecked = true;
        }
    }

    Terminator terminator() {
        if (next != null) {
            return next;
        }
        return terminator instanceof FixedLength length ? length.remaining(remaining) : terminator;
    }

    void setDefaultLimit(long bytes) {
        defaultLimit = bytes;
        limit = terminator.limitOr(bytes);
    }

    long defaultLimit() {
        return defaultLimit;
    }

    /** What ends the frame that the present step delivers from: the one in force may be the next one's already. */
    Terminator delivering() {
        return delivering;
    }

    /** Drops the rest of the frame, as after it has grown too long; does nothing between two frames. */
    void skipRest() {
        skipping = insideFrame();
    }

    @Nullable
    Delimiter matched() {
        return matched instanceof AnyDelimiter any ? any.delimiters().get(matchedIndex) : (Delimiter) matched;
    }

    /** How many frames have ended. */
    long frames() {
        return frames;
    }

    /** Whether bytes of a frame were seen, or a length is outstanding. */
    boolean insideFrame() {
        return terminator != Terminator.none()
                && (frameBytes > 0 || held > 0 || skipping || (terminator instanceof FixedLength && remaining > 0));
    }

    /** Delivers one thing, or nothing and returns false if that takes more input. */
    boolean step(FrameSink sink, ChannelHandlerContext ctx) {
        delivering = terminator;
        if (search != null) {
            return delimited(search, sink, ctx);
        }
        ByteBuf in = unread.next();
        if (terminator instanceof FixedLength) {
            return counted(in == null ? Unpooled.EMPTY_BUFFER : in, sink, ctx);
        }
        if (in == null) {
            return false;
        }
        int index = in.readerIndex();
        int length = in.readableBytes();
        in.readerIndex(index + length);
        frameBytes = 0;
        sink.passThrough(in, index, length);
        return true;
    }

    private boolean counted(ByteBuf in, FrameSink sink, ChannelHandlerContext ctx) {
        if (unchecked) {
            unchecked = false;
            if (sink.holdsFrames() && remaining > limit - frameBytes) {
                tooLong(sink, ctx);
                return true;
            }
        }
        int index = in.readerIndex();
        int length = (int) Math.min(remaining, in.readableBytes());
        if (length == 0 && remaining > 0) {
            return false;
        }
        in.readerIndex(index + length);
        remaining -= length;
        frameBytes += length;
        if (remaining > 0) {
            if (!skipping) {
                sink.piece(in, index, length);
            }
        } else {
            matched = null;
            Terminator then = next == null ? Terminator.none() : next;
            endFrame(then, sink, in, index, length);
        }
        return true;
    }

    private boolean delimited(DelimiterSearch search, FrameSink sink, ChannelHandlerContext ctx) {
        ByteBuf in = unread.next();
        if (frameBytes > limit && !skipping) {
            tooLong(sink, ctx); // the limit has been lowered in the middle of the frame
            return true;
        }
        if (!scanned) {
            if (in == null) {
                return false;
            }
            scan(search, in);
        }
        int index = in == null ? 0 : in.readerIndex();
        int data = held + (scanEnd - index) - scanTail;
        if (data > 0 && !skipping && frameBytes >= limit) {
            tooLong(sink, ctx);
        } else if (data > 0 && held > 0) {
            deliverHeld(Math.min(data, held), sink, ctx);
        } else if (scanState < 0) {
            deliverEnd(in == null ? Unpooled.EMPTY_BUFFER : in, index, data, sink);
        } else {
            deliverPiece(in, index, data, sink);
        }
        return true;
    }

    private void scan(DelimiterSearch search, ByteBuf in) {
        long result = search.scan(in, unread.memory(in), in.readerIndex(), in.writerIndex(), state);
        scanEnd = DelimiterSearch.end(result);
        scanState = DelimiterSearch.outcome(result);
        scanTail = scanState < 0 ? search.length(~scanState) : search.depth(scanState);
        scanned = true;
    }

    /** Bytes that began a delimiter, and proved to be data. */
    private void deliverHeld(int proven, FrameSink sink, ChannelHandlerContext ctx) {
        int length = skipping ? proven : (int) Math.min(proven, limit - frameBytes);
        ByteBuf bytes = heldBytes(length, ctx.alloc());
        heldFrom += length;
        held -= length;
        frameBytes += length;
        try {
            if (!skipping) {
                sink.piece(bytes, 0, length);
            }
        } finally {
            bytes.release();
        }
    }

    private void deliverPiece(@Nullable ByteBuf in, int index, int data, FrameSink sink) {
        int length = skipping ? data : (int) Math.min(data, limit - frameBytes);
        frameBytes += length;
        if (length == data) {
            scanned = false;
            state = scanState;
            held = scanTail;
            heldFrom = 0;
        }
        if (in == null) {
            return;
        }
        in.readerIndex(length == data ? scanEnd : index + length);
        if (length > 0 && !skipping) {
            sink.piece(in, index, length);
        }
    }

    private void deliverEnd(ByteBuf in, int index, int data, FrameSink sink) {
        if (!skipping && data > limit - frameBytes) {
            int length = (int) (limit - frameBytes);
            frameBytes += length;
            in.readerIndex(index + length);
            sink.piece(in, index, length);
            return;
        }
        in.readerIndex(scanEnd);
        scanned = false;
        state = 0;
        held = 0;
        heldFrom = 0;
        matched = terminator;
        matchedIndex = ~scanState;
        endFrame(next, sink, in, index, data);
    }

    private void endFrame(@Nullable Terminator then, FrameSink sink, ByteBuf in, int index, int length) {
        boolean skipped = skipping;
        frames++;
        frameBytes = 0;
        skipping = false;
        next = null;
        if (then != null) {
            use(then);
        }
        if (!skipped) {
            sink.end(in, index, length);
        }
    }

    private void tooLong(FrameSink sink, ChannelHandlerContext ctx) {
        skipping = true;
        sink.drop();
        ctx.fireExceptionCaught(new TooLongFrameException(
                "frame: more than " + limit + " bytes (expected: at most " + limit + " before " + terminator + ")"));
    }

    /** Tells what the end of the stream makes of the bytes that are still waited for; false once all is told. */
    boolean finish(FrameSink sink) {
        if (held > 0) {
            scanned = true;
            scanEnd = 0;
            scanState = 0;
            scanTail = 0;
            return true;
        }
        if (truncationTold || !insideFrame()) {
            return false;
        }
        Terminator missing = terminator;
        truncationTold = true;
        frameBytes = 0;
        skipping = false;
        next = null;
        use(Terminator.none());
        sink.truncated(missing);
        return true;
    }

    /** Forgets the unread input and the frame so far; a length outstanding stays so, and so does a skip. */
    void discard() {
        unread.clear();
        scanned = false;
        state = 0;
        held = 0;
        heldFrom = 0;
        frameBytes = 0;
    }

    /** Puts the held bytes back in front of the unread input. */
    void lookAgainAtHeld(@Nullable ChannelHandlerContext ctx) {
        if (held > 0 && ctx != null) {
            unread.prepend(heldBytes(held, ctx.alloc()));
        }
        scanned = false;
        state = 0;
        held = 0;
        heldFrom = 0;
    }

    private ByteBuf heldBytes(int length, ByteBufAllocator alloc) {
        byte[] source = Objects.requireNonNull(search).prefix(state);
        return alloc.buffer(length, length).writeBytes(source, heldFrom, length);
    }
}
