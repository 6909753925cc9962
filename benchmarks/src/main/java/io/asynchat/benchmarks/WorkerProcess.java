package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The JVM of one candidate, which is idle between its samples. */
final class WorkerProcess implements AutoCloseable {
    /** Heap of all workloads but {@code gibibyte}. */
    static final List<String> HEAP = List.of("-Xms512m", "-Xmx1g");

    private final Process process;
    private final BufferedReader from;
    private final PrintStream to;
    private final List<Sample> samples = new ArrayList<>();
    private @Nullable String fault; // the process has ended if there is one

    /**
     * Starts the JVM and waits until it has verified the candidate.
     *
     * @param pollution milliseconds of each other handler class, or 0
     */
    WorkerProcess(Candidate candidate, String workload, String classPath, List<String> jvmOptions, int pollution)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", classPath, FramingWorker.class.getName()));
        command.addAll(List.of(candidate.name(), workload, Integer.toString(pollution)));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        from = process.inputReader(US_ASCII);
        to = new PrintStream(process.getOutputStream(), true, US_ASCII);
        String answer = from.readLine();
        fault = FramingWorker.VERIFIED.equals(answer) ? null : answer == null ? "failed: no start" : answer;
    }

    /** Feeds the workload for this CPU time, at least once, and keeps no sample. */
    void warmUp(long millis) throws IOException {
        measure(millis);
    }

    /** Takes a sample of this CPU time, of at least one pass. */
    void sample(long millis) throws IOException {
        Sample sample = measure(millis);
        if (sample != null) {
            samples.add(sample);
        }
    }

    private @Nullable Sample measure(long millis) throws IOException {
        if (fault != null) {
            return null;
        }
        to.println(millis);
        String answer = from.readLine();
        if (answer == null || answer.startsWith(FramingWorker.FAILED)) {
            fault = answer == null ? "failed: process ended" : answer;
            return null;
        }
        return Sample.parse(answer);
    }

    List<Sample> samples() {
        return samples;
    }

    /** Returns why there is no result, or null. */
    @Nullable
    String fault() {
        return fault;
    }

    @Override
    public void close() {
        to.close();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
