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

/** The time of one pass over a workload, by JMH: for machines that do nothing else. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class FramingJmh {
    /** A workload, by name. */
    @Param({
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
        "single64k"
    })
    public String workload = "";

    /** Who cuts it; what a candidate cannot cut fails and is left out of the results. */
    @Param
    public Candidate candidate = Candidate.BORROWED;

    private InputFeed feed = new InputFeed(candidate, Workload.named("lines32"), new FrameCounter(false));

    /** Checks the candidate first. */
    @Setup
    public void check() {
        Workload chosen = Workload.named(workload);
        String fault = candidate.does(chosen.framing()) ? OutputVerifier.fault(candidate, chosen) : "cannot cut it";
        if (fault != null) {
            throw new IllegalStateException(candidate.title() + ": " + fault);
        }
        feed = new InputFeed(candidate, chosen, new FrameCounter(false));
    }

    /** One pass. */
    @Benchmark
    public void pass() {
        feed.pass();
    }
}
