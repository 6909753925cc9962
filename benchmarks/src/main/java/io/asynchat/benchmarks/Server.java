package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, on the first processor; the load runs on the others. */
final class Server implements AutoCloseable {
    private static final double TICKS_PER_SECOND = 100; // of /proc, on all of Linux that has a desktop

    private final String name;
    private final Process process;
    private final int port;

    /** A program that serves this port. */
    Server(String name, int port, List<String> command) throws IOException {
        this.name = name;
        this.port = port;
        process = start(command);
    }

    /** A program whose first line on standard output ends with the port. */
    Server(String name, List<String> command) throws IOException {
        this.name = name;
        process = start(command);
        BufferedReader out = process.inputReader(US_ASCII);
        String line = out.readLine();
        if (line == null) {
            throw new IOException(name + ": did not start");
        }
        port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1).strip());
    }

    private static Process start(List<String> command) throws IOException {
        List<String> pinned = new ArrayList<>(List.of("taskset", "-c", "0"));
        pinned.addAll(command);
        return new ProcessBuilder(pinned)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The command of a Java program of this class path. */
    static List<String> java(Class<?> main, String... args) {
        List<String> command = new ArrayList<>(javaWith());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        return command;
    }

    /** The command of a demo. */
    static List<String> demo(String name, String... flags) {
        List<String> command = new ArrayList<>(javaWith());
        command.addAll(List.of("-jar", Path.of(name, "target", name + ".jar").toString()));
        command.addAll(List.of(flags));
        return command;
    }

    private static List<String> javaWith() {
        String java = ProcessHandle.current().info().command().orElse("java");
        return List.of(java, "-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch");
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    /** What the process and its children have used of the processor, in seconds. */
    double cpuSeconds() throws IOException {
        double ticks = ticks(stat(process.pid()));
        for (ProcessHandle child : process.descendants().toList()) {
            ticks += ticks(stat(child.pid()));
        }
        return ticks / TICKS_PER_SECOND;
    }

    /** What of this compilers of a JVM have used, so far as their threads are still there. */
    double compilerSeconds() throws IOException {
        double ticks = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/task"))) {
            for (Path thread : threads) {
                if (Files.readString(thread.resolve("comm"), US_ASCII).contains("CompilerThre")) {
                    ticks += ticks(thread.resolve("stat"));
                }
            }
        }
        return ticks / TICKS_PER_SECOND;
    }

    /** The same without them, which no warm-up on a busy machine is long enough for. */
    double ownSeconds() throws IOException {
        return cpuSeconds() - compilerSeconds();
    }

    private static Path stat(long pid) {
        return Path.of("/proc/" + pid + "/stat");
    }

    private static double ticks(Path ofStat) throws IOException {
        String stat = Files.readString(ofStat, US_ASCII);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
