package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures how long {@code /healthz} takes on one connection while others load the server. The server runs on the
 * first CPU, the load and the measurement on the second.
 */
final class HttpLatency {
    private static final byte[] REQUEST = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII);
    private static final int ENTRIES = 1_000;
    private static final int LARGE_FILE = 64 << 20;
    private static final int PAUSE_MILLIS = 5;

    private final Options options;
    private final Path root;

    private HttpLatency(Options options, Path root) {
        this.options = options;
        this.root = root;
    }

    public static void main(String[] args) throws Exception {
        Options options = new Options(args);
        try (TemporaryFolder root = new TemporaryFolder("http-latency")) {
            new HttpLatency(options, root.path()).run();
        }
    }

    private void run() throws IOException, InterruptedException {
        makeFiles();
        System.out.println(
                "| load | server | requests of the load a second | median, ms | p99, ms: median (range) | goal |");
        System.out.println("|---|---|---|---|---|---|");
        Path baseline = options.file("baseline");
        for (String load : options.list("loads", List.of("none", "listings", "readers"))) {
            measure("http-demo", DemoCommand.http(), load);
            if (baseline != null) {
                measure("baseline", DemoCommand.baselineHttp(baseline, options), load);
            }
        }
    }

    private void makeFiles() throws IOException {
        Path listed = Files.createDirectory(root.resolve("listed"));
        for (int i = 0; i < ENTRIES; i++) {
            Files.writeString(listed.resolve("file-%04d.txt".formatted(i)), "x".repeat(i));
        }
        try (RandomAccessFile large = new RandomAccessFile(root.resolve("large").toFile(), "rw")) {
            large.setLength(LARGE_FILE);
        }
    }

    private void measure(String name, DemoCommand command, String load) throws IOException, InterruptedException {
        List<Double> medians = new ArrayList<>();
        List<Double> percentiles = new ArrayList<>();
        List<Double> rates = new ArrayList<>();
        try (Server server = new Server(name, command.with("--access-log=off", "--root=" + root))) {
            probe(server.port(), options.number("warm", 5));
            for (int round = 0; round < options.number("rounds", 5); round++) {
                Process process = HttpLatencyLoad.start(load, server.port(), options);
                try (BufferedReader out = process.inputReader(US_ASCII)) {
                    out.readLine(); // the load runs
                    Samples millis = probe(server.port(), options.number("seconds", 10));
                    process.getOutputStream().close(); // asks for the count, and for the end
                    rates.add(Double.parseDouble(out.readLine()));
                    medians.add(millis.median());
                    percentiles.add(millis.quantile(0.99));
                } finally {
                    process.destroyForcibly().waitFor();
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.0f | %.2f | %s | ≤ 100 |%n",
                load,
                name,
                Samples.of(rates).median(),
                Samples.of(medians).median(),
                Samples.of(percentiles).medianAndRange());
    }

    /** Returns the milliseconds of the answers of some seconds. */
    private static Samples probe(int port, int seconds) throws IOException, InterruptedException {
        List<Double> millis = new ArrayList<>();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            long end = System.nanoTime() + seconds * 1_000_000_000L;
            while (System.nanoTime() < end) {
                long start = System.nanoTime();
                socket.getOutputStream().write(REQUEST);
                readAnswer(in);
                millis.add((System.nanoTime() - start) / 1e6);
                Thread.sleep(PAUSE_MILLIS);
            }
        }
        return Samples.of(millis);
    }

    private static void readAnswer(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("answer: " + head + " (expected: a whole one)");
            }
            head.append((char) octet);
        }
        String lower = head.toString().toLowerCase(Locale.ROOT);
        int field = lower.indexOf("content-length: ") + "content-length: ".length();
        int length = Integer.parseInt(lower.substring(field, lower.indexOf('\r', field)));
        if (!lower.startsWith("http/1.1 200 ")) {
            throw new IOException("answer: " + head + new String(in.readNBytes(length), ISO_8859_1));
        }
        in.skipNBytes(length);
    }
}
