package io.asynchat.demo.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no kill")
class TerminationSignalsTest {
    private Process program;

    @AfterEach
    void end() {
        program.destroyForcibly();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void programClosesItsServersRunsWhatIsLastAndExitsWithZero(String signal) throws Exception {
        BufferedReader output = start();
        kill(signal);
        assertThat(output.readLine()).isEqualTo("closed true true");
        assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(program.exitValue()).isZero();
    }

    @Test
    void programIgnoresHangup() throws Exception {
        BufferedReader output = start();
        kill("HUP");
        kill("USR2");
        assertThat(output.readLine()).isEqualTo("still here");
        assertThat(program.isAlive()).isTrue();
    }

    private BufferedReader start() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), SignalsMain.class.getName()));
        program = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader output = program.inputReader(UTF_8);
        for (String line = output.readLine(); !"ready".equals(line); line = output.readLine()) {
            assertThat(line).as("output before it is ready").isNotNull();
        }
        return output;
    }

    private void kill(String signal) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(program.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}
