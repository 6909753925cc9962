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

/** How what the chat delivers and what it holds grow with its connections, drawn into the folder {@code docs}. */
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
        System.out.println("| connections | server | copies a second of its own time | megabytes |");
        System.out.println("|---|---|---|---|");
        for (String clients : options.list("clients", List.of("10", "100", "1000", "10000"))) {
            growth.measure(Integer.parseInt(clients));
            draw("growth-connections.svg", "copies a second of the server's own time", growth.copies);
            draw("growth-memory.svg", "megabytes", growth.megabytes);
        }
    }

    private static void draw(String file, String what, Map<String, List<Point>> lines) throws IOException {
        Files.writeString(
                Path.of("docs", file), new Plot("A chat whose connections grow", "connections", what).svg(lines));
    }

    /** One server after another: the file descriptors that a process may have are too few for all at once. */
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
        List<LoadRound> done = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            double before = server.ownSeconds();
            ChatLoad.Heard heard = load.run(1_000);
            done.add(new LoadRound(heard.copies(), heard.seconds(), server.ownSeconds() - before));
        }
        Samples perSecond = Samples.of(rounds, i -> done.get(i).perCpuSecond());
        double held = server.held() / 1e6;
        add(copies, server, new Point(clients, perSecond.median()));
        add(megabytes, server, new Point(clients, held));
        System.out.printf(Locale.ROOT, "| %d | %s | %.0f | %.1f |%n", clients, server.name(), perSecond.median(), held);
    }

    private static void add(Map<String, List<Point>> lines, Server server, Point point) {
        lines.computeIfAbsent(server.name(), name -> new ArrayList<>()).add(point);
    }
}
