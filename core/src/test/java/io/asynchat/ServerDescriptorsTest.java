package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.JvmProcess;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Takes its time, and needs a shell that can limit descriptors; in virtual time {@link ServerConnectionsTest} has the same. */
@Tag("proof")
class ServerDescriptorsTest {
    private static final Pattern RESULT = Pattern.compile("(\\d+) lines in (\\d+) ms, served after (\\d+) ms");

    @ParameterizedTest
    @ValueSource(ints = {64, 200})
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no ulimit")
    void listenerSurvivesRunningOutOfDescriptors(int descriptors) throws Exception {
        String said;
        try (JvmProcess jvm = JvmProcess.of(ServerDescriptorsMain.class)
                .after("ulimit -n " + descriptors)
                .mergingErrors()
                .start()) {
            said = String.join("\n", jvm.outputLines());
            assertThat(jvm.exitCode()).as(said).isZero();
        }

        Matcher result = RESULT.matcher(said);
        assertThat(result.find()).as(said).isTrue();
        long lines = Long.parseLong(result.group(1));
        assertThat(said).contains("accept failed: java.io.IOException: Too many open files");
        assertThat(lines).isBetween(1L, Long.parseLong(result.group(2)) / 1000 + 1);
        assertThat(Long.parseLong(result.group(3)))
                .as("milliseconds to be served again")
                .isLessThan(2_000);
    }
}
