package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GibibyteTest {
    private static final List<String> LITTLE_MEMORY = List.of("-Xmx64m", "-XX:MaxDirectMemorySize=32m");

    @ParameterizedTest
    @ValueSource(strings = {"decoder", "socket"})
    void aBodyOf1GibPassesThroughLittleMemory(String way) throws Exception {
        String said = ForkedJvm.run(GibibyteMain.class, LITTLE_MEMORY, way).strip();

        assertThat(said).matches("sent 1073741824 (\\d+), received 1073741824 \\1, the end");
    }
}
