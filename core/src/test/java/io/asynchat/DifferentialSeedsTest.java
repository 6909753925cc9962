package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The first streams of {@link DifferentialTest}, as fast as mutation tests need them. */
class DifferentialSeedsTest {
    private static final int STREAMS = 3_000;

    @Test
    void threeThousandRandomStreamsAgreeWithTheModel() {
        assertThat(LongStream.rangeClosed(1, STREAMS)
                        .filter(seed -> Differential.differenceIn(StreamGenerator.of(seed)) != null)
                        .findFirst())
                .isEmpty();
    }
}
