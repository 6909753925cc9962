package io.asynchat.demo.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The server or the client as their users start them, between pipes: a JVM of its own. */
public final class Program implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    public Program(String... arguments) throws IOException {
        this(Map.of(), arguments);
    }

    public Program(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = command();
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("CHAT_"));
        builder.environment().putAll(environment);
        process = builder.start();
        out = process.inputReader(UTF_8);
    }

    /** What starts it, but for the arguments. */
    static List<String> command() {
        return new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", // as in the jar's manifest
                "-XX:TieredStopAtLevel=1", // most of its life is its start
                "-cp",
                System.getProperty("java.class.path"),
                ChatDemo.class.getName()));
    }

    /** Of a server, by its first line. */
    public int port() throws IOException {
        String line = readLine();
        assertThat(line).as("first line").matches("listening on 127\\.0\\.0\\.1:\\d+");
        return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    }

    void type(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(UTF_8));
        process.getOutputStream().flush();
    }

    /** The end of its input. */
    void typeNoMore() throws IOException {
        process.getOutputStream().close();
    }

    public String readLine() throws IOException {
        return out.readLine();
    }

    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** Reads its output no more. */
    void stopReading() throws IOException {
        out.close();
    }

    /** What it has written to standard output and not been read yet; waits for its end. */
    List<String> out() {
        return out.lines().toList();
    }

    /** The same of standard error. */
    List<String> err() {
        return process.errorReader(UTF_8).lines().toList();
    }

    /** The exit code, once it has ended. */
    public int exit() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("has ended").isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
