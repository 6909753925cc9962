package io.asynchat.testkit;

import java.util.Arrays;
import java.util.List;

/** When two outcomes are regarded as equal. */
enum Equivalence {
    /** The same entries in the same order. */
    EXACT {
        @Override
        boolean holds(Outcome expected, Outcome actual) {
            return expected.inbound().equals(actual.inbound())
                    && expected.outbound().equals(actual.outbound());
        }
    },
    /** The same bytes in the same order; up to the earlier end where one of the two closed the channel. */
    IN_BYTES {
        @Override
        boolean holds(Outcome expected, Outcome actual) {
            boolean closed = expected.closed() || actual.closed();
            return sameBytes(expected.inbound(), actual.inbound(), closed)
                    && sameBytes(expected.outbound(), actual.outbound(), closed);
        }
    };

    abstract boolean holds(Outcome expected, Outcome actual);

    private static boolean sameBytes(List<Entry> expected, List<Entry> actual, boolean endMayDiffer) {
        byte[] left = Outcome.bytesOf(expected);
        byte[] right = Outcome.bytesOf(actual);
        int common = Math.min(left.length, right.length);
        return Arrays.equals(left, 0, common, right, 0, common) && (endMayDiffer || left.length == right.length);
    }
}
