package io.asynchat.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares the outcome of runs with the expected outcome. */
final class OutcomeChecker {

    private final RunConfig config;
    private final Equivalence equivalence;
    private final Expectations expectations;
    private final Outcome expected;

    OutcomeChecker(RunConfig config, Equivalence equivalence, Expectations expectations) {
        this.config = config;
        this.equivalence = equivalence;
        this.expectations = expectations;
        Interference interference = config.interference();
        RunConfig reference = interference != null && interference.isHarmless() ? config.withoutInterference() : config;
        this.expected = expectations.resolve(TestRun.of(reference, new Segmentation(BufferKind.HEAP, List.of())));
    }

    byte[] wire() {
        return config.wire();
    }

    Outcome expected() {
        return expected;
    }

    /** Returns what the runs are compared with, for a report. */
    String reference() {
        return expectations.isNone() ? "the uncut run" : "what is expected";
    }

    /** Returns a checker for a prefix of the wire, with the uncut run of that prefix as the reference. */
    OutcomeChecker ofPrefix(int length) {
        return new OutcomeChecker(
                config.withWire(Arrays.copyOf(config.wire(), length)), equivalence, Expectations.NONE);
    }

    /** Returns true if the uncut run is the reference, so that a shorter wire has one too. */
    boolean comparesWithUncutRun() {
        return expectations.isNone();
    }

    /** Returns a checker for runs with an interference; the reference has it too unless it is harmless. */
    OutcomeChecker interferedBy(Interference interference) {
        return new OutcomeChecker(
                config.with(interference), equivalence, interference.isHarmless() ? expectations : Expectations.NONE);
    }

    /** Returns the number of callbacks in the uncut run. */
    int callbacks() {
        return expected.callbacks();
    }

    /** Returns the interference in these runs, for a report. */
    String interferenceText() {
        return config.interference() == null ? "" : ", " + config.interference();
    }

    /** Runs one segmentation; returns {@code null} if the outcome is as expected. */
    @Nullable
    Failure failureOf(Segmentation segmentation) {
        Outcome actual = TestRun.of(config, segmentation);
        boolean right = actual.faults().isEmpty() && equivalence.holds(expected, actual);
        return right ? null : new Failure(this, segmentation, actual, Set.of());
    }

    /**
     * A run with another outcome than the expected one.
     *
     * @param checker the checker that made the comparison
     * @param segmentation how the wire was cut
     * @param actual the outcome of the run
     * @param handlers the classes of the handlers, empty until the failure is traced
     */
    record Failure(OutcomeChecker checker, Segmentation segmentation, Outcome actual, Set<String> handlers) {

        /** Returns the same failure with its handlers, and with leaks that name the last of them if a traced run shows them. */
        Failure traced() {
            Outcome traced = TestRun.tracing(checker.config, segmentation);
            boolean sameFaults = traced.faults().size() == actual.faults().size();
            return new Failure(checker, segmentation, sameFaults ? traced : actual, traced.handlers());
        }
    }
}
