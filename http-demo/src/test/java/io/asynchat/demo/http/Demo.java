package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The demo as its users start it: in its own JVM. */
final class Demo implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    private Demo(Process process) {
        this.process = process;
        out = process.inputReader(UTF_8);
    }

    /** Starts it with these flags. */
    static Demo start(String... flags) throws IOException {
        return start(List.of(), Map.of(), flags);
    }

    static Demo start(List<String> jvmOptions, Map<String, String> environment, String... flags) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED"); // as in the jar's manifest
        command.add("-XX:TieredStopAtLevel=1"); // most of its life is its start
        command.add("-Dlogback.configurationFile=logback.xml"); // that of the demo, not that of the tests
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), HttpDemo.class.getName()));
        command.addAll(List.of(flags));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("HTTP_"));
        builder.environment().putAll(environment);
        return new Demo(builder.start());
    }

    /** Reads the port from the first line, which is checked. */
    int port() throws IOException {
        String line = out.readLine();
        assertThat(line).as("first line").matches("listening on 127\\.0\\.0\\.1:\\d+");
        return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    }

    long pid() {
        return process.pid();
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Sends a signal by its name. */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
        assertThat(kill.waitFor()).as("exit code of kill").isZero();
    }

    /** Waits for the end, and returns the exit code. */
    int exit() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("has ended").isTrue();
        return process.exitValue();
    }

    /** Waits for the end, and returns the lines of standard error. */
    List<String> err() {
        return process.errorReader(UTF_8).lines().toList();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
