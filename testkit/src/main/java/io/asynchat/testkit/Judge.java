package io.asynchat.testkit;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells whether a run came to what it should have come to. */
final class Judge {

    private final Setup setup;
    private final Agreement agreement;
    private final Demand demand;
    private final Outcome expected;

    Judge(Setup setup, Agreement agreement, Demand demand) {
        this.setup = setup;
        this.agreement = agreement;
        this.demand = demand;
        Deed deed = setup.deed();
        Setup measure = deed != null && deed.isHarmless() ? setup.undisturbed() : setup;
        this.expected = demand.over(Run.of(measure, new Cutting(BufferKind.HEAP, List.of())));
    }

    byte[] wire() {
        return setup.wire();
    }

    Outcome expected() {
        return expected;
    }

    /** What the runs are compared with, for a report. */
    String measure() {
        return demand.isNone() ? "the uncut run" : "what is expected";
    }

    /** A judge of a shorter wire, by its uncut run. */
    Judge ofPrefix(int length) {
        return new Judge(setup.withWire(Arrays.copyOf(setup.wire(), length)), agreement, Demand.NONE);
    }

    /** Whether what should come of a shorter wire is known to be what comes of it uncut. */
    boolean judgesByTheUncutRun() {
        return demand.isNone();
    }

    /** A judge of runs in which something is done, by the uncut run with it; or without it, if it is harmless. */
    Judge disturbedBy(Deed deed) {
        return new Judge(setup.with(deed), agreement, deed.isHarmless() ? demand : Demand.NONE);
    }

    /** How many callbacks there are in the uncut run. */
    int callbacks() {
        return expected.callbacks();
    }

    /** What is done in these runs, for a report. */
    String disturbance() {
        return setup.deed() == null ? "" : ", " + setup.deed();
    }

    /** Runs one cutting; returns {@code null} if it went as it should. */
    @Nullable
    Failure failureOf(Cutting cutting) {
        Outcome actual = Run.of(setup, cutting);
        boolean right = actual.faults().isEmpty() && agreement.between(expected, actual);
        return right ? null : new Failure(this, cutting, actual);
    }

    /**
     * A run that did not go as it should.
     *
     * @param judge who said so
     * @param cutting how the wire was cut
     * @param actual what the run came to
     */
    record Failure(Judge judge, Cutting cutting, Outcome actual) {}
}
