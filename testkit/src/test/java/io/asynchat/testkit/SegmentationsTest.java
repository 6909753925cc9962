package io.asynchat.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** In which ways a wire is cut. */
@Tag("internal")
class SegmentationsTest {

    private final Segmentations segmentations = new Segmentations();

    private static List<List<Integer>> distinctCuts(Stream<Segmentation> all) {
        return all.map(Segmentation::cuts).distinct().toList();
    }

    @Test
    void selectionOfAShortWireCutsItOnceAtEachPosition() {
        assertThat(distinctCuts(segmentations.few(3)))
                .containsExactlyInAnyOrder(List.of(), List.of(1), List.of(2), List.of(1, 2));
        assertThat(distinctCuts(segmentations.few(2))).containsExactlyInAnyOrder(List.of(), List.of(1));
        assertThat(distinctCuts(segmentations.few(1))).containsExactly(List.of());
        assertThat(segmentations.few(1)).hasSize(BufferKind.values().length);
    }

    @Test
    void selectionOfAWireThatIsNotShortIsRandom() {
        segmentations.pairsUpTo(9);
        List<List<Integer>> single = IntStream.range(1, 9).mapToObj(List::of).toList();

        assertThat(distinctCuts(segmentations.few(9))).containsAll(single);
        assertThat(segmentations.few(10)).hasSize(2 * BufferKind.values().length + 20);
    }

    @Test
    void selectionHasTheCutsThatTheTestChose() {
        segmentations.only(BufferKind.DIRECT, List.of(2, 3));

        assertThat(distinctCuts(segmentations.few(3))).containsExactly(List.of(2, 3));
        assertThat(distinctCuts(segmentations.few(4))).containsExactly(List.of(2, 3));
        assertThat(segmentations.few(2)).isEmpty();
    }

    @Test
    void uncutWireIsInTheSelectionThoughTheTestChoseNoCuts() {
        segmentations.only(BufferKind.HEAP, List.of());

        assertThat(distinctCuts(segmentations.few(0))).containsExactly(List.of());
    }

    @Test
    void wireOf4096BytesIsCutOnceAtEachPositionAndALongerOneIsNot() {
        segmentations.randomCuts(1, 0);
        int most = Segmentations.SINGLE_CUTS_UP_TO;

        assertThat(distinctCuts(segmentations.of(most))).contains(List.of(1), List.of(most - 1));
        assertThat(distinctCuts(segmentations.of(most + 1))).doesNotContain(List.of(1));
    }
}
