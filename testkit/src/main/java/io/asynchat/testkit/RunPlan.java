package io.asynchat.testkit;

import io.asynchat.testkit.OutcomeChecker.Failure;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** All runs of one {@link EveryCut}: the whole wire, then shorter wires, then runs with an interference. */
final class RunPlan {

    /** The number of callbacks of a run that an interference is tried in, at most. */
    private static final int MAX_CALLBACKS = 64;

    private final OutcomeChecker checker;
    private final Segmentations segmentations;
    private final List<Interference> interferences;
    private final boolean endingAnywhere;

    RunPlan(
            OutcomeChecker checker,
            Segmentations segmentations,
            List<Interference> interferences,
            boolean endingAnywhere) {
        this.checker = checker;
        this.segmentations = segmentations;
        this.interferences = interferences;
        this.endingAnywhere = endingAnywhere;
    }

    /** Returns the runs that fail, lazily: each run is made when the stream asks for it. */
    Stream<Failure> failures() {
        return Stream.of(whole(), endedEarlier(), interfered()).flatMap(failures -> failures);
    }

    private Stream<Failure> whole() {
        return segmentations
                .of(checker.wire().length)
                .flatMap(segmentation -> Stream.ofNullable(checker.failureOf(segmentation)));
    }

    private Stream<Failure> endedEarlier() {
        return endingAnywhere
                ? IntStream.range(0, checker.wire().length)
                        .mapToObj(checker::ofPrefix)
                        .flatMap(this::inFewCuts)
                : Stream.empty();
    }

    private Stream<Failure> interfered() {
        int callbacks = Math.min(MAX_CALLBACKS, checker.callbacks());
        return interferences.stream()
                .flatMap(interference -> IntStream.rangeClosed(1, callbacks).mapToObj(interference::in))
                .map(checker::interferedBy)
                .flatMap(this::inFewCuts);
    }

    private Stream<Failure> inFewCuts(OutcomeChecker ofThese) {
        return segmentations
                .few(ofThese.wire().length)
                .flatMap(segmentation -> Stream.ofNullable(ofThese.failureOf(segmentation)));
    }
}
