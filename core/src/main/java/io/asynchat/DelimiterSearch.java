package io.asynchat;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first delimiter of a set to end in a stream that comes in pieces, in time linear in the bytes.
 *
 * <p>An Aho-Corasick automaton: a state is the longest suffix of the stream that is a beginning of some delimiter, so
 * the bytes that a decoder must hold back are always the first {@link #depth} bytes of {@link #prefix} and need no
 * buffer. State 0 holds nothing; there the search skips ahead, eight bytes at a time where memory allows.
 *
 * <p>Immutable; shared by all decoders that use the terminator.
 */
final class DelimiterSearch {
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_SEVEN = 0x7f7f7f7f7f7f7f7fL;
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;
    private static final int NEAR = 64; // bytes within which most short lines end

    private final byte[][] delimiters;

    // The automaton, one row a state: its children are a list threaded through `sibling`.
    private final byte[] label;
    private final int[] child;
    private final int[] sibling;
    private final int[] fail;
    private final int[] depth;
    private final int[] owner; // a delimiter that begins with the state's bytes
    private final int[] match; // the longest delimiter that ends in this state, or -1
    private int states = 1;

    private final int[] start = new int[256]; // the state behind a byte in state 0
    private final long firstByte; // the first byte eight times over, for one delimiter of at most eight bytes
    private final long word; // that delimiter, little-endian
    private final long mask; // its bytes in a word; 0: no such delimiter, each byte is looked at by itself

    /** The arrays are not copied, and must not change. */
    DelimiterSearch(byte[]... delimiters) {
        this.delimiters = delimiters;
        int most = 1;
        for (byte[] delimiter : delimiters) {
            most += delimiter.length;
        }
        label = new byte[most];
        child = new int[most];
        sibling = new int[most];
        fail = new int[most];
        depth = new int[most];
        owner = new int[most];
        match = new int[most];
        Arrays.fill(match, -1);
        for (int i = 0; i < delimiters.length; i++) {
            insert(i);
        }
        linkFailures();

        byte[] only = delimiters[0];
        boolean inWord = delimiters.length == 1 && only.length <= Long.BYTES;
        mask = inWord ? -1L >>> (Long.SIZE - Byte.SIZE * only.length) : 0;
        firstByte = (only[0] & 0xffL) * ONES;
        long packed = 0;
        for (int i = 0; inWord && i < only.length; i++) {
            packed |= (only[i] & 0xffL) << (Byte.SIZE * i);
        }
        word = packed;
    }

    private void insert(int index) {
        byte[] delimiter = delimiters[index];
        int state = 0;
        for (int i = 0; i < delimiter.length; i++) {
            byte b = delimiter[i];
            int next = childOf(state, b);
            if (next == 0) {
                next = states++;
                label[next] = b;
                sibling[next] = child[state];
                child[state] = next;
                depth[next] = i + 1;
                owner[next] = index;
            }
            state = next;
        }
        if (match[state] < 0) {
            match[state] = index;
        }
        start[delimiter[0] & 0xff] = childOf(0, delimiter[0]);
    }

    /** Breadth first, so that a state's failure, which is shorter, is complete before the state is. */
    private void linkFailures() {
        int[] queue = new int[states];
        int tail = 0;
        for (int s = child[0]; s != 0; s = sibling[s]) {
            queue[tail++] = s;
        }
        for (int head = 0; head < tail; head++) {
            int state = queue[head];
            if (match[state] < 0) {
                match[state] = match[fail[state]];
            }
            for (int s = child[state]; s != 0; s = sibling[s]) {
                fail[s] = next(fail[state], label[s]);
                queue[tail++] = s;
            }
        }
    }

    private int childOf(int state, byte b) {
        int s = child[state];
        while (s != 0 && label[s] != b) {
            s = sibling[s];
        }
        return s;
    }

    private int next(int state, byte b) {
        int from = state;
        int to = childOf(from, b);
        while (to == 0 && from != 0) {
            from = fail[from];
            to = childOf(from, b);
        }
        return to;
    }

    /**
     * Reads on from {@code state} and stops behind the first delimiter to end, or at {@code to}.
     *
     * @param memory the bytes of {@code in} at the same indexes, if they lie in one piece: a faster way to read them
     * @return where it stopped, in the upper half; below, {@code ~d} if delimiter {@code d} ended there, else the state
     */
    long scan(ByteBuf in, @Nullable ByteBuffer memory, int from, int to, int state) {
        ByteBuffer words = mask == 0 ? null : memory;
        int i = from;
        int s = state;
        while (i < to) {
            if (s != 0) {
                s = next(s, in.getByte(i++));
            } else if (words == null) {
                do {
                    s = start[in.getByte(i++) & 0xff];
                } while (s == 0 && i < to);
            } else {
                i = skip(in, words, i, to);
                if (i < 0) {
                    return result(~i, ~0);
                }
                if (i == to) {
                    break;
                }
                s = start[(int) word & 0xff];
                i++;
            }
            if (match[s] >= 0) {
                return result(i, ~match[s]);
            }
        }
        return result(i, s);
    }

    private static long result(int end, int outcome) {
        return ((long) end << Integer.SIZE) | (outcome & 0xffffffffL);
    }

    static int end(long result) {
        return (int) (result >>> Integer.SIZE);
    }

    static int outcome(long result) {
        return (int) result;
    }

    /** The next index at which the first byte stands, {@code to} if there is none, or {@code ~end} of a delimiter. */
    private int skip(ByteBuf in, ByteBuffer memory, int from, int to) {
        int last = to - Long.BYTES; // the last index at which a word can be read
        int near = from + NEAR;
        int i = from;
        while (i <= last) {
            if (i >= near) {
                i = leap(memory, i, last);
                near = to;
            }
            // Each byte of `found` has its top bit set exactly where the first byte of the delimiter stands.
            long x = (long) LONGS.get(memory, i) ^ firstByte;
            long found = ~(((x & LOW_SEVEN) + LOW_SEVEN) | x | LOW_SEVEN);
            while (found != 0) {
                int at = i + (Long.numberOfTrailingZeros(found) >>> 3);
                if (at > last) {
                    return at;
                }
                if ((((long) LONGS.get(memory, at) ^ word) & mask) == 0) {
                    return ~(at + delimiters[0].length);
                }
                found &= found - 1;
            }
            i += Long.BYTES;
        }
        byte b = (byte) firstByte;
        while (i < to && in.getByte(i) != b) {
            i++;
        }
        return i;
    }

    /**
     * Leaps over four words at a time in which the first byte does not stand, as long as one more can be read after them.
     * It saves a quarter of the time on lines of 4 KiB, and nothing that could be shown on lines of 512 bytes.
     */
    private int leap(ByteBuffer memory, int from, int last) {
        int i = from;
        while (i <= last - 4 * Long.BYTES
                && ((lacks(memory, i) & lacks(memory, i + 8) & lacks(memory, i + 16) & lacks(memory, i + 24)) & TOPS)
                        == TOPS) {
            i += 4 * Long.BYTES;
        }
        return i;
    }

    /** Has all top bits set unless the first byte stands in the word at this index. */
    private long lacks(ByteBuffer memory, int index) {
        long x = (long) LONGS.get(memory, index) ^ firstByte;
        return ((x & LOW_SEVEN) + LOW_SEVEN) | x;
    }

    /** How many bytes are held in this state. */
    int depth(int state) {
        return depth[state];
    }

    /** A delimiter whose first {@link #depth} bytes are those held in this state. */
    byte[] prefix(int state) {
        return delimiters[owner[state]];
    }

    /** How many bytes the delimiter has. */
    int length(int delimiter) {
        return delimiters[delimiter].length;
    }
}
