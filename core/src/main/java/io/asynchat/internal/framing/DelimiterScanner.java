package io.asynchat.internal.framing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The position of the search for a delimiter: the bytes that are held back, and a result until it is consumed.
 *
 * <p>The stream is the held bytes, which begin a delimiter and may prove to be data, then the received bytes. Held bytes need
 * no buffer: they equal the delimiter's own first bytes. A result outlives the delivery of a part of its data, so no byte
 * is searched twice.
 */
final class DelimiterScanner {
    private @Nullable DelimiterSearch search; // of the delimiters in force
    private int state; // of the search, behind the held bytes
    private int held;
    private int heldFrom; // of the bytes of `state`, the first ones before this index are delivered
    private boolean resultPending; // the next three are a result that is not consumed
    private int end; // the index in the received buffer at which it ends
    private int outcome; // the state there, or ~d of delimiter d
    private int heldTail; // how many of the last bytes are no data, or not known to be

    /** Begins the search for other delimiters; the caller has taken the held bytes. */
    void begin(DelimiterSearch search) {
        if (this.search != search) {
            this.search = search;
        }
        clear();
    }

    /** Drops the held bytes and the result. */
    void clear() {
        resultPending = false;
        state = 0;
        held = 0;
        heldFrom = 0;
    }

    int held() {
        return held;
    }

    /** Returns whether no byte is held and no result is pending: then a search may begin at any byte. */
    boolean isIdle() {
        return state == 0 && !resultPending;
    }

    /** Keeps the result of a search that began at this scanner's position. */
    void keep(long result, DelimiterSearch search) {
        end = DelimiterSearch.end(result);
        outcome = DelimiterSearch.outcome(result);
        heldTail = outcome < 0 ? search.length(~outcome) : search.depth(outcome);
        resultPending = true;
    }

    /** Searches the received bytes, unless a result is pending. Returns false if it needs more bytes. */
    boolean scan(ReceiveBuffer received) {
        if (!resultPending) {
            if (received.index == received.end && !received.advance()) {
                return false;
            }
            DelimiterSearch search = Objects.requireNonNull(this.search);
            ByteBuf in = Objects.requireNonNull(received.current);
            keep(search.scan(in, received.memory(in), received.index, received.end, state), search);
        }
        return true;
    }

    /** Makes the held bytes data: the input has ended. */
    void endOfInput(int index) {
        end = index;
        outcome = 0;
        heldTail = 0;
        resultPending = true;
    }

    /** Returns how many bytes are data by the result, the held ones first; the received ones begin at {@code index}. */
    int data(int index) {
        return held + (end - index) - heldTail;
    }

    /** Returns whether a delimiter follows that data. */
    boolean isFound() {
        return outcome < 0;
    }

    /** Consumes the result, after which {@link #held} bytes may begin a delimiter. Returns the next index to read. */
    int consume() {
        if (outcome < 0) {
            clear();
        } else {
            resultPending = false;
            state = outcome;
            held = heldTail;
            heldFrom = 0;
        }
        return end;
    }

    /** Returns the index of the delimiter that was found. */
    int found() {
        return ~outcome;
    }

    /** Returns the first held bytes, which the caller owns and which are no longer held. */
    ByteBuf takeHeld(int length, ByteBufAllocator alloc) {
        byte[] delimiter = Objects.requireNonNull(search).prefix(state);
        ByteBuf bytes = alloc.buffer(length, length).writeBytes(delimiter, heldFrom, length);
        heldFrom += length;
        held -= length;
        return bytes;
    }
}
