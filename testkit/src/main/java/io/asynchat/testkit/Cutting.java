package io.asynchat.testkit;

import java.util.List;

/**
 * Where a wire is cut, and in what buffers its pieces come.
 *
 * @param kind the buffers
 * @param cuts in ascending order; a cut at n separates the first n bytes from the rest, twice the same makes an empty piece
 */
record Cutting(BufferKind kind, List<Integer> cuts) {

    int pieces() {
        return cuts.size() + 1;
    }

    int start(int piece) {
        return piece == 0 ? 0 : cuts.get(piece - 1);
    }

    int end(int piece, int length) {
        return piece == cuts.size() ? length : cuts.get(piece);
    }

    /** In words, for a report. */
    @Override
    public String toString() {
        String where = cuts.isEmpty()
                ? "uncut"
                : "cut at " + cuts.toString().substring(1, cuts.toString().length() - 1);
        return where + ", in " + kind + " buffers";
    }
}
