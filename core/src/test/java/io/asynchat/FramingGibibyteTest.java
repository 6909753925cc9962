package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.JvmProcess;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramingGibibyteTest {
    private static final String[] LITTLE_MEMORY = {"-Xmx64m", "-XX:MaxDirectMemorySize=32m"};

    @ParameterizedTest
    @ValueSource(strings = {"decoder", "socket"})
    void bodyOfOneGibibyteNeedsLittleMemory(String way) throws Exception {
        try (JvmProcess jvm = JvmProcess.of(GibibyteMain.class)
                .options(LITTLE_MEMORY)
                .mergingErrors()
                .start(way)) {
            assertThat(String.join("\n", jvm.outputLines()))
                    .matches("sent 1073741824 (\\d+), received 1073741824 \\1, the end");
            assertThat(jvm.exitCode()).isZero();
        }
    }
}
