package io.asynchat.internal.framing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Objects;

/**
 * Cuts a stream of received buffers into frames. It is always in one of four readings: all bytes without an end, a number of
 * bytes, up to a delimiter, or a length prefix and then as many bytes as it announces.
 *
 * <p>{@link #decode} makes one delivery after another until the received bytes are used up or it is interrupted. The state is
 * complete before each delivery and is read again after it, so a listener may begin another reading, append or
 * discard bytes in every call; the new reading governs the very next byte. Knows no channel and no thread.
 *
 * @param <T> the type of the names of readings; returned by {@link #reading} and {@link #matched}
 */
// Longer than other files: each step depends on all of the state.
public final class Framer<T> extends FrameState<T> {
    /**
     * Receives the results of the framer, one a call.
     *
     * <p>A call may change the framer in any way: begin another reading, append bytes, discard. It must not throw.
     *
     * <p><b>Ownership.</b> Bytes are lent for the call, as a part of a buffer that belongs to the framer.
     *
     * @param <T> the type of the names of readings
     */
    public interface Listener<T> {
        /** Bytes of a frame that are not its last; at least one. */
        void fragment(ByteBuf in, int index, int length);

        /** The last bytes of a frame, if any, and its end. */
        void end(ByteBuf in, int index, int length);

        /** Bytes that belong to no frame; at least one. */
        void passThrough(ByteBuf in, int index, int length);

        /** The input ended inside a frame of that reading. */
        void truncated(T reading);

        /** A frame of that reading has more bytes than {@code limit}; the rest of it is skipped. */
        void tooLong(T reading, long limit);

        /** The number in front of a frame cannot be its length. Nothing more is delivered. */
        void corrupted(T reading, String number);
    }

    /** Returned by {@link #decode}: no more can be delivered without more bytes. */
    public static final int NEEDS_INPUT = 0;
    /** Returned by {@link #decode}: {@link #interrupt} was called. */
    public static final int INTERRUPTED = 1;
    /** Returned by {@link #decode}: the end of a frame that was too long has been reached. */
    public static final int SKIPPED = 2;

    /** Creates a framer that reads all bytes; {@code unframed} is the name of that reading. */
    public Framer(T unframed) {
        super(unframed);
    }

    // ---- decoding

    /** Returns whether {@link #decode} is to return after the call of the listener that is under way. */
    public boolean isInterrupted() {
        return changed;
    }

    /** Lets {@link #decode} return after the call of the listener that is under way. */
    public void interrupt() {
        changed = true;
    }

    /** Delivers until it needs input, is interrupted, or has skipped a frame. Returns which. */
    public int decode(Listener<T> out) {
        changed = false;
        lengthJustSet = false;
        int result = deliver(out);
        if (result == NEEDS_INPUT) {
            lengthJustSet = false; // it was accepted
        }
        return result;
    }

    private int deliver(Listener<T> out) {
        do {
            if (state == LENGTH) {
                if (!readCounted(out)) {
                    return NEEDS_INPUT;
                }
            } else if (state == DELIMITER) {
                if (!readDelimited(out)) {
                    return NEEDS_INPUT;
                }
            } else if (state == PREFIX) {
                if (!readPrefix(out)) {
                    return NEEDS_INPUT;
                }
            } else if (state == PASS_THROUGH) {
                if (!readUnframed(out)) {
                    return NEEDS_INPUT;
                }
            } else {
                int result = readTooLong(out);
                if (result != INTERRUPTED) {
                    return result;
                }
            }
        } while (!changed);
        return INTERRUPTED;
    }

    private ByteBuf current() {
        ByteBuf in = received.current;
        return in == null ? Unpooled.EMPTY_BUFFER : in;
    }

    private boolean readUnframed(Listener<T> out) {
        if (received.index == received.end && !received.advance()) {
            return false;
        }
        int from = received.index;
        received.index = received.end;
        frameBytes = 0;
        out.passThrough(current(), from, received.end - from);
        return true;
    }

    private boolean readCounted(Listener<T> out) {
        int from = received.index;
        int available = received.end - from;
        long wanted = remaining;
        if (wanted <= available) {
            int length = (int) wanted;
            received.index = from + length;
            beforePiece = wanted;
            remaining = 0;
            state = afterLength;
            if (matched != null) {
                matched = null;
            }
            endFrame();
            out.end(current(), from, length);
            collected();
            return true;
        }
        if (available == 0) {
            return received.advance();
        }
        received.index = received.end;
        beforePiece = wanted;
        remaining = wanted - available;
        frameBytes += available;
        out.fragment(current(), from, available);
        collected();
        return true;
    }

    private void endFrame() {
        frames++;
        if (bytesBeforeEnd != frameBytes) {
            bytesBeforeEnd = frameBytes;
        }
        if (frameBytes != 0) {
            frameBytes = 0;
        }
    }

