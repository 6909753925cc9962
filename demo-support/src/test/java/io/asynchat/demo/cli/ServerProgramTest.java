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
class ServerProgramTest {
    private Process program;
    private BufferedReader output;

    @AfterEach
    void end() {
        program.destroyForcibly();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void programClosesItsServersRunsWhatIsLastAndExitsWithZero(String signal) throws Exception {
        start();
        kill(signal);
        assertThat(output.readLine()).isEqualTo("closed true true");
        assertThat(output.readLine()).isEqualTo("last");
        assertThat(exitStatus()).isZero();
    }

    @Test
    void programIgnoresHangup() throws Exception {
        start();
        kill("HUP");
        kill("USR2");
        assertThat(output.readLine()).isEqualTo("alive");
        assertThat(program.isAlive()).isTrue();
    }

    @Test
    void programRunsItsActionsOnEachHangup() throws Exception {
        start("an", "action");
        kill("HUP");
        assertThat(output.readLine()).isEqualTo("hangup");
        kill("HUP");
        assertThat(output.readLine()).isEqualTo("hangup");
        assertThat(program.isAlive()).isTrue();
    }

    @Test
    void programThatStopsItselfDrainsAndKeepsItsExitStatus() throws Exception {
        start("3");
        kill("HUP");
        assertThat(output.readLine()).isEqualTo("closed true true");
        assertThat(output.readLine()).isEqualTo("last");
        assertThat(exitStatus()).isEqualTo(3);
    }

    private int exitStatus() throws InterruptedException {
        assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return program.exitValue();
    }

    private void start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ProgramMain.class.getName()));
        command.addAll(List.of(arguments));
        program = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        output = program.inputReader(UTF_8);
        assertThat(List.of(output.readLine(), output.readLine(), output.readLine(), output.readLine()))
                .containsExactly("one", "two", "ready", "handles");
    }

    private void kill(String signal) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(program.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}
