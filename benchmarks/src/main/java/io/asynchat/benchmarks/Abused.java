package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;

/**
 * Measures how long good clients of the demos wait while others abuse them in every way at once, and while these do the same to
 * servers that discard what they receive. The servers are on the first CPU, abuse and measurement on the second.
 */
final class Abused {
    private static final int GOAL_MILLIS = 50; // above the sink's
    private static final int ENTRIES = 1_000;
    private static final int LARGE_FILE = 64 << 20;

    /** A good client. */
    private enum Good {
        HTTP,
        HTTPS,
        CHAT
    }

    /** Three servers that are abused together. */
    private record Target(String name, Server http, Server https, Server chat) implements AutoCloseable {
        @Override
        public void close() {
            http.close();
            https.close();
            chat.close();
        }
    }

    private final Options options;
    private final SocketFactory tls;

    private Abused(Options options) throws Exception {
        this.options = options;
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        tls = context.getSocketFactory();
    }

    public static void main(String[] args) throws Exception {
        long pid = ProcessHandle.current().pid();
        new ProcessBuilder("taskset", "-a", "-p", "-c", "1", Long.toString(pid))
                .start()
                .waitFor();
        new Abused(new Options(args)).run();
    }

    private void run() throws Exception {
        Path root = files();
        Map<Good, List<Double>> demos = new EnumMap<>(Good.class);
        Map<Good, List<Double>> sinks = new EnumMap<>(Good.class);
        try (Target demo = demo(root);
                Target sink = sink()) {
            round(demo, options.number("warm", 5)); // not counted: the JIT compiler of a new server
            for (int round = 0; round < options.number("rounds", 5); round++) {
                add(round(demo, options.number("seconds", 10)), demos);
                add(round(sink, options.number("seconds", 10)), sinks);
            }
        }
        System.out.println("| good client | p99, ms: median (range) | against a sink | goal |");
        System.out.println("|---|---|---|---|");
        for (Good good : Good.values()) {
            Samples sink = Samples.of(sinks.getOrDefault(good, List.of()));
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | ≤ %.2f |%n",
                    good,
                    Samples.of(demos.getOrDefault(good, List.of())).medianAndRange(),
                    sink.medianAndRange(),
                    sink.median() + GOAL_MILLIS);
        }
    }

    private static void add(Map<Good, Double> round, Map<Good, List<Double>> to) {
        round.forEach((good, p99) ->
                to.computeIfAbsent(good, any -> new ArrayList<>()).add(p99));
    }

    private static Path files() throws IOException {
        Path root = Files.createTempDirectory("abused");
        Path listed = Files.createDirectory(root.resolve("listed"));
        for (int i = 0; i < ENTRIES; i++) {
            Files.writeString(listed.resolve("file-%04d.txt".formatted(i)), "x");
        }
        try (RandomAccessFile large = new RandomAccessFile(root.resolve("large").toFile(), "rw")) {
            large.setLength(LARGE_FILE);
        }
        return root;
    }

    private static Target demo(Path root) throws IOException {
        DemoCommand http = DemoCommand.http();
        DemoCommand chat = new DemoCommand(DemoCommand.chat().jar(), http.flags()); // with its limit of the rate
        return new Target(
                "demo",
                new Server("http-demo", http.with("--access-log=off", "--root=" + root)),
                new Server("http-demo with TLS", http.with("--access-log=off", "--tls-self-signed")),
                new Server("chat-demo", chat.with()));
    }

    private static Target sink() throws IOException {
        return new Target(
                "sink",
                new Server("sink", Server.java(AbuseSink.class)),
                new Server("sink with TLS", Server.java(AbuseSink.class, "tls")),
                new Server("sink", Server.java(AbuseSink.class)));
    }

    /** Returns the 99th of 100 milliseconds of each good client. */
    private Map<Good, Double> round(Target target, int seconds) throws Exception {
        Process load = AbusedLoad.start(
                target.http().port(), target.https().port(), target.chat().port());
        ExecutorService threads = Executors.newFixedThreadPool(Good.values().length);
        try (BufferedReader out = load.inputReader(US_ASCII)) {
            out.readLine(); // all are connected
            Map<Good, Future<Samples>> millis = new EnumMap<>(Good.class);
            for (Good good : Good.values()) {
                millis.put(good, threads.submit(client(good, target, seconds)));
            }
            Map<Good, Double> p99 = new EnumMap<>(Good.class);
            for (Map.Entry<Good, Future<Samples>> client : millis.entrySet()) {
                p99.put(client.getKey(), client.getValue().get().quantile(0.99));
            }
            System.err.println(target.name() + " " + p99);
            return p99;
        } finally {
            threads.shutdownNow();
            load.destroyForcibly().waitFor();
        }
    }

    private Callable<Samples> client(Good good, Target target, int seconds) {
        return () -> switch (good) {
            case HTTP ->
                GoodClient.http(SocketFactory.getDefault(), target.http().port(), seconds);
            case HTTPS -> GoodClient.http(tls, target.https().port(), seconds);
            case CHAT -> GoodClient.chat(target.chat().port(), seconds);
        };
    }
}
