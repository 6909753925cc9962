package io.asynchat.testkit;

import io.asynchat.testkit.Judge.Failure;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** All runs of one {@link EveryCut}: undisturbed ones first, then those of which something is done. */
final class Trials {

    /** In no more callbacks of a run something is done. */
    private static final int CALLBACKS_AT_MOST = 64;

    private final Judge judge;
    private final Cuttings cuttings;
    private final List<Deed> deeds;
    private final boolean endingAnywhere;

    Trials(Judge judge, Cuttings cuttings, List<Deed> deeds, boolean endingAnywhere) {
        this.judge = judge;
        this.cuttings = cuttings;
        this.deeds = deeds;
        this.endingAnywhere = endingAnywhere;
    }

    /** Those that did not go as they should; each is only run when it is asked for. */
    Stream<Failure> failures() {
        return Stream.of(whole(), endedEarlier(), disturbed()).flatMap(failures -> failures);
    }

    private Stream<Failure> whole() {
        return cuttings.of(judge.wire().length).flatMap(cutting -> Stream.ofNullable(judge.failureOf(cutting)));
    }

    private Stream<Failure> endedEarlier() {
        return endingAnywhere
                ? IntStream.range(0, judge.wire().length)
                        .mapToObj(judge::ofPrefix)
                        .flatMap(this::inFewCuts)
                : Stream.empty();
    }

    private Stream<Failure> disturbed() {
        int callbacks = Math.min(CALLBACKS_AT_MOST, judge.callbacks());
        return deeds.stream()
                .flatMap(deed -> IntStream.rangeClosed(1, callbacks).mapToObj(deed::in))
                .map(judge::disturbedBy)
                .flatMap(this::inFewCuts);
    }

    private Stream<Failure> inFewCuts(Judge ofThese) {
        return cuttings.few(ofThese.wire().length).flatMap(cutting -> Stream.ofNullable(ofThese.failureOf(cutting)));
    }
}
