package io.asynchat.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The ways in which {@link EveryCut} cuts a wire of a given length, fewer cuts first. */
final class Segmentations {

    /** The length up to which a wire is cut once at each position. */
    static final int SINGLE_CUTS_UP_TO = 4096;

    /** The length up to which a wire is fed byte by byte. */
    static final int BYTE_BY_BYTE_UP_TO = 65_536;

    /** The length up to which a wire is cut at each position in every kind of buffer. */
    static final int SHORT_WIRE = 64;

    private static final BufferKind[] KINDS = BufferKind.values();
    private static final int MAX_RANDOM_CUTS = 12;
    private static final int RANDOM_RUNS = 500;
    private static final int FEW_RANDOM_RUNS = 20;

    // Mutable because the settings of EveryCut come one by one.
    private int pairsUpTo = SHORT_WIRE;
    private long seed = 1;
    private @Nullable Integer randomRuns;
    private @Nullable List<Integer> only;
    private BufferKind onlyKind = BufferKind.HEAP;

    void pairsUpTo(int bytes) {
        require("pairsUpTo", bytes);
        pairsUpTo = bytes;
    }

    void randomCuts(long newSeed, int runs) {
        require("runs", runs);
        seed = newSeed;
        randomRuns = runs;
    }

    void only(BufferKind kind, List<Integer> cuts) {
        onlyKind = kind;
        only = cuts;
    }

    /** Returns all segmentations of a wire of this length. */
    Stream<Segmentation> of(int length) {
        if (only != null) {
            return Stream.of(checked(new Segmentation(onlyKind, only), length));
        }
        Stream<Segmentation> uncut = inEachKind(List.of());
        if (length < 2) {
            return uncut;
        }
        int runs = randomRuns != null ? randomRuns : length > pairsUpTo ? RANDOM_RUNS : 0;
        return Stream.of(
                        uncut,
                        single(length),
                        pairs(length, pairsUpTo),
                        empties(length, pairsUpTo),
                        byteByByte(length),
                        random(length, seed, runs))
                .flatMap(segmentations -> segmentations);
    }

    /** Returns a selection, for checks that repeat it often. */
    Stream<Segmentation> few(int length) {
        if (only != null) {
            return only.isEmpty() || only.get(only.size() - 1) <= length ? of(length) : Stream.empty();
        }
        if (length < 2) {
            return inEachKind(List.of());
        }
        Stream<Segmentation> cut = length > pairsUpTo
                ? random(length, seed, FEW_RANDOM_RUNS)
                : IntStream.range(1, length).mapToObj(at -> new Segmentation(kind(at), List.of(at)));
        return Stream.of(inEachKind(List.of()), cut, byteByByte(length)).flatMap(segmentations -> segmentations);
    }

    /** Returns true if a failure may be shrunk; a segmentation that the test chose is reported as it is. */
    boolean mayShrink() {
        return only == null;
    }

    private static Segmentation checked(Segmentation segmentation, int length) {
        int before = 0;
        for (int cut : segmentation.cuts()) {
            if (cut < before || cut > length) {
                throw new IllegalArgumentException(
                        "cuts: " + segmentation.cuts() + " (expected: ascending, from 0 to " + length + ")");
            }
            before = cut;
        }
        return segmentation;
    }

    private static void require(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 0)");
        }
    }

    private static Stream<Segmentation> single(int length) {
        return length > SINGLE_CUTS_UP_TO
                ? Stream.empty()
                : IntStream.range(1, length).boxed().flatMap(cut -> single(length, cut));
    }

    /** Long wires have each cut in every other kind: the first, third and so on at even positions, the others at odd ones. */
    private static Stream<Segmentation> single(int length, int cut) {
        int step = length <= SHORT_WIRE ? 1 : 2;
        return IntStream.iterate(step == 1 ? 0 : cut % 2, number -> number < KINDS.length, number -> number + step)
                .mapToObj(number -> new Segmentation(KINDS[number], List.of(cut)));
    }

    private static Stream<Segmentation> pairs(int length, int upTo) {
        return length > upTo
                ? Stream.empty()
                : IntStream.range(1, length)
                        .boxed()
                        .flatMap(first -> IntStream.range(first + 1, length)
                                .mapToObj(
                                        second -> new Segmentation(kind(3 * first + second), List.of(first, second))));
    }

    /** Two equal cuts, which make an empty buffer. Come after the pairs, because an empty buffer is the rarer case. */
    private static Stream<Segmentation> empties(int length, int upTo) {
        return length > upTo
                ? Stream.empty()
                : IntStream.rangeClosed(0, length).mapToObj(cut -> new Segmentation(kind(cut), List.of(cut, cut)));
    }

    private static Stream<Segmentation> byteByByte(int length) {
        return length > BYTE_BY_BYTE_UP_TO
                ? Stream.empty()
                : inEachKind(IntStream.range(1, length).boxed().toList());
    }

    private static Stream<Segmentation> random(int length, long seed, int times) {
        Random random = new Random(seed);
        return IntStream.range(0, times).mapToObj(time -> {
            int cuts = 1 + random.nextInt(MAX_RANDOM_CUTS);
            List<Integer> at = random.ints(cuts, 1, length).sorted().boxed().toList();
            return new Segmentation(kind(time), at);
        });
    }

    private static BufferKind kind(int number) {
        return KINDS[number % KINDS.length];
    }

    private static Stream<Segmentation> inEachKind(List<Integer> cuts) {
        return Arrays.stream(KINDS).map(kind -> new Segmentation(kind, cuts));
    }
}
