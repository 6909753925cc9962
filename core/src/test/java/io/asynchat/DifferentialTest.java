package io.asynchat;

import io.asynchat.testkit.NoLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The decoder against {@link ReferenceModel}, with random streams. {@link DifferentialMain} runs more. */
@ExtendWith(NoLeaks.class)
class DifferentialTest {
    private static final int STREAMS = 200_000;

    @Test
    void twoHundredThousandRandomStreamsAgreeWithTheModel() {
        Differential.run(1, STREAMS);
    }
}
