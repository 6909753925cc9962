package io.asynchat.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Samples of one candidate in several JVMs. Results of one workload have the same JVMs and samples in the same order. */
final class CandidateResult {
    private final Candidate candidate;
    private final boolean baseline;
    private final List<List<Sample>> jvms = new ArrayList<>();
    private @Nullable String fault; // of any JVM

    CandidateResult(Candidate candidate, boolean baseline) {
        this.candidate = candidate;
        this.baseline = baseline;
    }

    void add(WorkerProcess worker) {
        jvms.add(worker.samples());
        if (worker.fault() != null) {
            fault = worker.fault();
        }
    }

    Candidate candidate() {
        return candidate;
    }

    /** Returns true if core was the baseline's. */
    boolean isBaseline() {
        return baseline;
    }

    @Nullable
    String fault() {
        return fault;
    }

    /** Returns nanoseconds a message, one median a JVM. */
    Samples nanos() {
        return Samples.of(jvms.size(), jvm -> median(jvms.get(jvm).stream().map(Sample::nanosPerMessage)));
    }

    /** Returns allocated bytes a message, one median a JVM. */
    Samples bytes() {
        return Samples.of(jvms.size(), jvm -> median(jvms.get(jvm).stream().map(Sample::bytesPerMessage)));
    }

    /** Returns ratios of samples taken in the same turn, one median a JVM. */
    Samples ratioTo(CandidateResult other) {
        return Samples.of(jvms.size(), jvm -> {
            List<Sample> own = jvms.get(jvm);
            List<Sample> others = other.jvms.get(jvm);
            return Samples.of(
                            own.size(),
                            i -> own.get(i).nanosPerMessage() / others.get(i).nanosPerMessage())
                    .median();
        });
    }

    private static double median(java.util.stream.Stream<Double> values) {
        return Samples.of(values.toList()).median();
    }
}
