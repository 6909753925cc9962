package io.asynchat.internal.framing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state of a {@link Framer}: the reading in force, its progress, and the queries about both.
 *
 * <p>A new reading governs the very next byte. Bytes that are held back are searched again; inside a frame the new reading counts
 * from the next byte.
 *
 * @param <T> the type of the names of readings
 */
// Longer than other files: what begins a reading and what asks about it need all of the state.
abstract class FrameState<T> {
    // The states. Those behind LENGTH_TOO_LONG deliver no data.
    static final int PASS_THROUGH = 0;
    static final int LENGTH = 1;
    static final int DELIMITER = 2;
    static final int PREFIX = 3;
    static final int LENGTH_TOO_LONG = 4; // not reported yet
    static final int SKIP_LENGTH = 5;
    static final int SKIP_DELIMITER = 6;
    static final int CORRUPTED = 7;

    static final long NONE = -1;

    final T unframed;
    final ReceiveBuffer received = new ReceiveBuffer();
    final DelimiterScanner scanner = new DelimiterScanner();
    final LengthPrefix.Scanner prefix = new LengthPrefix.Scanner();
    ByteBufAllocator alloc = ByteBufAllocator.DEFAULT; // the channel's, once there is one
    boolean changed; // stops decode() after the present call

    T reading;
    int state = PASS_THROUGH;
    long limit = Long.MAX_VALUE; // of the bytes of a frame

    @Nullable
    DelimiterSearch search; // of the reading up to a delimiter

    int afterLength = PASS_THROUGH; // the state behind the last byte of a length
    long remaining; // bytes of the length that are outstanding
    boolean lengthJustSet; // a length was set, and decode() has not gone on since
    long beforePiece = NONE; // `remaining` before the piece that is being delivered, until it is collected

    long frames; // that have ended
    long frameBytes; // of the present frame, delivered or skipped
    long bytesBeforeEnd; // of the frame that has ended, without its last piece
    boolean truncationReported;

    @Nullable
    T matched; // the reading of the last frame, if a delimiter ended it

    int matchedIndex; // of its delimiters
    int matchedLength; // of that delimiter, in bytes

    FrameState(T unframed) {
        this.unframed = unframed;
        this.reading = unframed;
    }

    /** Uses this allocator for held bytes from now on. */
    public void allocator(ByteBufAllocator alloc) {
        this.alloc = alloc;
    }

    /** Reads all bytes as they come. */
    public void readAll() {
        rescanHeld();
        collected();
        state = PASS_THROUGH;
    }

    /** Reads {@code bytes} bytes; then all. */
    public void readLength(T reading, long bytes, long limit) {
        rescanHeld();
        name(reading, limit);
        remaining = bytes;
        if (afterLength != PASS_THROUGH) {
            afterLength = PASS_THROUGH;
        }
        state = exceedsLimit(bytes) ? LENGTH_TOO_LONG : LENGTH;
        if (!lengthJustSet) {
            lengthJustSet = true;
        }
    }

    /** Returns whether a length of that many bytes was set, and is not accepted: {@link Framer#decode} has not gone on since. */
    public boolean isLengthJustSet(long bytes) {
        return lengthJustSet && state == LENGTH && beforePiece == NONE && remaining == bytes;
    }

    /** Returns whether the frame would be too long with that many bytes more. */
    final boolean exceedsLimit(long bytes) {
        return limit != Long.MAX_VALUE && bytes > limit - frameBytes;
    }

    /** Reads frames up to the delimiters of {@code search}. */
    public void readUntil(T reading, DelimiterSearch search, long limit) {
        rescanHeld();
        name(reading, limit);
        if (this.search != search) {
            this.search = search;
        }
        scanner.begin(search);
        state = DELIMITER;
    }

    /** Reads frames that begin with a number, which is the length of the rest. */
    public void readPrefixed(T reading, LengthPrefix prefix, long limit) {
        rescanHeld();
        name(reading, limit);
        this.prefix.begin(prefix);
        afterLength = PREFIX;
        state = PREFIX;
    }

    private void name(T reading, long limit) {
        if (this.reading != reading) {
            this.reading = reading;
        }
        if (this.limit != limit) {
            this.limit = limit;
        }
        collected();
    }

    /** Sets the limit of the reading in force, in bytes; a length that has been accepted stays accepted. */
    public void limit(long bytes) {
        limit = bytes;
        reconsider();
    }

    /** Accepts a length that was too long, and is not reported, if it is within the limit now. */
    private void reconsider() {
        if (state == LENGTH_TOO_LONG && !exceedsLimit(remaining)) {
            state = LENGTH;
        }
    }

    /** Returns the name of the reading in force. */
    public T reading() {
        return state == PASS_THROUGH && beforePiece == NONE ? unframed : reading;
    }

    /** Returns how many bytes of a length are outstanding, including the piece that is being delivered. */
    public long remaining() {
        return beforePiece == NONE ? remaining : beforePiece;
    }

