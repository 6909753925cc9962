package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Loads HTTP servers with wrk on the second CPU, one second a round. */
final class WrkLoad {
    private static final Pattern TOTAL = Pattern.compile("(\\d+) requests in ([0-9.]+)s");
    private static final int WARM_UP = 3; // seconds of CPU time

    private final Options options;
    private final Path folder;

    WrkLoad(Options options, Path folder) {
        this.options = options;
        this.folder = folder;
    }

    /** Loads the server until it has used enough CPU time for its JIT compiler, or for the largest number of rounds. */
    void warmUp(Server server, HttpScenario scenario) throws IOException, InterruptedException {
        double end = server.cpuSeconds() + WARM_UP;
        for (int round = 0; round < options.number("warm", 12) && server.cpuSeconds() < end; round++) {
            round(server, scenario);
        }
    }

    LoadRound round(Server server, HttpScenario scenario) throws IOException, InterruptedException {
        Path script = Files.writeString(folder.resolve(scenario.name() + ".lua"), scenario.script());
        double cpu = server.cpuSeconds();
        Process wrk = new ProcessBuilder(
                        "taskset",
                        "-c",
                        "1",
                        "wrk",
                        "-t1",
                        "-c" + options.number("connections", 64),
                        "-d1s",
                        "-s",
                        script.toString(),
                        "http://127.0.0.1:" + server.port() + "/")
                .redirectErrorStream(true)
                .start();
        String output = new String(wrk.getInputStream().readAllBytes(), US_ASCII);
        wrk.waitFor();
        Matcher total = TOTAL.matcher(output);
        if (!total.find() || output.contains("Non-2xx")) {
            throw new IOException(server.name() + ", " + scenario.title() + ": " + output);
        }
        return new LoadRound(
                Double.parseDouble(total.group(1)), Double.parseDouble(total.group(2)), server.cpuSeconds() - cpu);
    }
}
