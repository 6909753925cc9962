package io.asynchat.benchmarks;

import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** What was measured in several rounds, in order of size. */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Samples(double[] sorted) {

    static Samples of(int rounds, IntToDoubleFunction measured) {
        return new Samples(
                IntStream.range(0, rounds).mapToDouble(measured).sorted().toArray());
    }

    double median() {
        return at(0.5);
    }

    private double at(double part) {
        return sorted[(int) Math.round(part * (sorted.length - 1))];
    }

    /** The median, and between which values the middle half lies. */
    String medianAndSpread() {
        return String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", median(), at(0.25), at(0.75));
    }

    /** The median, and the least and the most. */
    String medianAndRange() {
        return String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", median(), at(0), at(1));
    }
}
