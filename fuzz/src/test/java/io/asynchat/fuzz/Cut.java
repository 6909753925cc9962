package io.asynchat.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Divides a wire into the pieces that are received one by one.
 *
 * @param maxPiece the maximum length of a piece, in bytes
 * @param seed of the lengths
 */
public record Cut(int maxPiece, long seed) {
    /** One piece. */
    public static final Cut NONE = new Cut(Integer.MAX_VALUE, 0);

    /** Returns single bytes for 0, and for other numbers pieces of random lengths, short ones for small numbers. */
    public static Cut of(int number) {
        return new Cut(Math.max(1, number & 0x3f), number);
    }

    /** Returns the pieces; none is empty. */
    public List<byte[]> pieces(byte[] wire) {
        SplittableRandom random = new SplittableRandom(seed);
        List<byte[]> pieces = new ArrayList<>();
        int to;
        for (int from = 0; from < wire.length; from = to) {
            int length = maxPiece > wire.length ? wire.length : 1 + random.nextInt(maxPiece);
            to = Math.min(wire.length, from + length);
            pieces.add(Arrays.copyOfRange(wire, from, to));
        }
        return pieces;
    }
}
