package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One candidate in a JVM of its own, which waits between its samples. */
final class WorkerProcess implements AutoCloseable {
    private final Candidate candidate;
    private final Process process;
    private final BufferedReader from;
    private final PrintStream to;
    private final List<Sample> samples = new ArrayList<>();
    private @Nullable String fault; // once there is one the worker is gone

    WorkerProcess(Candidate candidate, String workload, List<String> flags) throws IOException {
        this.candidate = candidate;
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FramingWorker.class.getName()));
        command.addAll(List.of(candidate.name(), workload));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        from = process.inputReader(US_ASCII);
        to = new PrintStream(process.getOutputStream(), true, US_ASCII);
        String verdict = from.readLine();
        fault = "right".equals(verdict) ? null : String.valueOf(verdict);
    }

    /** Runs for so long, and at least one pass; what it measures is kept. */
    void run(long millis) throws IOException {
        if (fault != null) {
            return;
        }
        to.println(millis);
        String answer = from.readLine();
        if (answer == null || answer.startsWith("failed")) {
            fault = answer == null ? "failed: ended" : answer;
        } else {
            samples.add(Sample.parse(answer));
        }
    }

    void forget() {
        samples.clear();
    }

    Candidate candidate() {
        return candidate;
    }

    List<Sample> samples() {
        return samples;
    }

    /** Why there is no result, or null. */
    @Nullable
    String fault() {
        return fault;
    }

    @Override
    public void close() throws IOException {
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
