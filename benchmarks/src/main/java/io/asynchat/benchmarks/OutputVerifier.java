package io.asynchat.benchmarks;

import io.asynchat.benchmarks.Framing.HeadAndBody;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a candidate cuts a workload as the plain splitter does. */
final class OutputVerifier {
    private OutputVerifier() {}

    /** What is wrong, or null. Two passes: what is left of the first must not spoil the second. */
    static @Nullable String fault(Candidate candidate, Workload workload) {
        if (workload.filling() > 0) {
            return counted(candidate, workload);
        }
        List<byte[]> once = expected(candidate, workload);
        List<byte[]> expected = new ArrayList<>(once);
        expected.addAll(once);
        FrameCounter counter = new FrameCounter(candidate != Candidate.LOWER_BOUND);
        InputFeed feed = new InputFeed(candidate, workload, counter);
        feed.pass();
        feed.pass();
        long bytes = expected.stream().mapToLong(frame -> frame.length).sum();
        if (counter.frames() != expected.size() || counter.bytes() != bytes) {
            return counter.frames() + " frames of " + counter.bytes() + " bytes in all (expected: " + expected.size()
                    + " of " + bytes + ")";
        }
        for (int i = 0; i < counter.kept().size(); i++) {
            if (!Arrays.equals(counter.kept().get(i), expected.get(i))) {
                return "frame " + i + " is another";
            }
        }
        return null;
    }

    private static @Nullable String counted(Candidate candidate, Workload workload) {
        FrameCounter counter = new FrameCounter(false);
        new InputFeed(candidate, workload, counter).pass();
        return counter.bytes() < workload.filling() ? counter.bytes() + " bytes (expected: all)" : null;
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
