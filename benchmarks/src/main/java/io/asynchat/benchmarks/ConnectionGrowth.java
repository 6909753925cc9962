package io.asynchat.benchmarks;

import io.asynchat.benchmarks.Plot.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Plots deliveries and memory of chat servers against the number of connections, in the folder {@code docs}. */
final class ConnectionGrowth {
    private static final int WARM_UP = 4; // rounds

    private final Map<String, List<Point>> copies = new LinkedHashMap<>();
    private final Map<String, List<Point>> megabytes = new LinkedHashMap<>();
    private final int rounds;

    private ConnectionGrowth(int rounds) {
        this.rounds = rounds;
    }

    public static void main(String[] args) throws IOException {
        Options options = new Options(args);
        ConnectionGrowth growth = new ConnectionGrowth(options.number("rounds", 3));
        System.out.println("| connections | server | copies a second of CPU time | megabytes |");
        System.out.println("|---|---|---|---|");
        for (String clients : options.list("clients", List.of("10", "100", "1000", "10000"))) {
            growth.measure(Integer.parseInt(clients));
            draw("growth-connections.svg", "copies a second of CPU time", growth.copies);
            draw("growth-memory.svg", "megabytes", growth.megabytes);
        }
    }

    private static void draw(String file, String unit, Map<String, List<Point>> lines) throws IOException {
        Files.writeString(
                Path.of("docs", file),
                new Plot("A chat with a growing number of connections", "connections", unit).svg(lines));
    }

    /** Measures one server after another: the file descriptors of a process do not suffice for all at once. */
    private void measure(int clients) throws IOException {
        List<Server> servers = new ArrayList<>();
        try {
            ChatBenchmark.start(servers);
            for (Server server : servers) {
                try (ChatLoad load = ChatBenchmark.connect(server, clients)) {
                    measure(server, load, clients);
                }
                server.close();
            }
        } finally {
            servers.forEach(Server::close);
        }
    }

    private void measure(Server server, ChatLoad load, int clients) throws IOException {
        for (int round = 0; round < WARM_UP; round++) {
            load.run(1_000);
        }
        List<LoadRound> finished = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            double before = server.cpuSeconds();
            ChatLoad.Deliveries delivered = load.run(1_000);
            finished.add(new LoadRound(delivered.copies(), delivered.seconds(), server.cpuSeconds() - before));
        }
        Samples perSecond = Samples.of(rounds, i -> finished.get(i).perCpuSecond());
        double memory = server.memory() / 1e6;
        add(copies, server, new Point(clients, perSecond.median()));
        add(megabytes, server, new Point(clients, memory));
        System.out.printf(
                Locale.ROOT, "| %d | %s | %.0f | %.1f |%n", clients, server.name(), perSecond.median(), memory);
    }

    private static void add(Map<String, List<Point>> lines, Server server, Point point) {
        lines.computeIfAbsent(server.name(), name -> new ArrayList<>()).add(point);
    }
}
