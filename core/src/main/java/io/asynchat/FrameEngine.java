package io.asynchat;

import io.asynchat.Terminator.AnyDelimiter;
import io.asynchat.Terminator.Delimiter;
import io.asynchat.Terminator.FixedLength;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.TooLongFrameException;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into frames: the state between two callbacks, and the step from one to the next.
 *
 * <p>A step delivers one thing at most, and only after the state says that it has been delivered. So anything may happen
 * in a callback: a new terminator, more input, a discard, the end. Nothing here remembers a callback.
 */
// Longer than other files: one step reads all of this state.
final class FrameEngine {
    /** How the input is read: as data without an end, by count, or up to a delimiter. */
    private enum Reading {
        ALL,
        COUNT,
        SEARCH
    }

    private final Unread unread;
    private Terminator terminator = Terminator.none(); // the one set last
    private Reading reading = Reading.ALL; // for it; a length that has ended leaves ALL
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

    private final DelimiterScan scan = new DelimiterScan();

    FrameEngine(Unread unread) {
        this.unread = unread;
    }

    void setTerminator(Terminator terminator, @Nullable ChannelHandlerContext ctx) {
        if (skipping) {
            next = terminator;
        } else {
            if (ctx != null) {
                lookAgainAtHeld(ctx);
            }
            use(terminator);
        }
    }

    private void use(Terminator terminator) {
        if (this.terminator != terminator) {
            this.terminator = terminator;
        }
        limit = terminator.limitOr(defaultLimit);
        DelimiterSearch search = terminator.search();
        if (search != null) {
            reading = Reading.SEARCH;
            scan.begin(search);
        } else if (terminator instanceof FixedLength length) {
            reading = Reading.COUNT;
            remaining = length.bytes();
            unchecked = true;
        } else {
            reading = Reading.ALL;
        }
    }

    Terminator terminator() {
        if (next != null) {
            return next;
        }
        Terminator present = present();
        return present instanceof FixedLength length ? length.remaining(remaining) : present;
    }

    /** The one being read to. */
    private Terminator present() {
        return reading == Reading.ALL ? Terminator.none() : terminator;
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
        return reading != Reading.ALL
                && (frameBytes > 0 || scan.held() > 0 || skipping || (reading == Reading.COUNT && remaining > 0));
    }

    /** Whether bytes are held back that may be the beginning of a delimiter. */
    boolean holdsBack() {
        return scan.held() > 0;
    }

    /** Delivers one thing, or nothing and returns false if that takes more input. */
    boolean step(FrameSink sink, ChannelHandlerContext ctx) {
        Terminator present = present();
        if (delivering != present) {
            delivering = present;
        }
        ByteBuf in = unread.next();
        if (reading == Reading.SEARCH) {
            return delimited(in, sink, ctx);
        }
        if (reading == Reading.COUNT) {
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
            reading = Reading.ALL;
            endFrame(sink, in, index, length);
        }
        return true;
    }

    private boolean delimited(@Nullable ByteBuf in, FrameSink sink, ChannelHandlerContext ctx) {
        if (frameBytes > limit && !skipping) {
            tooLong(sink, ctx); // the limit has been lowered in the middle of the frame
            return true;
        }
        if (!scan.look(in, unread)) {
            return false;
        }
        ByteBuf input = in == null ? Unpooled.EMPTY_BUFFER : in;
        int data = scan.data(input.readerIndex());
        long room = skipping ? Long.MAX_VALUE : limit - frameBytes;
        if (data > 0 && room == 0) {
            tooLong(sink, ctx);
        } else if (data > 0 && scan.held() > 0) {
            deliverHeld((int) Math.min(Math.min(data, scan.held()), room), sink, ctx);
        } else if (data > room) {
            deliverPiece(input, (int) room, input.readerIndex() + (int) room, sink);
        } else if (scan.isFound()) {
            deliverEnd(input, data, sink);
        } else {
            deliverPiece(input, data, scan.use(), sink);
        }
        return true;
    }

    /** Bytes that began a delimiter, and proved to be data. */
    private void deliverHeld(int length, FrameSink sink, ChannelHandlerContext ctx) {
        ByteBuf bytes = scan.takeHeld(length, ctx.alloc());
        frameBytes += length;
        try {
            if (!skipping) {
                sink.piece(bytes, 0, length);
            }
        } finally {
            bytes.release();
        }
    }

    private void deliverPiece(ByteBuf in, int length, int readTo, FrameSink sink) {
        int index = in.readerIndex();
        in.readerIndex(readTo);
        frameBytes += length;
        if (length > 0 && !skipping) {
            sink.piece(in, index, length);
        }
    }

    private void deliverEnd(ByteBuf in, int length, FrameSink sink) {
        int index = in.readerIndex();
        if (matched != terminator) {
            matched = terminator;
        }
        matchedIndex = scan.found();
        in.readerIndex(scan.use());
        endFrame(sink, in, index, length);
    }

    private void endFrame(FrameSink sink, ByteBuf in, int index, int length) {
        boolean skipped = skipping;
        frames++;
        frameBytes = 0;
        skipping = false;
        Terminator then = next;
        if (then != null) {
            next = null;
            use(then);
        }
        if (!skipped) {
            sink.end(in, index, length);
        }
    }

    private void tooLong(FrameSink sink, ChannelHandlerContext ctx) {
        skipping = true;
        sink.drop();
        ctx.fireExceptionCaught(
                new TooLongFrameException("frame: more than " + limit + " bytes (expected: " + terminator + ")"));
    }

    /** Tells what the end of the stream makes of the bytes that are still waited for; false once all is told. */
    boolean finish(FrameSink sink) {
        if (scan.held() > 0) {
            scan.lookAtEndOfStream();
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
        scan.forget();
        frameBytes = 0;
    }

    /** Puts the held bytes back in front of the unread input. */
    void lookAgainAtHeld(ChannelHandlerContext ctx) {
        if (scan.held() > 0) {
            unread.prepend(scan.takeHeld(scan.held(), ctx.alloc()));
        }
    }
}
