package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the search for a delimiter stands: the bytes that are held back, and the last result until it is used up.
 *
 * <p>The stream is the held bytes, which begin a delimiter and may yet prove to be data, then the unread input. Held bytes
 * are not kept: they equal the delimiter's own first bytes. A result outlives the delivery of a part of its data, so no
 * byte is searched twice.
 */
final class DelimiterScan {
    private @Nullable DelimiterSearch search; // of the terminator in force; null: it has no delimiter
    private int state; // of the search, behind the held bytes
    private int held;
    private int heldFrom; // of the bytes that `state` stands for, those before are delivered
    private boolean unused; // the next three are a result that is not used up
    private int end; // where in the input it ends
    private int outcome; // the state there, or ~d of delimiter d
    private int tail; // how many of the last bytes are no data, or not known to be

    /** Begins the search of another terminator; what is held has been seen to. */
    void begin(DelimiterSearch search) {
        if (this.search != search) {
            this.search = search;
        }
        forget();
    }

    /** Holds nothing, and has no result. */
    void forget() {
        unused = false;
        state = 0;
        held = 0;
        heldFrom = 0;
    }

    int held() {
        return held;
    }

    /** Looks at the input, unless there is a result already; false if that takes more input. */
    boolean look(@Nullable ByteBuf in, Unread unread) {
        if (!unused) {
            if (in == null) {
                return false;
            }
            DelimiterSearch search = Objects.requireNonNull(this.search);
            long result = search.scan(in, unread.memory(in), in.readerIndex(), in.writerIndex(), state);
            end = DelimiterSearch.end(result);
            outcome = DelimiterSearch.outcome(result);
            tail = outcome < 0 ? search.length(~outcome) : search.depth(outcome);
            unused = true;
        }
        return true;
    }

    /** No more input comes: what is held is data. */
    void lookAtEndOfStream() {
        end = 0;
        outcome = 0;
        tail = 0;
        unused = true;
    }

    /** How many bytes are data by the result, the held ones first; {@code index} is where the input is to be read on. */
    int data(int index) {
        return held + (end - index) - tail;
    }

    /** Whether a delimiter follows that data. */
    boolean isFound() {
        return outcome < 0;
    }

    /** Uses the result up: {@link #held} is then what may begin a delimiter, the input is read to the returned index. */
    int use() {
        if (outcome < 0) {
            forget();
        } else {
            unused = false;
            state = outcome;
            held = tail;
            heldFrom = 0;
        }
        return end;
    }

    /** Which delimiter was found. */
    int found() {
        return ~outcome;
    }

    /** The first of the held bytes, which the caller owns and which are held no more. */
    ByteBuf takeHeld(int length, ByteBufAllocator alloc) {
        byte[] delimiter = Objects.requireNonNull(search).prefix(state);
        ByteBuf bytes = alloc.buffer(length, length).writeBytes(delimiter, heldFrom, length);
        heldFrom += length;
        held -= length;
        return bytes;
    }
}
