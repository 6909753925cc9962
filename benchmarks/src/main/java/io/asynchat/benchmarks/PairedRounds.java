package io.asynchat.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rounds of the present build and of the baseline in turn, in one or several pairs of processes. */
final class PairedRounds {
    private static final String GOAL = "≤ 1.05";

    /** Loads one server for a round. */
    interface Load {
        LoadRound round() throws IOException, InterruptedException;
    }

    private final List<Double> present = new ArrayList<>(); // microseconds of CPU time for a unit of work
    private final List<Double> baseline = new ArrayList<>();
    private final List<Double> ratios = new ArrayList<>(); // of pairs
    private final List<Double> processes = new ArrayList<>(); // medians of the ratios of a pair of processes

    /** Measures pairs of rounds with one pair of processes. Each other pair begins with the baseline. */
    void measure(int pairs, Load presentLoad, Load baselineLoad) throws IOException, InterruptedException {
        List<Double> own = new ArrayList<>();
        for (int pair = 0; pair < pairs; pair++) {
            double first = micros((pair % 2 == 0 ? presentLoad : baselineLoad).round());
            double second = micros((pair % 2 == 0 ? baselineLoad : presentLoad).round());
            present.add(pair % 2 == 0 ? first : second);
            baseline.add(pair % 2 == 0 ? second : first);
            own.add(pair % 2 == 0 ? first / second : second / first);
        }
        ratios.addAll(own);
        processes.add(Samples.of(own).median());
    }

    private static double micros(LoadRound round) {
        return 1e6 * round.cpuSeconds() / round.count();
    }

    static void printHead(String unit) {
        System.out.println("| scenario | pairs | CPU time a " + unit
                + ", µs | baseline | ratio to the baseline (quartiles)" + " | processes: median (range) | goal |");
        System.out.println("|---|---|---|---|---|---|---|");
    }

    void print(String scenario) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %s | %s | %s | %s | %s |%n",
                scenario,
                ratios.size(),
                Samples.of(present).medianAndQuartiles(),
                Samples.of(baseline).medianAndQuartiles(),
                Samples.of(ratios).medianAndQuartiles(),
                Samples.of(processes).medianAndRange(),
                GOAL);
    }
}
