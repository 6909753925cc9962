package io.asynchat.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints what servers did in rounds that were run in turn, as ratios to the first of them. */
final class ServerTable {
    private ServerTable() {}

    static void head(String what) {
        System.out.println(
                "| scenario | server | " + what + " a second | by its own time | ratio to the first | reach |");
        System.out.println("|---|---|---|---|---|---|");
    }

    /** {@code rounds} by server, in the order in which they are to be shown; {@code reach} by server. */
    static void print(String scenario, Map<String, List<LoadRound>> rounds, Map<String, String> reach) {
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
                    reach.getOrDefault(server, ""));
        });
    }
}
