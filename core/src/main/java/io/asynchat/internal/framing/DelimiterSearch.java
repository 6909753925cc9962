package io.asynchat.internal.framing;

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
 * <p>The state of the search is that of an Aho-Corasick automaton: the longest suffix of the stream that is a beginning
 * of some delimiter. The bytes to be held back are therefore always the first {@link #depth} bytes of {@link #prefix},
 * and need no buffer. State 0 holds nothing. From there one delimiter of at most eight bytes, or a pair such as LF and CRLF, is
 * searched eight bytes at a time where the memory is in one piece.
 *
 * <p><b>Thread.</b> Immutable; shared by all that use the terminator.
 */
// Longer than other files: the automaton and its search share all of the state.
public final class DelimiterSearch {
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_SEVEN = 0x7f7f7f7f7f7f7f7fL;
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;
    private static final int SHORT_SCAN = 64; // bytes within which most short lines end

    private final byte[][] delimiters;
    private final Automaton automaton;
    private final int[] match; // of the automaton
    private final int[] start; // of the automaton

    private final long firstByte; // the byte to skip to, eight times over
    private final long word; // the delimiter, little-endian, if it is a single one of at most eight bytes
    private final long mask; // its bytes in a word; 0: no such delimiter, bytes are examined one at a time

    // A set {x, yx}, as LF and CRLF: x is searched for, then the byte before it decides which delimiter it is.
    private final int longer; // the index of yx, or -1: no such set
    private final int heldY; // the state in which y is held

    /** Prepares a search for these delimiters, at least one, none of them empty. The arrays are not copied. */
    public DelimiterSearch(byte[]... delimiters) {
        this.delimiters = delimiters;
        automaton = new Automaton(delimiters);
        match = automaton.match;
        start = automaton.start;
        longer = longerOfPair(delimiters);
        heldY = longer < 0 ? 0 : start[delimiters[longer][0] & 0xff];

        byte[] first = longer < 0 ? delimiters[0] : delimiters[1 - longer];
        firstByte = (first[0] & 0xffL) * ONES;
        boolean inWord = delimiters.length == 1 && first.length <= Long.BYTES;
        mask = inWord ? -1L >>> (Long.SIZE - Byte.SIZE * first.length) : 0;
        long packed = 0;
        for (int i = 0; inWord && i < first.length; i++) {
            packed |= (first[i] & 0xffL) << (Byte.SIZE * i);
        }
        word = packed;
    }

    /** Returns the index of yx if the set is {x, yx} with two different bytes, otherwise -1. */
    private static int longerOfPair(byte[][] delimiters) {
        if (delimiters.length != 2 || delimiters[0].length + delimiters[1].length != 3) {
            return -1;
        }
        int longer = delimiters[0].length == 2 ? 0 : 1;
        byte[] yx = delimiters[longer];
        return yx[0] != yx[1] && yx[1] == delimiters[1 - longer][0] ? longer : -1;
    }

    /**
     * Searches on from {@code state} and stops after the first delimiter to end, or at {@code to}.
     *
     * @param memory the bytes of {@code in} at the same indexes, if they lie in one piece: a faster way to read them
     * @return the {@link #end} of the search, and its {@link #outcome}
     */
    public long scan(ByteBuf in, @Nullable ByteBuffer memory, int from, int to, int state) {
        if (longer >= 0) {
            return scanPair(in, memory, from, to, state);
        }
        ByteBuffer words = mask == 0 ? null : memory;
        int s = state;
        for (int i = from; i < to; ) {
            if (s != 0) {
                s = automaton.next(s, in.getByte(i++));
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
        return result(to, s);
    }

    private static long result(int end, int outcome) {
        return ((long) end << Integer.SIZE) | (outcome & 0xffffffffL);
    }

    /** Returns the index at which the search has stopped. */
    public static int end(long result) {
        return (int) (result >>> Integer.SIZE);
    }

    /** Returns {@code ~d} if delimiter {@code d} ends where the search has stopped, otherwise the state there. */
    public static int outcome(long result) {
        return (int) result;
    }

    private long scanPair(ByteBuf in, @Nullable ByteBuffer memory, int from, int to, int state) {
        byte y = delimiters[longer][0];
        int at = indexOfFirstByte(in, memory, from, to);
        boolean afterY = at > from ? in.getByte(at - 1) == y : state != 0;
        if (at < to) {
            return result(at + 1, afterY ? ~longer : ~(1 - longer));
        }
        return result(to, afterY ? heldY : 0);
    }

    /** Returns the next index of the first byte, or {@code to}. */
    private int indexOfFirstByte(ByteBuf in, @Nullable ByteBuffer memory, int from, int to) {
        int i = from;
        if (memory != null) {
            int last = to - Long.BYTES; // the last index at which a word can be read
            int near = from + SHORT_SCAN;
            while (i <= last) {
                if (i >= near) {
                    i = skipBlocks(memory, i, last);
                    near = to;
                }
                long found = matchesAt(memory, i);
                if (found != 0) {
                    return i + (Long.numberOfTrailingZeros(found) >>> 3);
                }
                i += Long.BYTES;
            }
        }
        byte b = (byte) firstByte;
        while (i < to && in.getByte(i) != b) {
            i++;
        }
        return i;
    }

    /** Returns the next index of the first byte, {@code to} if there is none, or {@code ~end} of a delimiter. */
    private int skip(ByteBuf in, ByteBuffer memory, int from, int to) {
        int last = to - Long.BYTES; // the last index at which a word can be read
        int near = from + SHORT_SCAN;
        int i = from;
        while (i <= last) {
            if (i >= near) {
                i = skipBlocks(memory, i, last);
                near = to;
            }
            long found = matchesAt(memory, i);
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
     * Skips four words at a time in which the first byte does not occur, as long as one more can be read after them. This
     * saves a quarter of the time on lines of 4 KiB, and nothing measurable on lines of 512 bytes.
     */
    private int skipBlocks(ByteBuffer memory, int from, int last) {
        int i = from;
        while (i <= last - 4 * Long.BYTES
                && ((hasNoMatch(memory, i)
                                        & hasNoMatch(memory, i + 8)
                                        & hasNoMatch(memory, i + 16)
                                        & hasNoMatch(memory, i + 24))
                                & TOPS)
                        == TOPS) {
            i += 4 * Long.BYTES;
        }
        return i;
    }

    /** Returns the word at this index with the top bit of each byte set, and no other, where it is the first byte. */
    private long matchesAt(ByteBuffer memory, int index) {
        return ~(hasNoMatch(memory, index) | LOW_SEVEN);
    }

    /** Returns the word at this index with the top bit of each byte set unless it is the first byte. */
    private long hasNoMatch(ByteBuffer memory, int index) {
        long x = (long) LONGS.get(memory, index) ^ firstByte;
        return ((x & LOW_SEVEN) + LOW_SEVEN) | x;
    }

    /** Returns the number of bytes held in this state. */
    public int depth(int state) {
        return automaton.depth[state];
    }

    /** Returns a delimiter whose first {@link #depth} bytes are those held in this state. Not a copy. */
    public byte[] prefix(int state) {
        return delimiters[automaton.delimiterOf[state]];
    }

    /** Returns the number of bytes of a delimiter. */
    public int length(int delimiter) {
        return delimiters[delimiter].length;
    }

    /**
     * An Aho-Corasick automaton over a set of delimiters. A state is the longest suffix of the stream that is a beginning of
     * some delimiter; state 0 is the empty one.
     */
    private static final class Automaton {
        // One row a state. Its children are a list threaded through `sibling`.
        private final byte[] label;
        private final int[] child;
        private final int[] sibling;
        private final int[] fail;

        final int[] depth; // the length of the suffix
        final int[] delimiterOf; // a delimiter that begins with the suffix
        final int[] match; // the longest delimiter that ends in this state, or -1
        final int[] start = new int[256]; // the state after a byte in state 0

        private int states = 1;

        Automaton(byte[]... delimiters) {
            int max = 1;
            for (byte[] delimiter : delimiters) {
                max += delimiter.length;
            }
            label = new byte[max];
            child = new int[max];
            sibling = new int[max];
            fail = new int[max];
            depth = new int[max];
            delimiterOf = new int[max];
            match = new int[max];
            Arrays.fill(match, -1);
            for (int i = 0; i < delimiters.length; i++) {
                insert(i, delimiters[i]);
            }
            linkFailures();
        }

        private void insert(int index, byte[] delimiter) {
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
                    delimiterOf[next] = index;
                }
                state = next;
            }
            if (match[state] < 0) {
                match[state] = index;
            }
            start[delimiter[0] & 0xff] = childOf(0, delimiter[0]);
        }

        /** Visits the states breadth first, so that a state's failure, which is shorter, is complete before the state is. */
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

        /** Returns the state after byte {@code b} in {@code state}. */
        int next(int state, byte b) {
            int from = state;
            int to = childOf(from, b);
            while (to == 0 && from != 0) {
                from = fail[from];
                to = childOf(from, b);
            }
            return to;
        }
    }
}