    private boolean readDelimited(Listener<T> out) {
        if (!scanner.isIdle()) {
            return readScanned(out);
        }
        if (received.index == received.end && !received.advance()) {
            return frameBytes > limit && readScanned(out);
        }
        ByteBuf in = current();
        DelimiterSearch search = Objects.requireNonNull(this.search);
        int from = received.index;
        long result = search.scan(in, received.memory(in), from, received.end, 0);
        int outcome = DelimiterSearch.outcome(result);
        if (outcome < 0) {
            int end = DelimiterSearch.end(result);
            int length = end - from - search.length(~outcome);
            if (length <= limit - frameBytes) {
                received.index = end;
                matched(~outcome, end - from - length);
                endFrame();
                out.end(in, from, length);
                return true;
            }
        }
        scanner.keep(result, search);
        return readScanned(out);
    }

    private void matched(int index, int length) {
        if (matched != reading) {
            matched = reading;
        }
        if (matchedIndex != index) {
            matchedIndex = index;
        }
        if (matchedLength != length) {
            matchedLength = length;
        }
    }

    /** Makes one delivery where bytes are held, a result is pending, or the limit may be exceeded. */
    private boolean readScanned(Listener<T> out) {
        if (frameBytes > limit) { // lowered in the middle of the frame
            tooLong(SKIP_DELIMITER, out);
            return true;
        }
        if (!scanner.scan(received)) {
            return false;
        }
        int data = scanner.data(received.index);
        long room = limit - frameBytes;
        if (data > 0 && room == 0) {
            tooLong(SKIP_DELIMITER, out);
        } else if (data > 0 && scanner.held() > 0) {
            deliverHeld((int) Math.min(Math.min(data, scanner.held()), room), out);
        } else if (data > room) {
            deliverPiece((int) room, received.index + (int) room, out);
        } else if (scanner.isFound()) {
            int from = received.index;
            received.index = matchScanned();
            endFrame();
            out.end(current(), from, data);
        } else {
            deliverPiece(data, scanner.consume(), out);
        }
        return true;
    }

    private int matchScanned() {
        int index = scanner.found();
        matched(index, Objects.requireNonNull(search).length(index));
        return scanner.consume();
    }

    /** Bytes that began a delimiter, and proved to be data. */
    private void deliverHeld(int length, Listener<T> out) {
        ByteBuf bytes = scanner.takeHeld(length, alloc);
        frameBytes += length;
        try {
            out.fragment(bytes, 0, length);
        } finally {
            bytes.release();
        }
    }

    private void deliverPiece(int length, int readTo, Listener<T> out) {
        int from = received.index;
        received.index = readTo;
        frameBytes += length;
        if (length > 0) {
            out.fragment(current(), from, length);
        }
    }

    private boolean readPrefix(Listener<T> out) {
        if (!prefix.scan(received)) {
            return false;
        }
        long length = prefix.frameLength();
        if (length < 0) {
            state = CORRUPTED;
            out.corrupted(reading, prefix.describe());
        } else {
            remaining = length;
            state = exceedsLimit(length) ? LENGTH_TOO_LONG : LENGTH;
        }
        return true;
    }

    /** Reports a frame that is too long, then skips it; drops all bytes behind a corrupt length. */
    private int readTooLong(Listener<T> out) {
        switch (state) {
            case LENGTH_TOO_LONG -> {
                tooLong(SKIP_LENGTH, out);
                return INTERRUPTED;
            }
            case SKIP_LENGTH -> {
                return skipCounted();
            }
            case SKIP_DELIMITER -> {
                return skipDelimited();
            }
            default -> {
                received.clear();
                received.advance();
                return NEEDS_INPUT;
            }
        }
    }

    private int skipCounted() {
        while (remaining > received.end - received.index) {
            remaining -= received.end - received.index;
            received.index = received.end;
            if (!received.advance()) {
                return NEEDS_INPUT;
            }
        }
        received.index += (int) remaining;
        remaining = 0;
        matched = null;
        state = afterLength;
        endFrame();
        return SKIPPED;
    }

    private int skipDelimited() {
        while (scanner.scan(received)) {
            if (scanner.isFound()) {
                received.index = matchScanned();
                state = DELIMITER;
                endFrame();
                return SKIPPED;
            }
            received.index = scanner.consume();
        }
        return NEEDS_INPUT;
    }

    private void tooLong(int skip, Listener<T> out) {
        state = skip;
        out.tooLong(reading, limit);
    }

    /**
     * Delivers the rest at the end of the input: held bytes are data, and a frame that has begun is truncated. Returns false if there is nothing left to report.
     */
    public boolean endOfInput(Listener<T> out) {
        if (scanner.held() > 0 && state == DELIMITER) {
            scanner.endOfInput(received.index);
            return true;
        }
        if (truncationReported || !isInsideFrame()) {
            return false;
        }
        T missing = reading;
        truncationReported = true;
        frameBytes = 0;
        prefix.clear();
        scanner.clear();
        state = PASS_THROUGH;
        out.truncated(missing);
        return true;
    }
}
