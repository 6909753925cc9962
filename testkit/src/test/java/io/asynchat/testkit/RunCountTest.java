package io.asynchat.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.LineBasedFrameDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What EveryCut costs: the number of runs for a wire. */
@ExtendWith(NoLeaks.class)
class RunCountTest {

    private static int runs(byte[] wire) {
        EveryCut cut = EveryCut.of(wire).through(() -> new LineBasedFrameDecoder(4096));
        cut.agrees();
        return cut.runs();
    }

    @ParameterizedTest
    @CsvSource({"0, 9", "1, 9", "60, 2261", "200, 1313"})
    void runsOfAWireAreAsDocumented(int length, int runs) {
        assertThat(runs(new byte[length])).isEqualTo(runs);
    }

    @Test
    void wireOf200BytesTakesAtMost1500Runs() {
        assertThat(runs(new byte[200])).isLessThanOrEqualTo(1_500);
    }
}
