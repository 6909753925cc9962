package io.asynchat.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Times all candidates over all workloads: each in a warm JVM of its own, in short samples in turn, so that what else
 * happens on the machine meets all alike.
 */
final class FramingBenchmark {
    /** What is to be reached, as a ratio to the best peer: borrowed, whole frames. */
    private static final Map<String, String[]> REACH = Map.ofEntries(
            reach("lines32", "≤ 0.75", "≤ 1.00"),
            reach("crlf32", "≤ 0.60", "≤ 0.90"),
            reach("lines512", "≤ 1.00", "≤ 1.00"),
            reach("blank128", "≤ 0.50", "≤ 0.65"),
            reach("dot512", "≤ 0.40", "≤ 0.45"),
            reach("fixed32", "≤ 0.40", "≤ 1.00"),
            reach("len32", "≤ 0.50", "≤ 1.00"),
            reach("switch128", "≤ 0.40", "≤ 0.60"),
            reach("switch64k", "≤ 0.75", "–"),
            reach("huge1k", "≤ 0.3", "≤ 0.5"),
            reach("single64k", "≤ 1.0", "≤ 1.2"),
            reach("gibibyte", "≤ 0.83", "–"));

    private static final List<String> WORKLOADS = List.of(
            "lines32",
            "crlf32",
            "lines512",
            "blank128",
            "dot512",
            "fixed32",
            "len32",
            "switch128",
            "switch64k",
            "huge1k",
            "single64k",
            "gibibyte");

    private static Map.Entry<String, String[]> reach(String workload, String borrowed, String whole) {
        return Map.entry(workload, new String[] {borrowed, whole});
    }

    private final Options options;

    private FramingBenchmark(Options options) {
        this.options = options;
    }

    public static void main(String[] args) throws IOException {
        Options options = new Options(args);
        System.out.println(
                "| workload | candidate | ns a message | wall | ratio to the best peer | B a message | reach |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (String workload : options.list("workloads", WORKLOADS)) {
            new FramingBenchmark(options).run(workload);
        }
    }

    private void run(String workload) throws IOException {
        List<WorkerProcess> workers = new ArrayList<>();
        try {
            start(workload, workers);
            for (WorkerProcess worker : workers) {
                worker.run(options.number("warm", 1_500));
                worker.forget();
            }
            long rounds = options.number("rounds", 25);
            for (int round = 0; round < rounds; round++) {
                for (WorkerProcess worker : workers) {
                    worker.run(options.number("slice", 40));
                }
            }
            print(workload, workers);
        } finally {
            for (WorkerProcess worker : workers) {
                worker.close();
            }
        }
    }

    private void start(String name, List<WorkerProcess> workers) throws IOException {
        List<String> chosen = options.list("candidates", List.of());
        for (Candidate candidate : Candidate.values()) {
            if (candidate.does(Workload.named(name).framing())
                    && (chosen.isEmpty() || chosen.contains(candidate.name()))) {
                workers.add(new WorkerProcess(candidate, name, flags(name)));
            }
        }
    }

    private static List<String> flags(String workload) {
        // So little that nobody can hold the body.
        return workload.equals("gibibyte")
                ? List.of("-Xmx32m", "-XX:MaxDirectMemorySize=16m", "-Dio.netty.maxDirectMemory=16777216")
                : List.of("-Xms512m", "-Xmx1g");
    }

    private static void print(String workload, List<WorkerProcess> workers) {
        Optional<WorkerProcess> best = workers.stream()
                .filter(worker -> worker.candidate().isPeer() && worker.fault() == null)
                .min(Comparator.comparingDouble(worker -> nanos(worker).median()));
        for (WorkerProcess worker : workers) {
            String measured = worker.fault() != null
                    ? String.format("%s | | | ", worker.fault())
                    : measured(worker, best.orElse(worker));
            System.out.printf(
                    "| %s | %s | %s | %s |%n",
                    workload, worker.candidate().title(), measured, reach(workload, worker.candidate()));
        }
    }

    private static String measured(WorkerProcess worker, WorkerProcess best) {
        List<Sample> samples = worker.samples();
        Samples wall = Samples.of(samples.size(), i -> samples.get(i).wallPerMessage());
        Samples bytes = Samples.of(samples.size(), i -> samples.get(i).bytesPerMessage());
        Samples ratio = Samples.of(
                samples.size(),
                i -> samples.get(i).nanosPerMessage() / best.samples().get(i).nanosPerMessage());
        return String.format(
                Locale.ROOT,
                "%.1f | %.1f | %s | %.0f",
                nanos(worker).median(),
                wall.median(),
                ratio.medianAndSpread(),
                bytes.median());
    }

    private static Samples nanos(WorkerProcess worker) {
        return Samples.of(worker.samples().size(), i -> worker.samples().get(i).nanosPerMessage());
    }

    private static String reach(String workload, Candidate candidate) {
        String[] reach = REACH.getOrDefault(workload, new String[] {"", ""});
        return switch (candidate) {
            case BORROWED -> reach[0];
            case WHOLE -> reach[1];
            default -> "";
        };
    }
}
