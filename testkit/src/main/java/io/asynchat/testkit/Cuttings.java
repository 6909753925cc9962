package io.asynchat.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The ways in which {@link EveryCut} cuts a wire of some length, those with fewer cuts first. */
final class Cuttings {

    /** Longer wires are cut once at random places only. */
    static final int SINGLE_CUTS_UP_TO = 4096;

    /** Longer wires are not fed byte by byte. */
    static final int BYTE_BY_BYTE_UP_TO = 65_536;

    private static final BufferKind[] KINDS = BufferKind.values();
    private static final int MOST_RANDOM_CUTS = 12;

    private Cuttings() {}

    static Stream<Cutting> of(int length, int pairsUpTo, long seed, int randomCuts) {
        Stream<Cutting> uncut = inEachKind(List.of());
        Stream<Cutting> random = random(length, seed, randomCuts);
        if (length < 2) {
            return uncut;
        }
        return Stream.of(uncut, single(length), pairs(length, pairsUpTo), byteByByte(length), random)
                .flatMap(cuttings -> cuttings);
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
                        .flatMap(first -> IntStream.range(first, length)
                                .mapToObj(second -> new Cutting(kind(3 * first + second), List.of(first, second))));
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
