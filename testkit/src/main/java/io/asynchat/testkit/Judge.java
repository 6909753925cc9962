package io.asynchat.testkit;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells whether a run came to what it should have come to. */
final class Judge {

    private final Setup setup;
    private final Agreement agreement;
    private final @Nullable List<Entry> given;
    private final Outcome expected;

    /** Judges by the uncut run, or, where {@code given} is not {@code null}, by what is given. */
    Judge(Setup setup, Agreement agreement, @Nullable List<Entry> given) {
        this.setup = setup;
        this.agreement = agreement;
        this.given = given;
        Deed deed = setup.deed();
        Setup measure = deed != null && deed.isHarmless() ? setup.undisturbed() : setup;
        Outcome uncut = Run.of(measure, new Cutting(BufferKind.HEAP, List.of()));
        this.expected =
                given == null ? uncut : new Outcome(given, uncut.outbound(), List.of(), List.of(), uncut.callbacks());
    }

    byte[] wire() {
        return setup.wire();
    }

    Outcome expected() {
        return expected;
    }

    /** What the runs are compared with, for a report. */
    String measure() {
        return given == null ? "the uncut run" : "what is expected";
    }

    /** A judge of a shorter wire, by its uncut run. */
    Judge ofPrefix(int length) {
        return new Judge(setup.withWire(Arrays.copyOf(setup.wire(), length)), agreement, null);
    }

    /** Whether what should come of a shorter wire is known to be what comes of it uncut. */
    boolean judgesByTheUncutRun() {
        return given == null;
    }

    /** A judge of runs in which something is done, by the uncut run with it; or without it, if it is harmless. */
    Judge disturbedBy(Deed deed) {
        return new Judge(setup.with(deed), agreement, deed.isHarmless() ? given : null);
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
