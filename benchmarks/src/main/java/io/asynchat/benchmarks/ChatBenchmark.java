package io.asynchat.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Loads the chat demo and its peers with the clients of {@link ChatLoad}, a round each in turn. */
final class ChatBenchmark {
    static final String DEMO = "chat-demo";
    static final int IN_FLIGHT = 64;
    private static final int PORTIONS = 10; // of single messages; the servers take turns
    private static final Map<String, String> GOALS =
            Map.of("10", "≥ 18, ≥ 2 × nats", "100", "≥ 20, ≥ 2.5 × nats", "1000", "≥ 40, ≥ 3 × nats");

    private final Options options;

    private ChatBenchmark(Options options) {
        this.options = options;
    }

    public static void main(String[] args) throws Exception {
        Options options = new Options(args);
        Path baseline = options.file("baseline");
        if (baseline != null) {
            new ChatComparison(options, baseline).run();
            return;
        }
        ChatBenchmark benchmark = new ChatBenchmark(options);
        ServerTable.printHead("copies");
        for (String clients : benchmark.options.list("clients", List.of("10", "100", "1000"))) {
            benchmark.run(clients);
        }
    }

    private void run(String clients) throws IOException {
        List<Server> servers = new ArrayList<>();
        Map<Server, ChatLoad> loads = new LinkedHashMap<>();
        try {
            start(servers);
            for (Server server : servers) {
                loads.put(server, connect(server, Integer.parseInt(clients)));
            }
            measure(clients, loads);
            latencies(clients, loads);
        } finally {
            for (ChatLoad load : loads.values()) {
                load.close();
            }
            servers.forEach(Server::close);
        }
    }

    static ChatLoad connect(Server server, int clients) throws IOException {
        ChatProtocol protocol = server.name().startsWith("nats") ? ChatProtocol.NATS : ChatProtocol.CHAT_DEMO;
        return new ChatLoad(protocol, server.port(), clients, IN_FLIGHT);
    }

    static void start(List<Server> servers) throws IOException {
        servers.add(new Server("usual Netty chat", Server.java(ChatPeer.class)));
        servers.add(new Server(DEMO, DemoCommand.chat().with()));
        int port = HttpBenchmark.freePort();
        servers.add(new Server("nats-server", port, List.of("nats-server", "-a", "127.0.0.1", "-p", "" + port)));
        awaitPort(port);
    }

    static void awaitPort(int port) throws IOException {
        long end = System.nanoTime() + 10_000_000_000L;
        while (true) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException notYet) {
                if (System.nanoTime() > end) {
                    throw notYet;
                }
                Thread.onSpinWait();
            }
        }
    }

    private void measure(String clients, Map<Server, ChatLoad> loads) throws IOException {
        Map<String, List<LoadRound>> rounds = new LinkedHashMap<>();
        for (Map.Entry<Server, ChatLoad> one : loads.entrySet()) {
            one.getValue().warmUp(one.getKey(), options.number("warm", 40));
        }
        double busy = 0;
        double elapsed = 0;
        for (int i = 0; i < options.number("rounds", 9); i++) {
            for (Map.Entry<Server, ChatLoad> one : loads.entrySet()) {
                long ownCpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                LoadRound round = one.getValue().round(one.getKey());
                rounds.computeIfAbsent(one.getKey().name(), name -> new ArrayList<>())
                        .add(round);
                busy += (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - ownCpu) / 1e9;
                elapsed += round.seconds();
            }
        }
        ServerTable.print(clients + " clients", rounds, Map.of(DEMO, GOALS.getOrDefault(clients, "")));
        System.out.printf(
                Locale.ROOT,
                "| %s clients | the load generator | | used %.0f %% of a core: it %s the bottleneck | | |%n",
                clients,
                100 * busy / elapsed,
                busy / elapsed < 0.9 ? "was not" : "may have been");
    }

    /** Measures messages one at a time, when there is nothing to batch. */
    private void latencies(String clients, Map<Server, ChatLoad> loads) throws IOException {
        Map<String, List<Samples>> portions = new LinkedHashMap<>();
        for (ChatLoad load : loads.values()) {
            load.latencies(200);
        }
        int size = options.number("single", 1_000) / PORTIONS;
        for (int portion = 0; portion < PORTIONS; portion++) {
            for (Map.Entry<Server, ChatLoad> one : loads.entrySet()) {
                double[] nanos = one.getValue().latencies(size);
                portions.computeIfAbsent(one.getKey().name(), name -> new ArrayList<>())
                        .add(Samples.of(size, i -> nanos[i]));
            }
        }
        List<Samples> first = portions.values().iterator().next();
        portions.forEach((server, own) -> printLatencies(clients, server, own, first));
    }

    private static void printLatencies(String clients, String server, List<Samples> own, List<Samples> first) {
        double[] nanos = own.stream()
                .flatMapToDouble(portion -> Arrays.stream(portion.sorted()))
                .sorted()
                .toArray();
        Samples faster =
                Samples.of(own.size(), i -> first.get(i).median() / own.get(i).median());
        System.out.printf(
                Locale.ROOT,
                "| %s clients, one message in flight | %s | median %.0f µs | 99th of 100: %.0f µs, longest %.1f ms | %s | %s |%n",
                clients,
                server,
                nanos[nanos.length / 2] / 1e3,
                nanos[nanos.length * 99 / 100] / 1e3,
                nanos[nanos.length - 1] / 1e6,
                faster.medianAndQuartiles(),
                server.equals(DEMO) ? "≥ 1.3" : "");
    }
}
