package io.asynchat.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Measures the search for delimiters on long lines in several JVMs, beside the searches of Netty and of the C library. */
final class SearchBenchmark {
    private static final Path LIBC = Path.of("benchmarks", "target", "search"); // exists if there is a C compiler

    /** Nanoseconds a KiB by delimiter and line, then by search; one value for each process. */
    private final Map<String, Map<String, List<Double>>> nanos = new LinkedHashMap<>();

    public static void main(String[] args) throws IOException {
        Options options = new Options(args);
        SearchBenchmark benchmark = new SearchBenchmark();
        List<String> java = Server.java(
                SearchTimes.class,
                "" + options.number("warm", 200),
                "" + options.number("slice", 20),
                "" + options.number("rounds", 5));
        for (int i = 0; i < options.number("jvms", 3); i++) {
            benchmark.add(java);
            if (Files.exists(LIBC)) {
                benchmark.add(List.of(LIBC.toString()));
            }
        }
        benchmark.print();
    }

    private void add(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out = process.inputReader();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            String[] words = line.split(" ", -1);
            nanos.computeIfAbsent(words[0] + " | " + words[1], workload -> new LinkedHashMap<>())
                    .computeIfAbsent(words[2], kind -> new ArrayList<>())
                    .add(Double.parseDouble(words[3]));
        }
    }

    private void print() {
        System.out.println("| bytes of the delimiter | of a line | search, ns a KiB | ByteBuf.indexOf of the first byte"
                + " | ratio to it | goal | memchr of the first byte | memmem |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        nanos.forEach((workload, times) -> {
            List<Double> search = of(times, "search");
            List<Double> indexOf = of(times, "indexOf");
            Samples ratio = Samples.of(search.size(), i -> search.get(i) / indexOf.get(i));
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | ≤ 1.00 | %s | %s |%n",
                    workload,
                    Samples.of(search).medianAndRange(),
                    Samples.of(indexOf).medianAndRange(),
                    ratio.medianAndRange(),
                    libc(times, "memchr"),
                    libc(times, "memmem"));
        });
    }

    private static List<Double> of(Map<String, List<Double>> times, String search) {
        return times.getOrDefault(search, List.of());
    }

    private static String libc(Map<String, List<Double>> times, String search) {
        List<Double> values = of(times, search);
        return values.isEmpty() ? "no C compiler here" : Samples.of(values).medianAndRange();
    }
}
