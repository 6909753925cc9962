package io.asynchat.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints the rounds of several servers, run in turn, as ratios to the first server. */
final class ServerTable {
    private ServerTable() {}

    static void printHead(String unit) {
        System.out.println(
                "| scenario | server | " + unit + " a second | a second of CPU time | ratio to the first | goal |");
        System.out.println("|---|---|---|---|---|---|");
    }

    /** Prints a scenario: rounds by server, in the order of the rows, and goals by server. */
    static void print(String scenario, Map<String, List<LoadRound>> rounds, Map<String, String> goals) {
        List<LoadRound> first = rounds.values().iterator().next();
        rounds.forEach((server, own) -> {
            Samples ratio = Samples.of(
                    own.size(), i -> own.get(i).perCpuSecond() / first.get(i).perCpuSecond());
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %.0f | %.0f | %s | %s |%n",
                    scenario,
                    server,
                    Samples.of(own.size(), i -> own.get(i).perSecond()).median(),
                    Samples.of(own.size(), i -> own.get(i).perCpuSecond()).median(),
                    ratio.medianAndQuartiles(),
                    goals.getOrDefault(server, ""));
        });
    }
}
