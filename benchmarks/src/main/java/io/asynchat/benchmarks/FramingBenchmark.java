package io.asynchat.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Measures all candidates on all workloads. Each candidate has a JVM of its own; the JVMs of a workload take their samples
 * in turn, so that other load on the machine affects all alike. This is repeated with fresh JVMs, because the JIT compiler
 * does not compile the same way in each.
 */
final class FramingBenchmark {
    /** Memory in which no candidate can hold the body. */
    private static final List<String> LITTLE_MEMORY =
            List.of("-Xmx32m", "-XX:MaxDirectMemorySize=16m", "-Dio.netty.maxDirectMemory=16777216");

    private final Options options;
    private final @Nullable Path baseline;
    private final FramingTable table = new FramingTable();

    private FramingBenchmark(Options options) {
        this.options = options;
        baseline = options.file("baseline");
    }

    public static void main(String[] args) throws IOException {
        FramingBenchmark benchmark = new FramingBenchmark(new Options(args));
        benchmark.table.printHead();
        for (String workload : benchmark.options.list("workloads", Workload.NAMES)) {
            benchmark.run(workload);
        }
        benchmark.table.printComparisons();
    }

    private void run(String workload) throws IOException {
        List<CandidateResult> results = candidates(workload);
        for (int jvm = 0; jvm < options.number("jvms", 3); jvm++) {
            runJvms(workload, results);
        }
        table.print(workload, results);
    }

    /** Returns empty results of what is to be measured: with a baseline, only core's candidates unless others are named. */
    private List<CandidateResult> candidates(String workload) {
        Framing framing = Workload.named(workload).framing();
        List<String> names = options.list("candidates", baseline == null ? List.of() : List.of("BORROWED", "WHOLE"));
        List<CandidateResult> results = new ArrayList<>();
        for (Candidate candidate : Candidate.values()) {
            if (candidate.supports(framing) && (names.isEmpty() || names.contains(candidate.name()))) {
                results.add(new CandidateResult(candidate, false));
                if (baseline != null && candidate.isCore()) {
                    results.add(new CandidateResult(candidate, true));
                }
            }
        }
        return results;
    }

    private void runJvms(String workload, List<CandidateResult> results) throws IOException {
        List<WorkerProcess> workers = new ArrayList<>();
        try {
            for (CandidateResult result : results) {
                workers.add(start(result, workload));
            }
            for (WorkerProcess worker : workers) {
                worker.warmUp(options.number("warm", 1_500));
            }
            for (int round = 0; round < options.number("rounds", 25); round++) {
                for (int i = 0; i < workers.size(); i++) {
                    // Each other round in reverse, so that no candidate always follows the same one.
                    int index = round % 2 == 0 ? i : workers.size() - 1 - i;
                    workers.get(index).sample(options.number("slice", 40));
                }
            }
            for (int i = 0; i < workers.size(); i++) {
                results.get(i).add(workers.get(i));
            }
        } finally {
            workers.forEach(WorkerProcess::close);
        }
    }

    private WorkerProcess start(CandidateResult result, String workload) throws IOException {
        String classPath =
                result.isBaseline() && baseline != null ? CoreClassPath.with(baseline) : CoreClassPath.present();
        List<String> jvmOptions = new ArrayList<>(workload.equals("gibibyte") ? LITTLE_MEMORY : WorkerProcess.HEAP);
        jvmOptions.addAll(options.list("jvm-options", List.of()));
        int pollution = options.isSet("polluted") ? options.number("pollution", 300) : 0;
        return new WorkerProcess(result.candidate(), workload, classPath, jvmOptions, pollution);
    }
}
