package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a main class of the tests in a JVM of its own, with options of its own. */
final class ForkedJvm implements AutoCloseable {
    static final String CLASS_PATH = System.getProperty("java.class.path");

    private final Process process;
    private final BufferedReader output;

    private ForkedJvm(List<String> command) throws IOException {
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts it; the test reads, signals and waits. */
    static ForkedJvm start(String classPath, Class<?> main, String... arguments) throws IOException {
        return new ForkedJvm(command(classPath, main, List.of(), arguments));
    }

    /** The output, once it has ended well. */
    static String run(Class<?> main, List<String> options, String... arguments)
            throws IOException, InterruptedException {
        return run(command(CLASS_PATH, main, options, arguments));
    }

    /** The same under a limit that only a shell can set. */
    static String runUnder(String limit, Class<?> main, List<String> options, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", limit + " && exec \"$@\"", "sh"));
        command.addAll(command(CLASS_PATH, main, options, arguments));
        return run(command);
    }

    private static List<String> command(String classPath, Class<?> main, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED"); // else newer JDKs warn of Netty's native code
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        try (ForkedJvm jvm = new ForkedJvm(command)) {
            String said = jvm.rest();
            assertThat(jvm.exit()).as("exit code, after it said: %s", said).isZero();
            return said;
        }
    }

    /** The next line of its output. */
    String line() throws IOException {
        return output.readLine();
    }

    /** All that it still writes, until it ends. */
    String rest() throws IOException {
        StringBuilder rest = new StringBuilder();
        for (int next = output.read(); next >= 0; next = output.read()) {
            rest.append((char) next);
        }
        return rest.toString();
    }

    /** Sends it a signal, such as STOP. */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).as("kill -%s", name).isZero();
    }

    int exit() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("has ended").isTrue();
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        output.close();
    }
}
