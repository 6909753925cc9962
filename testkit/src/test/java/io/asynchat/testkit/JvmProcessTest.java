package io.asynchat.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Scanner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A main class in a JVM of its own. */
class JvmProcessTest {

    /** Prints what the test asks for, echoes a line, and exits with code 3. */
    static final class Main {
        public static void main(String[] arguments) {
            System.out.println("arguments " + String.join(",", arguments));
            System.out.println("KIT_A=" + System.getenv("KIT_A") + " KIT_B=" + System.getenv("KIT_B"));
            System.out.println("property " + System.getProperty("kit"));
            System.err.println("warning");
            Scanner in = new Scanner(System.in, StandardCharsets.UTF_8);
            System.out.println(in.hasNextLine() ? "input " + in.nextLine() : "no input");
            System.exit(3);
        }
    }

    private static JvmProcess.Builder main() {
        return JvmProcess.of(Main.class).options("-Xshare:auto", "-Dkit=x").environment(Map.of("KIT_A", "1"));
    }

    @Test
    void processGetsItsSettingsAndItsStreamsAreRead() throws Exception {
        try (JvmProcess jvm = main().start("a", "b")) {
            assertThat(jvm.readLine()).isEqualTo("arguments a,b");
            assertThat(jvm.awaitLine("property (.*)").group(1)).isEqualTo("x");
            jvm.write("hello\n");
            assertThat(jvm.outputLines()).containsExactly("input hello");
            assertThat(jvm.errorLines()).containsExactly("warning");
            assertThat(jvm.exitCode()).isEqualTo(3);
        }
    }

    @Test
    void standardErrorCanBeMergedAndInputClosed() throws Exception {
        try (JvmProcess jvm = main().mergingErrors().start()) {
            jvm.closeInput();
            assertThat(jvm.outputLines())
                    .containsExactly("arguments ", "KIT_A=1 KIT_B=null", "property x", "warning", "no input");
        }
    }

    @Test
    void portIsReadFromTheEndOfTheNextLine() throws Exception {
        try (JvmProcess jvm = main().start("on 127.0.0.1:8080")) {
            assertThat(jvm.readPort()).isEqualTo(8080);
            assertThatThrownBy(jvm::readPort)
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("no port in \"KIT_A=1 KIT_B=null\" (expected: a colon and a number at the end)");
            jvm.closeInput();
            assertThat(jvm.readLine()).startsWith("property");
            assertThat(jvm.readLine()).isEqualTo("no input");
            assertThatThrownBy(jvm::readPort)
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("standard output has ended (expected: a port), standard error: [warning]");
        }
    }

    @Test
    void lineThatNeverComesFailsWithTheOutput() throws Exception {
        try (JvmProcess jvm = main().start()) {
            jvm.closeInput();
            assertThatThrownBy(() -> jvm.awaitLine("listening.*"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("no line matches listening.*; standard output: [arguments , KIT_A=1")
                    .hasMessageContaining("standard error: [warning]");
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no signals")
    void signalsReachTheProcess() throws Exception {
        try (JvmProcess jvm = main().start()) {
            jvm.awaitLine("property .*");
            assertThat(jvm.isAlive()).isTrue();
            jvm.signal("TERM");
            assertThat(jvm.exitCode()).isEqualTo(128 + 15);
            assertThat(jvm.isAlive()).isFalse();
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "ulimit is a shell's")
    void commandBeforeTheJvmSetsItsLimits() throws Exception {
        try (JvmProcess jvm = main().after("ulimit -c 0 && export KIT_B=2").start()) {
            assertThat(jvm.awaitLine("KIT_A=1 KIT_B=(.*)").group(1)).isEqualTo("2");
        }
    }
}