    /** Counts the piece that is being delivered as no longer outstanding. */
    public void collected() {
        if (beforePiece != NONE) {
            beforePiece = NONE;
        }
    }

    /** Returns the reading whose delimiter ended the last frame; null if a length ended it, or none has ended. */
    public @Nullable T matched() {
        return matched;
    }

    /** Returns the index of that delimiter in its search. */
    public int matchedIndex() {
        return matchedIndex;
    }

    /**
     * Takes the end of the present frame back, whose last {@code length} bytes are being delivered, and makes its delimiter
     * unread again: the receiver of the data was removed before the end was delivered.
     */
    public void unreadEnd(int length) {
        frameBytes = bytesBeforeEnd + length;
        if (matched != null) {
            received.index -= matchedLength;
        }
    }

    /** Returns how many bytes of the present frame were delivered. */
    public long frameBytes() {
        return frameBytes;
    }

    /** Returns how many frames have ended. */
    public long frames() {
        return frames;
    }

    /** Returns whether a frame that was too long is being skipped. */
    public boolean isSkipping() {
        return state == SKIP_LENGTH || state == SKIP_DELIMITER;
    }

    /** Returns whether bytes of a frame have been received, or bytes of a length are outstanding. */
    public boolean isInsideFrame() {
        return switch (state) {
            case PASS_THROUGH, CORRUPTED -> false;
            case LENGTH, LENGTH_TOO_LONG -> remaining > 0 || frameBytes > 0;
            case DELIMITER -> frameBytes > 0 || scanner.held() > 0;
            case PREFIX -> frameBytes > 0 || prefix.held() > 0;
            default -> true;
        };
    }

    /** Skips the rest of the frame as of one that is too long; does nothing between two frames. */
    public void skipRest() {
        if (isInsideFrame()) {
            if (state == LENGTH) {
                state = SKIP_LENGTH;
            } else if (state == DELIMITER) {
                state = SKIP_DELIMITER;
            }
        }
    }

    // ---- received bytes

    /** Appends received bytes, and takes them over. */
    public void append(ByteBuf in) {
        received.append(in);
    }

    /** Puts bytes in front of the unread ones, and takes them over. */
    public void prepend(ByteBuf in) {
        received.prepend(in);
    }

    /** Returns whether bytes have been received that are not delivered, including held ones. */
    public boolean hasUnread() {
        return !received.isEmpty() || scanner.held() > 0 || prefix.held() > 0;
    }

    /** Returns whether at least that many bytes, or the maximum number of buffers, are unread. */
    public boolean hasAtLeast(int bytes) {
        return received.hasAtLeast(bytes);
    }

    /** Discards the unread bytes and the frame begun. The outstanding bytes of a length stay so, and so does a skip. */
    public void discard() {
        received.clear();
        scanner.clear();
        prefix.clear();
        frameBytes = 0;
        matchedLength = 0; // a delimiter that was read is gone with the rest
        changed = true;
        reconsider();
    }

    /** Releases the buffers that have been read to their end. Not within a call of the listener. */
    public void releaseConsumed() {
        received.advance();
    }

    /** Hands all unread bytes over, the held ones first; the receiver owns each buffer. */
    public void forward(Consumer<ByteBuf> receiver) {
        rescanHeld();
        received.forward(receiver);
    }

    /** Puts the bytes that were gathered of the frame begun in front of the unread ones, and takes them over. */
    public void rewind(ByteBuf gathered) {
        rescanHeld();
        if (state == LENGTH) {
            remaining += gathered.readableBytes();
        }
        frameBytes = 0;
        received.prepend(gathered);
    }

    /**
     * Makes the frame begun unread, from its first byte on, its number included; takes the gathered bytes of it over. The caller
     * begins another reading.
     */
    public void unreadBegun(ByteBuf gathered) {
        rescanHeld();
        frameBytes = 0;
        unread(gathered);
        if (state == LENGTH && afterLength == PREFIX) {
            received.prepend(prefix.takeNumber(alloc));
        }
    }

    /**
     * Makes the frame that has just ended unread, its number included; takes its bytes and those of its delimiter over. In the
     * call that delivers its end.
     */
    public void unreadEnded(ByteBuf frame, ByteBuf delimiter) {
        unread(delimiter);
        unread(frame);
        if (state == PREFIX) {
            received.prepend(prefix.takeNumber(alloc));
        }
    }

    private void unread(ByteBuf bytes) {
        if (bytes.isReadable()) {
            received.prepend(bytes);
        } else {
            bytes.release();
        }
    }

    private void rescanHeld() {
        if (scanner.held() > 0) {
            received.prepend(scanner.takeHeld(scanner.held(), alloc));
            scanner.clear();
        } else if (prefix.held() > 0) {
            received.prepend(prefix.takeHeld(alloc));
        }
    }
}
