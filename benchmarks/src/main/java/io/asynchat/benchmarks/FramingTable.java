package io.asynchat.benchmarks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Prints what was measured, a table row for each candidate and workload. All spreads are of JVMs: minimum–maximum. */
final class FramingTable {
    private static final String COMPARISON_HEAD = """

            | workload | candidate | ns a message | baseline | ratio to the baseline | B a message | baseline |
            |---|---|---|---|---|---|---|""";

    private final List<String> comparisons = new ArrayList<>(); // printed after the last workload

    void printHead() {
        System.out.println("| workload | candidate | ns a message | ratio to the best peer | B a message | goal |");
        System.out.println("|---|---|---|---|---|---|");
    }

    void print(String workload, List<CandidateResult> results) {
        Optional<CandidateResult> best = results.stream()
                .filter(result -> result.candidate().isPeer() && result.fault() == null)
                .min(Comparator.comparingDouble(result -> result.nanos().median()));
        for (CandidateResult result : results) {
            if (!result.isBaseline()) {
                System.out.printf("| %s | %s |%n", workload, row(workload, result, best));
                results.stream()
                        .filter(other -> other.isBaseline() && other.candidate() == result.candidate())
                        .forEach(other -> comparisons.add(comparison(workload, result, other)));
            }
        }
    }

    private static String row(String workload, CandidateResult result, Optional<CandidateResult> best) {
        Candidate candidate = result.candidate();
        if (result.fault() != null) {
            return candidate.title() + " | " + result.fault() + " | | | ";
        }
        return String.join(
                " | ",
                candidate.title(),
                result.nanos().medianAndRange(1),
                best.map(peer -> result.ratioTo(peer).medianAndRange()).orElse(""),
                result.bytes().medianAndRange(1),
                FramingGoals.of(workload, candidate));
    }

    void printComparisons() {
        if (!comparisons.isEmpty()) {
            System.out.println(COMPARISON_HEAD);
            comparisons.forEach(System.out::println);
        }
    }

    private static String comparison(String workload, CandidateResult present, CandidateResult baseline) {
        String start = "| " + workload + " | " + present.candidate().title() + " | ";
        if (present.fault() != null || baseline.fault() != null) {
            return start + faultOr(present) + " | " + faultOr(baseline) + " | | | |";
        }
        return start
                + String.join(
                        " | ",
                        present.nanos().medianAndRange(1),
                        baseline.nanos().medianAndRange(1),
                        present.ratioTo(baseline).medianAndRange(),
                        present.bytes().medianAndRange(1),
                        baseline.bytes().medianAndRange(1))
                + " |";
    }

    private static String faultOr(CandidateResult result) {
        return result.fault() != null ? result.fault() : result.nanos().medianAndRange(1);
    }
}
