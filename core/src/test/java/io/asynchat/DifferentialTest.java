package io.asynchat;

import io.asynchat.testkit.NoLeaks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The decoder against {@link ReferenceModel}, with random streams. {@link DifferentialMain} runs more. */
@ExtendWith(NoLeaks.class)
class DifferentialTest {
    private static final int FEW = 50_000;

    @Test
    void randomStreamsAgreeWithTheModel() {
        Differential.run(1, FEW);
    }

    @Test
    @Tag("proof") // most of a minute
    void twoHundredThousandRandomStreamsAgreeWithTheModel() {
        Differential.run(FEW + 1, 200_000 - FEW);
    }
}
