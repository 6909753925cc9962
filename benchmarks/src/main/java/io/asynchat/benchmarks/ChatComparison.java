package io.asynchat.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Compares the CPU time a delivered copy of the chat demo with that of an older build. */
final class ChatComparison {
    private final Options options;
    private final Path baseline;

    ChatComparison(Options options, Path baseline) {
        this.options = options;
        this.baseline = baseline;
    }

    void run() throws IOException, InterruptedException {
        PairedRounds.printHead("copy");
        for (String clients : options.list("clients", List.of("10", "100", "1000"))) {
            PairedRounds rounds = new PairedRounds();
            for (int jvm = 0; jvm < options.number("jvms", 3); jvm++) {
                measure(Integer.parseInt(clients), rounds);
            }
            rounds.print(clients + " clients");
        }
    }

    private void measure(int clients, PairedRounds rounds) throws IOException, InterruptedException {
        try (Server present = new Server(ChatBenchmark.DEMO, DemoCommand.chat().with());
                Server older = new Server(
                        "baseline", DemoCommand.baselineChat(baseline, options).with());
                ChatLoad load = ChatBenchmark.connect(present, clients);
                ChatLoad olderLoad = ChatBenchmark.connect(older, clients)) {
            int warm = options.number("warm", 40);
            load.warmUp(present, warm);
            olderLoad.warmUp(older, warm);
            rounds.measure(options.number("pairs", 15), () -> load.round(present), () -> olderLoad.round(older));
        }
    }
}
