package io.asynchat.testkit;

import java.util.List;

/**
 * The positions where a wire is cut, and the kind of buffer that holds the pieces.
 *
 * @param kind the kind of buffer
 * @param cuts the positions, ascending; a cut at n separates the first n bytes from the rest, two equal cuts make an empty
 *     piece
 */
record Segmentation(BufferKind kind, List<Integer> cuts) {

    int pieces() {
        return cuts.size() + 1;
    }

    int start(int piece) {
        return piece == 0 ? 0 : cuts.get(piece - 1);
    }

    int end(int piece, int length) {
        return piece == cuts.size() ? length : cuts.get(piece);
    }

    /** Returns a description for a report. */
    @Override
    public String toString() {
        String where = cuts.isEmpty()
                ? "uncut"
                : "cut at " + cuts.toString().substring(1, cuts.toString().length() - 1);
        return where + ", in " + kind + " buffers";
    }
}
