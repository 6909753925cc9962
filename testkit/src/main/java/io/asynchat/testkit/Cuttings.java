package io.asynchat.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The ways in which {@link EveryCut} cuts a wire of some length, those with fewer cuts first. */
final class Cuttings {

    /** Longer wires are cut once at random places only. */
    static final int SINGLE_CUTS_UP_TO = 4096;

    /** Longer wires are not fed byte by byte. */
    static final int BYTE_BY_BYTE_UP_TO = 65_536;

    private static final BufferKind[] KINDS = BufferKind.values();
    private static final int MOST_RANDOM_CUTS = 12;
    private static final int RANDOM_RUNS = 500;
    private static final int FEW_RANDOM_RUNS = 20;

    // Mutable because they are settings of EveryCut, which come one by one.
    private int pairsUpTo = 64;
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

    /** All of them for a wire of this length. */
    Stream<Cutting> of(int length) {
        if (only != null) {
            return Stream.of(checked(new Cutting(onlyKind, only), length));
        }
        Stream<Cutting> uncut = inEachKind(List.of());
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
                .flatMap(cuttings -> cuttings);
    }

    /** A choice of them, for runs of which there are many. */
    Stream<Cutting> few(int length) {
        if (only != null) {
            return only.isEmpty() || only.get(only.size() - 1) <= length ? of(length) : Stream.empty();
        }
        if (length < 2) {
            return inEachKind(List.of());
        }
        Stream<Cutting> cut = length > pairsUpTo
                ? random(length, seed, FEW_RANDOM_RUNS)
                : IntStream.range(1, length).mapToObj(at -> new Cutting(kind(at), List.of(at)));
        return Stream.of(inEachKind(List.of()), cut, byteByByte(length)).flatMap(cuttings -> cuttings);
    }

    /** Whether a failure may be made smaller: one that was asked for is shown as it is. */
    boolean mayShrink() {
        return only == null;
    }

    private static Cutting checked(Cutting cutting, int length) {
        int before = 0;
        for (int cut : cutting.cuts()) {
            if (cut < before || cut > length) {
                throw new IllegalArgumentException(
                        "cuts: " + cutting.cuts() + " (expected: ascending, from 0 to " + length + ")");
            }
            before = cut;
        }
        return cutting;
    }

    private static void require(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 0)");
        }
    }

    private static Stream<Cutting> single(int length) {
        return length > SINGLE_CUTS_UP_TO
                ? Stream.empty()
                : IntStream.range(1, length).boxed().flatMap(cut -> inEachKind(List.of(cut)));
    }

    private static Stream<Cutting> pairs(int length, int upTo) {
        return length > upTo
                ? Stream.empty()
                : IntStream.range(1, length)
                        .boxed()
                        .flatMap(first -> IntStream.range(first + 1, length)
                                .mapToObj(second -> new Cutting(kind(3 * first + second), List.of(first, second))));
    }

    /** Twice the same cut, which makes an empty buffer. Comes after the pairs: an empty buffer is the odder case. */
    private static Stream<Cutting> empties(int length, int upTo) {
        return length > upTo
                ? Stream.empty()
                : IntStream.rangeClosed(0, length).mapToObj(cut -> new Cutting(kind(cut), List.of(cut, cut)));
    }

    private static Stream<Cutting> byteByByte(int length) {
        return length > BYTE_BY_BYTE_UP_TO
                ? Stream.empty()
                : inEachKind(IntStream.range(1, length).boxed().toList());
    }

    private static Stream<Cutting> random(int length, long seed, int times) {
        Random random = new Random(seed);
        return IntStream.range(0, times).mapToObj(time -> {
            int cuts = 1 + random.nextInt(MOST_RANDOM_CUTS);
            List<Integer> at = random.ints(cuts, 1, length).sorted().boxed().toList();
            return new Cutting(kind(time), at);
        });
    }

    private static BufferKind kind(int number) {
        return KINDS[number % KINDS.length];
    }

    private static Stream<Cutting> inEachKind(List<Integer> cuts) {
        return Arrays.stream(KINDS).map(kind -> new Cutting(kind, cuts));
    }
}
