package io.asynchat.testkit;

import io.asynchat.testkit.Judge.Failure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a failure as small as it gets: the fewest cuts, then the plainest buffers, then the shortest wire. */
final class Smallest {

    /** A shorter wire is looked for in about so many steps. */
    private static final int LENGTHS_TRIED = 512;

    private Smallest() {}

    static Failure of(Failure failure) {
        return shorterWire(plainerKind(fewerCuts(failure)));
    }

    /** Leaves out ever smaller groups of cuts until none can be spared. */
    private static Failure fewerCuts(Failure failure) {
        Failure smallest = failure;
        for (int group = Math.max(1, failure.cutting().cuts().size()); group > 0; group /= 2) {
            for (int at = 0; at < smallest.cutting().cuts().size(); ) {
                Failure smaller = without(smallest, at, group);
                at += smaller == null ? group : 0;
                smallest = smaller == null ? smallest : smaller;
            }
        }
        return smallest;
    }

    private static @Nullable Failure without(Failure failure, int at, int group) {
        List<Integer> fewer = new ArrayList<>(failure.cutting().cuts());
        fewer.subList(at, Math.min(at + group, fewer.size())).clear();
        return failure.judge().failureOf(new Cutting(failure.cutting().kind(), List.copyOf(fewer)));
    }

    private static Failure plainerKind(Failure failure) {
        for (BufferKind kind : BufferKind.values()) {
            Failure plainer = failure.judge()
                    .failureOf(new Cutting(kind, failure.cutting().cuts()));
            if (plainer != null) {
                return plainer;
            }
        }
        return failure;
    }

    private static Failure shorterWire(Failure failure) {
        if (!failure.judge().judgesByTheUncutRun()) {
            return failure;
        }
        List<Integer> cuts = failure.cutting().cuts();
        int whole = failure.judge().wire().length;
        int shortest = cuts.isEmpty() ? 1 : cuts.get(cuts.size() - 1) + 1;
        int step = Math.max(1, whole / LENGTHS_TRIED);
        for (int length = shortest; length < whole; length += step) {
            Failure shorter = failure.judge().ofPrefix(length).failureOf(failure.cutting());
            // That the uncut run is at fault would be another failure than one of the cuts.
            if (shorter != null
                    && (cuts.isEmpty() || shorter.judge().expected().faults().isEmpty())) {
                return shorter;
            }
        }
        return failure;
    }
}
