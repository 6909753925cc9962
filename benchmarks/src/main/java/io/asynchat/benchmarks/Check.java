package io.asynchat.benchmarks;

import io.asynchat.benchmarks.Framing.HeadAndBody;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a candidate cuts a workload as the plain splitter does. */
final class Check {
    private Check() {}

    /** What is wrong, or null. Two passes: what is left of the first must not spoil the second. */
    static @Nullable String fault(Candidate candidate, Workload workload) {
        if (workload.filling() > 0) {
            return counted(candidate, workload);
        }
        List<byte[]> once = expected(candidate, workload);
        List<byte[]> expected = new ArrayList<>(once);
        expected.addAll(once);
        Tally tally = new Tally(candidate != Candidate.FLOOR);
        Feed feed = new Feed(candidate, workload, tally);
        feed.pass();
        feed.pass();
        long bytes = expected.stream().mapToLong(frame -> frame.length).sum();
        if (tally.frames() != expected.size() || tally.bytes() != bytes) {
            return tally.frames() + " frames of " + tally.bytes() + " bytes in all (expected: " + expected.size()
                    + " of " + bytes + ")";
        }
        for (int i = 0; i < tally.kept().size(); i++) {
            if (!Arrays.equals(tally.kept().get(i), expected.get(i))) {
                return "frame " + i + " is another";
            }
        }
        return null;
    }

    private static @Nullable String counted(Candidate candidate, Workload workload) {
        Tally tally = new Tally(false);
        new Feed(candidate, workload, tally).pass();
        return tally.bytes() < workload.filling() ? tally.bytes() + " bytes (expected: all)" : null;
    }

    private static List<byte[]> expected(Candidate candidate, Workload workload) {
        List<byte[]> frames = workload.framing().split(workload.stream());
        if (candidate != Candidate.HTTP_CODEC || !(workload.framing() instanceof HeadAndBody)) {
            return frames;
        }
        List<byte[]> bodies = new ArrayList<>(); // the heads have become objects
        for (int i = 1; i < frames.size(); i += 2) {
            bodies.add(frames.get(i));
        }
        return bodies;
    }
}
