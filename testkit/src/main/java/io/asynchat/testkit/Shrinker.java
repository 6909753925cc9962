package io.asynchat.testkit;

import io.asynchat.testkit.OutcomeChecker.Failure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shrinks a failure: fewer cuts, then a simpler kind of buffer, then a shorter wire. */
final class Shrinker {

    /** The approximate number of lengths that are tried for a shorter wire. */
    private static final int MAX_LENGTHS = 512;

    private Shrinker() {}

    static Failure of(Failure failure) {
        return shorterWire(simplerKind(fewerCuts(failure)));
    }

    /** Removes groups of cuts, ever smaller ones, as long as the run still fails. */
    private static Failure fewerCuts(Failure failure) {
        Failure smallest = failure;
        for (int group = Math.max(1, failure.segmentation().cuts().size()); group > 0; group /= 2) {
            for (int at = 0; at < smallest.segmentation().cuts().size(); ) {
                Failure smaller = without(smallest, at, group);
                at += smaller == null ? group : 0;
                smallest = smaller == null ? smallest : smaller;
            }
        }
        return smallest;
    }

    private static @Nullable Failure without(Failure failure, int at, int group) {
        List<Integer> fewer = new ArrayList<>(failure.segmentation().cuts());
        fewer.subList(at, Math.min(at + group, fewer.size())).clear();
        return failure.checker()
                .failureOf(new Segmentation(failure.segmentation().kind(), List.copyOf(fewer)));
    }

    private static Failure simplerKind(Failure failure) {
        for (BufferKind kind : BufferKind.values()) {
            Failure simpler = failure.checker()
                    .failureOf(new Segmentation(kind, failure.segmentation().cuts()));
            if (simpler != null) {
                return simpler;
            }
        }
        return failure;
    }

    private static Failure shorterWire(Failure failure) {
        if (!failure.checker().comparesWithUncutRun()) {
            return failure;
        }
        List<Integer> cuts = failure.segmentation().cuts();
        int whole = failure.checker().wire().length;
        int shortest = cuts.isEmpty() ? 1 : cuts.get(cuts.size() - 1) + 1;
        int step = Math.max(1, whole / MAX_LENGTHS);
        for (int length = shortest; length < whole; length += step) {
            Failure shorter = failure.checker().ofPrefix(length).failureOf(failure.segmentation());
            // A fault of the uncut run would be another failure than that of the cuts.
            if (shorter != null
                    && (cuts.isEmpty() || shorter.checker().expected().faults().isEmpty())) {
                return shorter;
            }
        }
        return failure;
    }
}
