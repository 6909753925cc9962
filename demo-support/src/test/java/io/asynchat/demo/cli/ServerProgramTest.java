package io.asynchat.demo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.JvmProcess;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no signals")
class ServerProgramTest {
    private JvmProcess program;

    @AfterEach
    void end() {
        program.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void programClosesItsServersRunsItsLastActionsAndExitsWithZero(String signal) throws Exception {
        start();
        program.signal(signal);
        assertThat(program.readLine()).isEqualTo("closed true true");
        assertThat(program.readLine()).isEqualTo("last");
        assertThat(program.exitCode()).isZero();
    }

    @Test
    void programIgnoresHangup() throws Exception {
        start();
        program.signal("HUP");
        program.signal("USR2");
        assertThat(program.readLine()).isEqualTo("alive");
        assertThat(program.isAlive()).isTrue();
    }

    @Test
    void programRunsItsActionsOnEachHangup() throws Exception {
        start("an", "action");
        program.signal("HUP");
        assertThat(program.readLine()).isEqualTo("hangup");
        program.signal("HUP");
        assertThat(program.readLine()).isEqualTo("hangup");
        assertThat(program.isAlive()).isTrue();
    }

    @Test
    void programThatStopsItselfDrainsAndKeepsItsExitStatus() throws Exception {
        start("3");
        program.signal("HUP");
        assertThat(program.readLine()).isEqualTo("closed true true");
        assertThat(program.readLine()).isEqualTo("last");
        assertThat(program.exitCode()).isEqualTo(3);
    }

    private void start(String... arguments) throws IOException {
        program = JvmProcess.of(ProgramMain.class).start(arguments);
        for (String line : List.of("one", "two", "ready", "handles")) {
            assertThat(program.readLine()).isEqualTo(line);
        }
    }
}
