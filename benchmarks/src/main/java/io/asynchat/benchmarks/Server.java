package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A server in a process of its own, on the first CPU if not said otherwise. The load generators run on the others. */
final class Server implements CpuTimes, AutoCloseable {
    private static final String FIRST_CPU = "0";
    private static final int HEAP = 512; // MiB, of a JVM
    private static final Pattern RESIDENT = Pattern.compile("Rss: +(\\d+) kB");
    private static final Pattern OTHER = Pattern.compile("Other \\(reserved=(\\d+)KB");
    private static final Pattern THREADS = Pattern.compile("Threads:\\s+(\\d+)");
    private static final Pattern LIVE = Pattern.compile("Total +\\d+ +(\\d+)");

    private final String name;
    private final Process process;
    private final ProcessCpuTime cpuTime;
    private final int port;
    private final boolean jvm;

    /** Starts a program that listens on this port. */
    Server(String name, int port, List<String> command) throws IOException {
        this(name, port, FIRST_CPU, command);
    }

    private Server(String name, int port, String cpus, List<String> command) throws IOException {
        this.name = name;
        this.port = port;
        jvm = false;
        process = start(cpus, command);
        cpuTime = new ProcessCpuTime(process);
    }

    /** Starts a program that listens on this port, on the CPUs of the load generators. */
    static Server onOtherCpus(String name, int port, List<String> command) throws IOException {
        int last = Runtime.getRuntime().availableProcessors() - 1;
        return new Server(name, port, last < 1 ? FIRST_CPU : "1-" + last, command);
    }

    /** Starts a Java program whose first line of standard output ends with the port. */
    Server(String name, List<String> command) throws IOException {
        this.name = name;
        process = start(FIRST_CPU, command);
        cpuTime = new ProcessCpuTime(process);
        BufferedReader out = process.inputReader(US_ASCII);
        String line = out.readLine();
        if (line == null) {
            throw new IOException(name + ": ended at its start (command: " + String.join(" ", command) + ")");
        }
        jvm = true;
        port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1).strip());
    }

    private static Process start(String cpus, List<String> command) throws IOException {
        List<String> pinned = new ArrayList<>(List.of("taskset", "-c", cpus));
        pinned.addAll(command);
        Process server = new ProcessBuilder(pinned)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(server::destroy)); // for a benchmark that is interrupted
        return server;
    }

    /** Returns the command of a Java program of this class path. */
    static List<String> java(Class<?> main, String... args) {
        List<String> command = new ArrayList<>(jvm());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        return command;
    }

    /** Returns the command of an executable jar. */
    static List<String> jar(Path jar, List<String> args) {
        List<String> command = new ArrayList<>(jvm());
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(args);
        return command;
    }

    private static List<String> jvm() {
        String java = ProcessHandle.current().info().command().orElse("java");
        return List.of(java, "-Xms" + HEAP + "m", "-Xmx" + HEAP + "m", "-XX:+AlwaysPreTouch");
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    @Override
    public double cpuSeconds() throws IOException {
        return cpuTime.withoutCompiler();
    }

    @Override
    public double compilerSeconds() throws IOException {
        return cpuTime.compiler();
    }

    @Override
    public double totalCpuSeconds() throws IOException {
        return cpuTime.total();
    }

    /** Returns the resident memory in bytes. */
    double resident() throws IOException {
        String rollup = Files.readString(Path.of("/proc/" + process.pid() + "/smaps_rollup"), US_ASCII);
        return number(RESIDENT, rollup) * 1_024;
    }

    /** Returns the live heap of a JVM in bytes, after a full collection, which the histogram of classes requests. */
    double liveHeap() throws IOException {
        return number(LIVE, jcmd("GC.class_histogram"));
    }

    /** Returns the resident memory in bytes; of the heap of a JVM, all of which is resident, only the live part. */
    double memory() throws IOException {
        return jvm ? liveHeap() + resident() - (HEAP << 20) : resident();
    }

    /** Returns how many objects of a class live in a JVM, after a full collection. */
    double instances(String className) throws IOException {
        String histogram = jcmd("GC.class_histogram");
        Matcher matcher = Pattern.compile("\\d+: +(\\d+) +\\d+ +" + Pattern.quote(className) + "[ \n]")
                .matcher(histogram);
        return matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
    }

    /** Returns the native memory that is neither heap nor the JVM's own; the JVM needs {@code -XX:NativeMemoryTracking}. */
    double nativeMemoryOfBuffers() throws IOException {
        return number(OTHER, jcmd("VM.native_memory", "summary", "scale=KB")) * 1_024;
    }

    /** Returns the number of open descriptors. */
    int descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return (int) open.count();
        }
    }

    /** Returns the number of threads. */
    double threads() throws IOException {
        return number(THREADS, Files.readString(Path.of("/proc/" + process.pid() + "/status"), US_ASCII));
    }

    private String jcmd(String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of("jcmd", Long.toString(process.pid())));
        all.addAll(List.of(command));
        return new String(new ProcessBuilder(all).start().getInputStream().readAllBytes(), US_ASCII);
    }

    private static double number(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("output: " + text + " (expected: " + pattern + ")");
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
