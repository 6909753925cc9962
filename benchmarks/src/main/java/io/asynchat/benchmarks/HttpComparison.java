package io.asynchat.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Compares the CPU time a request of the HTTP demo with that of an older build. */
final class HttpComparison {
    private static final String LOG_OFF = "--access-log=off";

    private final Options options;
    private final Path baseline;
    private final WrkLoad load;
    private final Map<HttpScenario, PairedRounds> results = new EnumMap<>(HttpScenario.class);

    HttpComparison(Options options, Path baseline, WrkLoad load) {
        this.options = options;
        this.baseline = baseline;
        this.load = load;
    }

    void run() throws IOException, InterruptedException {
        List<HttpScenario> scenarios = scenarios();
        for (int jvm = 0; jvm < options.number("jvms", 3); jvm++) {
            try (Server present = new Server("http-demo", DemoCommand.http().with(LOG_OFF));
                    Server older = new Server(
                            "baseline",
                            DemoCommand.baselineHttp(baseline, options).with(LOG_OFF))) {
                warnIfPagesDiffer(present, older);
                for (HttpScenario scenario : scenarios) {
                    measure(scenario, present, older);
                }
            }
        }
        PairedRounds.printHead("request");
        results.forEach((scenario, rounds) -> rounds.print(scenario.title()));
    }

    private List<HttpScenario> scenarios() {
        List<String> all =
                Stream.of(HttpScenario.values()).map(HttpScenario::name).toList();
        return options.list("scenarios", all).stream()
                .map(HttpScenario::valueOf)
                .toList();
    }

    private void measure(HttpScenario scenario, Server present, Server older) throws IOException, InterruptedException {
        load.warmUp(present, scenario);
        load.warmUp(older, scenario);
        results.computeIfAbsent(scenario, key -> new PairedRounds())
                .measure(
                        options.number("pairs", 15),
                        () -> load.round(present, scenario),
                        () -> load.round(older, scenario));
    }

    private static void warnIfPagesDiffer(Server present, Server older) throws IOException {
        int bytes = HttpPage.of(present.port(), "").body().length();
        int olderBytes = HttpPage.of(older.port(), "").body().length();
        if (bytes != olderBytes) {
            System.err.println("page: " + bytes + " bytes, of the baseline " + olderBytes + " (expected: the same)");
        }
    }
}
