package io.asynchat.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Compares the HTTP demo with an access log, to a file and to standard error, with itself without one: the rate, and the
 * rate on a core of its own, for which other load on the machine matters less.
 */
final class HttpLogCost {
    private static final String GOAL = "≥ 0.85";

    private final Options options;
    private final Path folder;
    private final WrkLoad load;

    HttpLogCost(Options options, Path folder, WrkLoad load) {
        this.options = options;
        this.folder = folder;
        this.load = load;
    }

    void run() throws IOException, InterruptedException {
        System.out.println("| scenario | access log | pairs | requests a second | without a log | ratio (quartiles)"
                + " | ratio of requests a CPU second | goal |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        Map<String, List<String>> logs = new LinkedHashMap<>();
        logs.put("a file", DemoCommand.http().with("--access-log=" + folder.resolve("log")));
        logs.put("standard error", DemoCommand.http().with());
        for (Map.Entry<String, List<String>> log : logs.entrySet()) {
            try (Server with = new Server("access log on", log.getValue());
                    Server without =
                            new Server("access log off", DemoCommand.http().with("--access-log=off"))) {
                for (HttpScenario scenario : List.of(HttpScenario.GET, HttpScenario.PIPELINED)) {
                    measure(scenario, log.getKey(), with, without);
                }
            }
        }
    }

    private void measure(HttpScenario scenario, String log, Server with, Server without)
            throws IOException, InterruptedException {
        load.warmUp(with, scenario);
        load.warmUp(without, scenario);
        List<LoadRound> logged = new ArrayList<>();
        List<LoadRound> unlogged = new ArrayList<>();
        int pairs = options.number("pairs", 15);
        for (int pair = 0; pair < pairs; pair++) {
            if (pair % 2 == 0) {
                logged.add(load.round(with, scenario));
            }
            unlogged.add(load.round(without, scenario));
            if (pair % 2 != 0) {
                logged.add(load.round(with, scenario));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %d | %.0f | %.0f | %s | %s | %s |%n",
                scenario.title(),
                log,
                pairs,
                Samples.of(pairs, i -> logged.get(i).perSecond()).median(),
                Samples.of(pairs, i -> unlogged.get(i).perSecond()).median(),
                ratios(logged, unlogged, LoadRound::perSecond),
                ratios(logged, unlogged, LoadRound::perCpuSecond),
                GOAL);
    }

    private static String ratios(List<LoadRound> logged, List<LoadRound> unlogged, ToDoubleFunction<LoadRound> figure) {
        return Samples.of(
                        logged.size(), i -> figure.applyAsDouble(logged.get(i)) / figure.applyAsDouble(unlogged.get(i)))
                .medianAndQuartiles();
    }
}
