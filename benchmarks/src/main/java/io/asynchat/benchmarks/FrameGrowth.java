package io.asynchat.benchmarks;

import io.asynchat.benchmarks.Plot.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/** Plots the cost of a byte against the size of frames and against the size of reads, in the folder {@code docs}. */
final class FrameGrowth {
    private static final List<Candidate> CANDIDATES =
            List.of(Candidate.BORROWED, Candidate.WHOLE, Candidate.LINE_BASED, Candidate.RECORD_PARSER);

    private final Options options;

    private FrameGrowth(Options options) {
        this.options = options;
    }

    public static void main(String[] args) throws IOException {
        FrameGrowth growth = new FrameGrowth(new Options(args));
        growth.draw(
                "growth-frames.svg",
                new Plot("Lines of growing length, in reads of 64 KiB", "bytes of a line", "nanoseconds a byte"),
                List.of(16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1 << 20, 4 << 20, 16 << 20),
                frame -> "crlf-" + frame + "-65536",
                frame -> frame + 2);
        growth.draw(
                "growth-reads.svg",
                new Plot("Lines of 1 KiB, in reads of growing size", "bytes of a read", "nanoseconds a byte"),
                List.of(1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536),
                read -> "crlf-1024-" + read,
                read -> 1_026);
    }

    private void draw(
            String file,
            Plot plot,
            List<Integer> sizes,
            IntFunction<String> workloads,
            IntUnaryOperator bytesPerMessage)
            throws IOException {
        Map<String, List<Point>> lines = new LinkedHashMap<>();
        for (Candidate candidate : CANDIDATES) {
            List<Point> points = new ArrayList<>();
            for (int size : sizes) {
                CandidateResult result = measure(candidate, workloads.apply(size));
                if (result.fault() == null) {
                    double nanos = result.nanos().median();
                    points.add(new Point(size, nanos / bytesPerMessage.applyAsInt(size)));
                }
            }
            lines.put(candidate.title(), points);
        }
        Files.writeString(Path.of("docs", file), plot.svg(lines));
        lines.forEach((name, points) -> System.out.println(plot.title() + ": " + name + ": " + points));
    }

    private CandidateResult measure(Candidate candidate, String workload) throws IOException {
        CandidateResult result = new CandidateResult(candidate, false);
        try (WorkerProcess worker =
                new WorkerProcess(candidate, workload, CoreClassPath.present(), WorkerProcess.HEAP, 0)) {
            worker.warmUp(options.number("warm", 3_000));
            for (int round = 0; round < options.number("rounds", 5); round++) {
                worker.sample(40);
            }
            result.add(worker);
        }
        return result;
    }
}
