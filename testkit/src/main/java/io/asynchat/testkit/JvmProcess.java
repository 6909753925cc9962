package io.asynchat.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A main class in a JVM of its own, with pipes to its standard streams: for tests of exit codes, signals, output, and limits
 * that hold for a process.
 *
 * <pre>{@code
 * try (JvmProcess server = JvmProcess.of(MyServer.class).start("--port", "0")) {
 *     int port = server.readPort();
 *     server.signal("TERM");
 *     assertEquals(0, server.exitCode());
 * }
 * }</pre>
 *
 * <p>Its class path is that of the test, its working directory too. {@link #close} kills it.
 *
 * <p><em>Thread:</em> one at a time.
 */
public final class JvmProcess implements AutoCloseable {

    private static final long EXIT_TIMEOUT_SECONDS = 60;
    private static final Pattern LINE_WITH_PORT = Pattern.compile(".*:(\\d{1,5})");

    private final Process process;
    private final BufferedReader output;

    private JvmProcess(Process process) {
        this.process = process;
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts with the settings of a process. */
    public static Builder of(Class<?> main) {
        return new Builder(main);
    }

    /** Returns its process id. */
    public long pid() {
        return process.pid();
    }

    /** Returns true if it has not ended. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Writes text to its standard input, as UTF-8. */
    public void write(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Closes its standard input. */
    public void closeInput() throws IOException {
        process.getOutputStream().close();
    }

    /** Closes the pipe from its standard output, so that its next write fails. */
    public void closeOutput() throws IOException {
        output.close();
    }

    /** Waits for the next line of its standard output; returns null at the end. */
    public String readLine() throws IOException {
        return output.readLine();
    }

    /**
     * Waits for the next line of its standard output, and returns the port at its end, as in {@code listening on 127.0.0.1:8080}.
     *
     * @throws AssertionError if the line ends otherwise, or the output ends before; the message has the line, or standard error
     */
    public int readPort() throws IOException {
        String line = readLine();
        if (line == null) {
            throw new AssertionError("standard output has ended (expected: a port), standard error: " + errorLines());
        }
        Matcher matcher = LINE_WITH_PORT.matcher(line);
        if (!matcher.matches()) {
            throw new AssertionError("no port in \"" + line + "\" (expected: a colon and a number at the end)");
        }
        return Integer.parseInt(matcher.group(1));
    }

    /**
     * Waits for a line of its standard output that matches a regular expression as a whole, skipping others.
     *
     * @return the match, with its groups
     * @throws AssertionError if the output ends before; the message has the lines
     */
    public Matcher awaitLine(String regex) throws IOException {
        Pattern pattern = Pattern.compile(regex);
        List<String> skipped = new ArrayList<>();
        for (String line = readLine(); line != null; line = readLine()) {
            Matcher matcher = pattern.matcher(line);
            if (matcher.matches()) {
                return matcher;
            }
            skipped.add(line);
        }
        throw new AssertionError(
                "no line matches " + regex + "; standard output: " + skipped + ", standard error: " + errorLines());
    }

    /** Waits for the end of the process, and returns the lines of its standard output that were not read before. */
    public List<String> outputLines() {
        return output.lines().toList();
    }

    /** Waits for the end of the process, and returns the lines of its standard error. */
    public List<String> errorLines() {
        return process.errorReader(StandardCharsets.UTF_8).lines().toList();
    }

    /**
     * Sends it a signal.
     *
     * @param name its name without {@code SIG}, such as {@code TERM}
     */
    public void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("kill -" + name + " " + pid() + ": exit code " + kill.exitValue());
        }
    }

    /**
     * Waits for the end of the process, for at most 60 seconds, and returns its exit code.
     *
     * @throws AssertionError if it has not ended by then
     */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(EXIT_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("process " + pid() + " still runs after " + EXIT_TIMEOUT_SECONDS + " s");
        }
        return process.exitValue();
    }

    /** Kills the process. */
    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** The settings of a {@link JvmProcess}; each call changes and returns them. */
    public static final class Builder {

        private final Class<?> main;
        private final List<String> prefix = new ArrayList<>();
        private final List<String> options = new ArrayList<>();
        private final Map<String, String> environment = new LinkedHashMap<>();

        // Mutable because the settings come one by one.
        private String classPath = System.getProperty("java.class.path");
        private String removedPrefix = "";
        private boolean mergesErrors;

        private Builder(Class<?> main) {
            this.main = main;
        }

        /** Adds options of the JVM, such as {@code -Xmx32m}. */
        public Builder options(String... more) {
            options.addAll(List.of(more));
            return this;
        }

        /** Sets another class path than that of the test. */
        public Builder classPath(String path) {
            classPath = path;
            return this;
        }

        /** Sets variables of its environment. */
        public Builder environment(Map<String, String> variables) {
            environment.putAll(variables);
            return this;
        }

        /** Removes inherited environment variables whose name begins with {@code prefixOfNames}. */
        public Builder withoutEnvironment(String prefixOfNames) {
            removedPrefix = prefixOfNames;
            return this;
        }

        /**
         * Starts the JVM from a shell, after a command such as {@code ulimit -n 64}.
         *
         * @param command the command; the JVM is started only if it succeeds
         */
        public Builder after(String command) {
            prefix.addAll(List.of("sh", "-c", command + " && exec \"$@\"", "sh"));
            return this;
        }

        /** Merges standard error into standard output, in order. */
        public Builder mergingErrors() {
            mergesErrors = true;
            return this;
        }

        /** Returns the command line, for programs that start the process themselves, such as a terminal. */
        public List<String> command(String... arguments) throws IOException {
            List<String> command = new ArrayList<>(prefix);
            if (isInterruptIgnored()) {
                command.addAll(List.of("env", "--default-signal=INT"));
            }
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.add("--enable-native-access=ALL-UNNAMED"); // newer JDKs print a warning for Netty's native code
            command.addAll(options);
            command.addAll(List.of("-cp", classPath, main.getName()));
            command.addAll(List.of(arguments));
            return command;
        }

        /** Starts the process with these arguments. */
        public JvmProcess start(String... arguments) throws IOException {
            ProcessBuilder builder = new ProcessBuilder(command(arguments)).redirectErrorStream(mergesErrors);
            if (!removedPrefix.isEmpty()) {
                builder.environment().keySet().removeIf(name -> name.startsWith(removedPrefix));
            }
            builder.environment().putAll(environment);
            return new JvmProcess(builder.start());
        }

        /** A shell starts background processes with SIGINT ignored, and their children inherit that. */
        private static boolean isInterruptIgnored() throws IOException {
            Path status = Path.of("/proc/self/status");
            return Files.exists(status)
                    && Files.readAllLines(status).stream()
                            .filter(line -> line.startsWith("SigIgn:"))
                            .anyMatch(line ->
                                    (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
        }
    }
}
