package io.asynchat.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs the HTTP and the chat demo at a moderate load for a long time, with connections coming and going, and measures what they
 * hold each time that the load pauses and no connection is open. Exits with 1 if a value has grown.
 */
final class SoakBenchmark {
    private static final int SAMPLES = 13; // the first one is not compared: it is of the warm-up
    private static final int COMPARED = 3; // the medians of the first and of the last ones
    private static final int SETTLE_SECONDS = 20; // at most, until the connections of the load are gone

    /** Something that must not grow: by how much it may differ is what full collections and pools leave to chance. */
    private enum Measure {
        HEAP("live heap, KiB", 1_024, 0.03),
        DIRECT("native memory of buffers, KiB", 4_096, 0.05),
        DESCRIPTORS("descriptors", 1, 0),
        THREADS("threads", 0, 0),
        TIMERS("scheduled tasks", 4, 0);

        private final String title;
        private final double absolute;
        private final double relative;

        Measure(String title, double absolute, double relative) {
            this.title = title;
            this.absolute = absolute;
            this.relative = relative;
        }

        double of(Server server) throws IOException {
            return switch (this) {
                case HEAP -> server.liveHeap() / 1_024;
                case DIRECT -> server.nativeMemoryOfBuffers() / 1_024;
                case DESCRIPTORS -> server.descriptors();
                case THREADS -> server.threads();
                case TIMERS -> server.instances("io.netty.util.concurrent.ScheduledFutureTask");
            };
        }

        boolean hasGrown(double first, double last) {
            return last > first * (1 + relative) + absolute;
        }
    }

    /** The samples of one measure of one server. */
    private record Series(Server server, Measure measure, List<Double> samples) {
        void sample() throws IOException {
            samples.add(measure.of(server));
        }

        double first() {
            return Samples.of(samples.subList(1, 1 + COMPARED)).median();
        }

        double last() {
            return Samples.of(samples.subList(samples.size() - COMPARED, samples.size()))
                    .median();
        }

        boolean hasGrown() {
            return measure.hasGrown(first(), last());
        }

        void print() {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %.0f | %.0f | %.0f–%.0f | %s |%n",
                    server.name(),
                    measure.title,
                    first(),
                    last(),
                    Samples.of(samples).quantile(0),
                    Samples.of(samples).quantile(1),
                    hasGrown() ? "**grown**" : "level");
        }
    }

    private SoakBenchmark() {}

    public static void main(String[] args) throws Exception {
        int minutes = new Options(args).number("minutes", 50);
        boolean grown;
        try (Server http = start("http-demo", DemoCommand.http(), "--access-log=off");
                Server chat = start("chat-demo", DemoCommand.chat())) {
            SoakLoad load = new SoakLoad(http.port(), chat.port());
            List<Series> all = new ArrayList<>();
            for (Server server : List.of(http, chat)) {
                for (Measure measure : Measure.values()) {
                    all.add(new Series(server, measure, new ArrayList<>()));
                }
            }
            run(minutes, load, List.of(http, chat), all);
            grown = print(minutes, load, all);
        }
        System.exit(grown ? 1 : 0);
    }

    private static Server start(String name, DemoCommand command, String... flags) throws IOException {
        List<String> trackable = new ArrayList<>(command.with(flags));
        trackable.add(1, "-XX:NativeMemoryTracking=summary");
        return new Server(name, trackable);
    }

    private static void run(int minutes, SoakLoad load, List<Server> servers, List<Series> all) throws Exception {
        Map<Server, Integer> idle = new HashMap<>();
        load.start();
        for (int i = 0; i < SAMPLES; i++) {
            TimeUnit.MILLISECONDS.sleep(TimeUnit.MINUTES.toMillis(minutes) / SAMPLES);
            load.pause();
            for (Server server : servers) {
                awaitIdle(server, idle.getOrDefault(server, 0));
            }
            for (Series series : all) {
                series.sample();
            }
            for (Server server : servers) {
                idle.putIfAbsent(
                        server, server.descriptors()); // after the first jcmd, which opens a socket in the server
            }
            load.resume();
        }
        load.end();
    }

    /** A connection that was reset is noticed a moment later, one that lingers is closed after some seconds. */
    private static void awaitIdle(Server server, int descriptors) throws IOException, InterruptedException {
        for (int second = 0; second < SETTLE_SECONDS && server.descriptors() > descriptors; second++) {
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private static boolean print(int minutes, SoakLoad load, List<Series> all) {
        System.out.println("| server | what it holds | after the warm-up | at the end | range | |");
        System.out.println("|---|---|---|---|---|---|");
        all.forEach(Series::print);
        System.out.printf(
                Locale.ROOT,
                "%nsoak: %d min, %d connections, %d answers, %d of %d values grown%n",
                minutes,
                load.connections(),
                load.answers(),
                all.stream().filter(Series::hasGrown).count(),
                all.size());
        return all.stream().anyMatch(Series::hasGrown);
    }
}
