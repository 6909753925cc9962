package io.asynchat.demo.greeting;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The demo as its users start it: a JVM of its own. */
final class Demo implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    Demo(Map<String, String> environment, String... flags) throws IOException {
        List<String> command = new ArrayList<>();
        if (isSigintIgnored()) {
            command.addAll(List.of("env", "--default-signal=INT")); // else it could not be told by that to end
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", // as in the jar's manifest
                "-XX:TieredStopAtLevel=1", // most of its life is its start
                "-cp",
                System.getProperty("java.class.path"),
                GreetingDemo.class.getName()));
        command.addAll(Arrays.asList(flags));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("GREETING_"));
        builder.environment().putAll(environment);
        process = builder.start();
        out = process.inputReader(UTF_8);
    }

    /** As of what a shell starts in the background, and all that is started by that. */
    private static boolean isSigintIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    }

    /** The port of the first line, which must be the one that is promised. */
    int port() throws IOException {
        String line = out.readLine();
        assertThat(line).as("first line").matches("listening on 127\\.0\\.0\\.1:\\d+");
        return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    }

    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** The exit code, once it has ended. */
    int exit() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("has ended").isTrue();
        return process.exitValue();
    }

    /** What it has written to standard output and not been read yet; waits for its end. */
    List<String> out() {
        return out.lines().toList();
    }

    /** The same of standard error. */
    List<String> err() {
        return process.errorReader(UTF_8).lines().toList();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
