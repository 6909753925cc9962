package io.asynchat.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Loads the chat demo with {@code --cluster}: one node beside a server without it, and three nodes beside three clustered
 * nats-servers. The members of the one room are spread over the nodes.
 *
 * <p>The nodes share the first CPU, as do the nats-servers. Redis runs on the CPUs of the load generator, as if it had a machine
 * of its own; its CPU time counts.
 */
final class ClusterBenchmark {
    private static final int NODES = 3;

    private final Options options;
    private final Path folder; // of the Redis servers

    private ClusterBenchmark(Options options, Path folder) {
        this.options = options;
        this.folder = folder;
    }

    public static void main(String[] args) throws IOException {
        Options options = new Options(args);
        if (!ClusterServers.isInstalled("redis-server")) {
            System.out.println("skipped: no redis-server (on Debian: apt-get install redis-server)");
            return;
        }
        try (TemporaryFolder folder = new TemporaryFolder("cluster")) {
            ClusterBenchmark benchmark = new ClusterBenchmark(options, folder.path());
            for (String part : options.list("parts", List.of("node", "nodes", "latency"))) {
                benchmark.run(part);
            }
        }
    }

    private void run(String part) throws IOException {
        switch (part) {
            case "node" -> node();
            case "nodes" -> nodes();
            case "latency" -> latency();
            default -> throw new IllegalArgumentException("part: " + part + " (expected: node, nodes or latency)");
        }
    }

    /** Measures what a cluster of one costs. */
    private void node() throws IOException {
        printHead();
        for (String clients : options.list("clients", List.of("10", "100", "1000"))) {
            try (ServerGroup single = ClusterServers.single();
                    ServerGroup clustered = ClusterServers.chat("one clustered node", 1, folder)) {
                measure(Integer.parseInt(clients), single, clustered, "≥ 0.7");
            }
        }
    }

    private void nodes() throws IOException {
        if (!ClusterServers.isInstalled("nats-server")) {
            System.out.println("skipped: no nats-server (on Debian: apt-get install nats-server)");
            return;
        }
        printHead();
        try (ServerGroup nats = ClusterServers.nats("nats: " + NODES + " clustered servers", NODES);
                ServerGroup chat = ClusterServers.chat("chat-demo: " + NODES + " clustered nodes", NODES, folder)) {
            measure(options.number("members", 1_000), nats, chat, "≥ 2");
        }
    }

    private static ChatLoad connect(ServerGroup servers, int clients) throws IOException {
        ChatProtocol protocol = servers.name().startsWith("nats") ? ChatProtocol.NATS : ChatProtocol.CHAT_DEMO;
        return new ChatLoad(protocol, servers.ports(), clients, ChatBenchmark.IN_FLIGHT);
    }

    private void measure(int clients, ServerGroup first, ServerGroup second, String goal) throws IOException {
        List<LoadRound> firstRounds = new ArrayList<>();
        List<LoadRound> secondRounds = new ArrayList<>();
        double ownSeconds;
        try (ChatLoad firstLoad = connect(first, clients);
                ChatLoad secondLoad = connect(second, clients)) {
            int warm = options.number("warm", 40);
            firstLoad.warmUp(first, warm);
            secondLoad.warmUp(second, warm);
            long ownCpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            for (int i = 0; i < options.number("rounds", 15); i++) {
                firstRounds.add(firstLoad.round(first));
                secondRounds.add(secondLoad.round(second));
            }
            ownSeconds = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - ownCpu) / 1e9;
        }
        print(clients, first.name(), firstRounds, firstRounds, "");
        print(clients, second.name(), secondRounds, firstRounds, goal);
        double elapsed = Stream.of(firstRounds, secondRounds)
                .flatMap(List::stream)
                .mapToDouble(LoadRound::seconds)
                .sum();
        System.out.printf(
                Locale.ROOT,
                "| %d | the load generator | used %.0f %% of a core | | | | |%n",
                clients,
                100 * ownSeconds / elapsed);
    }

    private static void printHead() {
        System.out.println("| clients | servers | copies a second | ratio to the first | a second of CPU time"
                + " | ratio to the first | goal of the rate |");
        System.out.println("|---|---|---|---|---|---|---|");
    }

    private static void print(int clients, String name, List<LoadRound> own, List<LoadRound> first, String goal) {
        int count = own.size();
        System.out.printf(
                Locale.ROOT,
                "| %d | %s | %.0f | %s | %.0f | %s | %s |%n",
                clients,
                name,
                Samples.of(count, i -> own.get(i).perSecond()).median(),
                Samples.of(count, i -> own.get(i).perSecond() / first.get(i).perSecond())
                        .medianAndQuartiles(),
                Samples.of(count, i -> own.get(i).perCpuSecond()).median(),
                Samples.of(count, i -> own.get(i).perCpuSecond() / first.get(i).perCpuSecond())
                        .medianAndQuartiles(),
                goal);
    }

    /** Measures lines one at a time, from the write to the last of the members that has received it. */
    private void latency() throws IOException {
        System.out.println(
                "| clients, one line under way | server | median, ms | 99th of 100, ms | more than the first, ms"
                        + " | goal |");
        System.out.println("|---|---|---|---|---|---|");
        int clients = options.number("latency-clients", 100);
        try (ServerGroup single = ClusterServers.single();
                ServerGroup clustered = ClusterServers.chat("one clustered node", 1, folder);
                ChatLoad firstLoad = connect(single, clients);
                ChatLoad secondLoad = connect(clustered, clients)) {
            int rounds = options.number("latency-rounds", 10);
            int lines = options.number("lines", 1_000);
            firstLoad.latencies(lines);
            secondLoad.latencies(lines);
            List<Samples> first = new ArrayList<>();
            List<Samples> second = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                first.add(millis(firstLoad, lines));
                second.add(millis(secondLoad, lines));
            }
            printLatency(clients, single.name(), first, first, "");
            printLatency(clients, clustered.name(), second, first, "≤ 2");
        }
    }

    private static Samples millis(ChatLoad load, int lines) throws IOException {
        double[] nanos = load.latencies(lines);
        return Samples.of(lines, i -> nanos[i] / 1e6);
    }

    private static void printLatency(int clients, String name, List<Samples> own, List<Samples> first, String goal) {
        int count = own.size();
        System.out.printf(
                Locale.ROOT,
                "| %d | %s | %s | %s | %s | %s |%n",
                clients,
                name,
                Samples.of(count, i -> own.get(i).median()).medianAndRange(),
                Samples.of(count, i -> own.get(i).quantile(0.99)).medianAndRange(),
                Samples.of(count, i -> own.get(i).quantile(0.99) - first.get(i).quantile(0.99))
                        .medianAndRange(),
                goal);
    }
}
