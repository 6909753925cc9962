package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** CPU time of a process and its children by Linux's {@code schedstat}, in nanoseconds, of the threads that are alive. */
record ProcessCpuTime(Process process) {
    private static final String COMPILER = "CompilerThre"; // of a JVM; Linux keeps 15 characters of a name

    /** Returns the CPU time of all threads, in seconds. */
    double total() throws IOException {
        return seconds(thread -> true);
    }

    /** Returns the CPU time of the JIT compiler. */
    double compiler() throws IOException {
        return seconds(thread -> thread.contains(COMPILER));
    }

    /** Returns the CPU time without the JIT compiler, for which no warm-up is long enough on a busy machine. */
    double withoutCompiler() throws IOException {
        return seconds(thread -> !thread.contains(COMPILER));
    }

    private double seconds(Predicate<String> threads) throws IOException {
        double nanos = 0;
        for (ProcessHandle one : Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList()) {
            try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + one.pid() + "/task"))) {
                for (Path task : tasks) {
                    nanos += nanos(task, threads);
                }
            }
        }
        return nanos / 1e9;
    }

    private static double nanos(Path task, Predicate<String> threads) throws IOException {
        try {
            if (!threads.test(Files.readString(task.resolve("comm"), US_ASCII))) {
                return 0;
            }
            String schedstat = Files.readString(task.resolve("schedstat"), US_ASCII);
            return Double.parseDouble(schedstat.substring(0, schedstat.indexOf(' ')));
        } catch (NoSuchFileException ended) {
            return 0;
        }
    }
}
