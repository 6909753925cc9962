package io.asynchat.benchmarks;

import io.asynchat.benchmarks.Plot.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the cost of a byte grows with the frames and as reads shrink, drawn into the folder {@code docs}. */
final class FrameGrowth {
    private static final List<Candidate> CANDIDATES =
            List.of(Candidate.BORROWED, Candidate.WHOLE, Candidate.LINE_BASED, Candidate.RECORD_PARSER);

    private final Options options;

    private FrameGrowth(Options options) {
        this.options = options;
    }

    public static void main(String[] args) throws IOException {
        FrameGrowth growth = new FrameGrowth(new Options(args));
        List<Integer> frames = List.of(16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1 << 20, 4 << 20, 16 << 20);
        growth.draw(
                "growth-frames.svg",
                new Plot("Lines that grow, in reads of 64 KiB", "bytes of a line", "nanoseconds a byte"),
                frames,
                frame -> "crlf-" + frame + "-65536",
                frame -> frame + 2);
        List<Integer> reads = List.of(1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536);
        growth.draw(
                "growth-reads.svg",
                new Plot("Lines of 1 KiB, in reads that shrink", "bytes of a read", "nanoseconds a byte"),
                reads,
                read -> "crlf-1024-" + read,
                read -> 1_026);
    }

    private interface Naming {
        String name(int size);
    }

    private interface Bytes {
        int perMessage(int size);
    }

    private void draw(String file, Plot plot, List<Integer> sizes, Naming naming, Bytes bytes) throws IOException {
        Map<String, List<Point>> lines = new LinkedHashMap<>();
        for (Candidate candidate : CANDIDATES) {
            List<Point> points = new ArrayList<>();
            for (int size : sizes) {
                try (WorkerProcess worker =
                        new WorkerProcess(candidate, naming.name(size), List.of("-Xms512m", "-Xmx1g"))) {
                    worker.run(options.number("warm", 700));
                    worker.forget();
                    for (int round = 0; round < options.number("rounds", 5); round++) {
                        worker.run(40);
                    }
                    if (worker.fault() == null) {
                        List<Sample> samples = worker.samples();
                        Samples nanos =
                                Samples.of(samples.size(), i -> samples.get(i).nanosPerMessage());
                        points.add(new Point(size, nanos.median() / bytes.perMessage(size)));
                    }
                }
            }
            lines.put(candidate.title(), points);
        }
        Files.writeString(Path.of("docs", file), plot.svg(lines));
        lines.forEach((name, points) -> System.out.println(plot.title() + ": " + name + ": " + points));
    }
}
