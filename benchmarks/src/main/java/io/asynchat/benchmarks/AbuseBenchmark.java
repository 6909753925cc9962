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
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;

/**
 * Measures how long good clients of the demos wait while others abuse the same server in every way at once, and while these do
 * the same to a server that discards what it receives. The server is on the first CPU, abuse and measurement on the second.
 */
final class AbuseBenchmark {
    private static final int GOAL_MILLIS = 50; // above the sink's
    private static final int ENTRIES = 1_000;
    private static final int LARGE_FILE = 64 << 20;

    /** A good client, and with it the server that is abused: one at a time. */
    enum Good {
        HTTP,
        HTTPS,
        CHAT
    }

    private final Options options;
    private final SocketFactory tls;

    private AbuseBenchmark(Options options) throws Exception {
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
        new AbuseBenchmark(new Options(args)).run();
    }

    private void run() throws Exception {
        Map<Good, List<Double>> demos = new EnumMap<>(Good.class);
        Map<Good, List<Double>> sinks = new EnumMap<>(Good.class);
        try (TemporaryFolder root = new TemporaryFolder("abused")) {
            writeFiles(root.path());
            for (Good good : Good.values()) {
                measure(good, root.path(), demos, sinks);
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

    private void measure(Good good, Path root, Map<Good, List<Double>> demos, Map<Good, List<Double>> sinks)
            throws Exception {
        try (Server demo = demo(good, root);
                Server sink = sink(good)) {
            p99(good, demo, options.number("warm", 5)); // not counted: the JIT compiler of a new server
            for (int round = 0; round < options.number("rounds", 5); round++) {
                add(good, p99(good, demo, options.number("seconds", 10)), demos);
                add(good, p99(good, sink, options.number("seconds", 10)), sinks);
            }
        }
    }

    private static void add(Good good, double p99, Map<Good, List<Double>> to) {
        to.computeIfAbsent(good, any -> new ArrayList<>()).add(p99);
    }

    private static void writeFiles(Path root) throws IOException {
        Path listed = Files.createDirectory(root.resolve("listed"));
        for (int i = 0; i < ENTRIES; i++) {
            Files.writeString(listed.resolve("file-%04d.txt".formatted(i)), "x");
        }
        try (RandomAccessFile large = new RandomAccessFile(root.resolve("large").toFile(), "rw")) {
            large.setLength(LARGE_FILE);
        }
    }

    private static Server demo(Good good, Path root) throws IOException {
        DemoCommand http = DemoCommand.http();
        DemoCommand chat = new DemoCommand(DemoCommand.chat().jar(), http.flags()); // with its limit of the rate
        return switch (good) {
            case HTTP -> new Server("http-demo", http.with("--access-log=off", "--root=" + root));
            case HTTPS -> new Server("http-demo with TLS", http.with("--access-log=off", "--tls-self-signed"));
            case CHAT -> new Server("chat-demo", chat.with());
        };
    }

    private static Server sink(Good good) throws IOException {
        String[] arguments = good == Good.HTTPS ? new String[] {"tls"} : new String[0];
        return new Server("sink", Server.java(AbuseSink.class, arguments));
    }

    /** Returns the 99th of 100 milliseconds. */
    private double p99(Good good, Server server, int seconds) throws Exception {
        Process load = AbuseLoad.start(good, server.port());
        try (BufferedReader out = load.inputReader(US_ASCII)) {
            out.readLine(); // all are connected
            double p99 = millis(good, server.port(), seconds).quantile(0.99);
            System.err.printf(Locale.ROOT, "%s: %.2f ms%n", server.name(), p99);
            return p99;
        } finally {
            load.destroyForcibly().waitFor();
        }
    }

    private Samples millis(Good good, int port, int seconds) throws IOException, InterruptedException {
        return switch (good) {
            case HTTP -> GoodClient.http(SocketFactory.getDefault(), port, seconds);
            case HTTPS -> GoodClient.http(tls, port, seconds);
            case CHAT -> GoodClient.chat(port, seconds);
        };
    }
}
