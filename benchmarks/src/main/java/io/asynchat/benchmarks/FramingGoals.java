package io.asynchat.benchmarks;

import java.util.Map;

/** Goals of core: the highest ratio to the best peer, borrowed and in whole frames. */
final class FramingGoals {
    private static final Map<String, Goal> GOALS = Map.of(
            "fixed32", new Goal("≤ 0.60", "≤ 0.80"),
            "len32", new Goal("≤ 0.75", "≤ 1.05"),
            "prefix32", new Goal("≤ 0.40", "≤ 0.60"),
            "crlf32", new Goal("≤ 0.60", "≤ 0.76"),
            "lines32", new Goal("≤ 0.50", "≤ 0.70"),
            "lines512", new Goal("≤ 0.85", "≤ 1.00"),
            "line33", new Goal("≤ 1.05", "≤ 1.30"));

    private record Goal(String borrowed, String whole) {}

    private FramingGoals() {}

    /** Returns the goal, or an empty string: the other workloads are only compared with a baseline. */
    static String of(String workload, Candidate candidate) {
        Goal goal = GOALS.getOrDefault(workload, new Goal("", ""));
        return switch (candidate) {
            case BORROWED -> goal.borrowed();
            case WHOLE -> goal.whole();
            default -> "";
        };
    }
}
