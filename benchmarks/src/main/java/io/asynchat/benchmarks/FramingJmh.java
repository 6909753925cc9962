package io.asynchat.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Measures one pass over a workload with JMH, for an otherwise idle machine. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class FramingJmh {
    /** Name of the workload. */
    @Param({
        "fixed32",
        "len32",
        "prefix32",
        "crlf32",
        "lines32",
        "lines512",
        "line33",
        "switch128",
        "switch64k",
        "blank128",
        "dot512",
        "huge1k",
        "single64k"
    })
    public String workload = "";

    /** The candidate. One that does not support the workload fails and is missing from the results. */
    @Param
    public Candidate candidate = Candidate.BORROWED;

    private InputFeed feed = new InputFeed(candidate, Workload.named("lines32"), FrameCounter.counting());

    /** Verifies the candidate. */
    @Setup
    public void verify() {
        Workload chosen = Workload.named(workload);
        String mismatch =
                candidate.supports(chosen.framing()) ? OutputVerifier.mismatch(candidate, chosen) : "unsupported";
        if (mismatch != null) {
            throw new IllegalStateException(candidate.title() + ": " + mismatch);
        }
        feed = new InputFeed(candidate, chosen, FrameCounter.counting());
    }

    /** Feeds the workload once. */
    @Benchmark
    public void pass() {
        feed.pass();
    }
}
