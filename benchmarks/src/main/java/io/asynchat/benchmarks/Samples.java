package io.asynchat.benchmarks;

import java.util.Collection;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Values of one quantity in ascending order. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Samples(double[] sorted) {

    static Samples of(int count, IntToDoubleFunction value) {
        return new Samples(IntStream.range(0, count).mapToDouble(value).sorted().toArray());
    }

    static Samples of(Collection<Double> values) {
        return new Samples(
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray());
    }

    double median() {
        return quantile(0.5);
    }

    /** Interpolates between the two nearest values. */
    double quantile(double fraction) {
        double position = fraction * (sorted.length - 1);
        int low = (int) position;
        int high = Math.min(low + 1, sorted.length - 1);
        return sorted[low] + (position - low) * (sorted[high] - sorted[low]);
    }

    /** Formats the median and the quartiles. */
    String medianAndQuartiles() {
        return format(2, 0.25, 0.75);
    }

    /** Formats the median, the minimum and the maximum. */
    String medianAndRange() {
        return medianAndRange(2);
    }

    String medianAndRange(int decimals) {
        return format(decimals, 0, 1);
    }

    private String format(int decimals, double low, double high) {
        String number = "%." + decimals + "f";
        return String.format(
                Locale.ROOT, number + " (" + number + "–" + number + ")", median(), quantile(low), quantile(high));
    }
}
