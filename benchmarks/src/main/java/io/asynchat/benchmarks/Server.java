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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a process of its own, on the first processor; the load runs on the others. */
final class Server implements AutoCloseable {
    private static final double TICKS_PER_SECOND = 100; // of /proc, on all of Linux that has a desktop
    private static final int HEAP = 512; // MiB, of a JVM
    private static final Pattern RESIDENT = Pattern.compile("Rss: +(\\d+) kB");
    private static final Pattern LIVE = Pattern.compile("Total +\\d+ +(\\d+)");

    private final String name;
    private final Process process;
    private final int port;
    private final boolean jvm;

    /** A program that serves this port. */
    Server(String name, int port, List<String> command) throws IOException {
        this.name = name;
        this.port = port;
        jvm = false;
        process = start(command);
    }

    /** A program in Java whose first line on standard output ends with the port. */
    Server(String name, List<String> command) throws IOException {
        this.name = name;
        process = start(command);
        BufferedReader out = process.inputReader(US_ASCII);
        String line = out.readLine();
        if (line == null) {
            throw new IOException(name + ": did not start");
        }
        jvm = true;
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
        return List.of(java, "-Xms" + HEAP + "m", "-Xmx" + HEAP + "m", "-XX:+AlwaysPreTouch");
    }

    String name() {
        return name;
    }

    int port() {
        return port;
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
                try {
                    if (Files.readString(thread.resolve("comm"), US_ASCII).contains("CompilerThre")) {
                        ticks += ticks(thread.resolve("stat"));
                    }
                } catch (IOException ended) {
                    // While we were looking: what it has used cannot be told apart any more.
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

    /** Bytes of its memory that are resident. */
    double resident() throws IOException {
        String rollup = Files.readString(Path.of("/proc/" + process.pid() + "/smaps_rollup"), US_ASCII);
        return number(RESIDENT, rollup) * 1_024;
    }

    /** Bytes that live in the heap of a JVM, by the histogram of classes, which collects all garbage first. */
    double live() throws IOException {
        Process jcmd = new ProcessBuilder("jcmd", Long.toString(process.pid()), "GC.class_histogram").start();
        return number(LIVE, new String(jcmd.getInputStream().readAllBytes(), US_ASCII));
    }

    /** Bytes that it holds: what is resident, but of the heap of a JVM, all of which was touched, only what lives in it. */
    double held() throws IOException {
        return jvm ? live() + resident() - (HEAP << 20) : resident();
    }

    private static double number(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("no " + pattern + " in: " + text);
        }
        return Double.parseDouble(matcher.group(1));
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
