package io.asynchat.benchmarks;

import io.asynchat.benchmarks.Framing.HeadAndBody;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares the output of a candidate with that of {@link Framing#split}: number of frames, bytes, checksum. */
final class OutputVerifier {
    private static final int PASSES = 2; // the state that the first one leaves must not spoil the second

    private OutputVerifier() {}

    /** Returns a description of the first difference, or null. */
    static @Nullable String mismatch(Candidate candidate, Workload workload) {
        int passes = workload.repeatedBytes() > 0 ? 1 : PASSES;
        FrameCounter expected = FrameCounter.verifying();
        FrameCounter actual = FrameCounter.verifying();
        InputFeed feed = new InputFeed(candidate, workload, actual);
        for (int pass = 0; pass < passes; pass++) {
            expect(candidate, workload, expected);
            feed.pass();
        }
        if (actual.frames() != expected.frames() || actual.bytes() != expected.bytes()) {
            return actual.frames() + " frames of " + actual.bytes() + " bytes in all (expected: " + expected.frames()
                    + " of " + expected.bytes() + ")";
        }
        if (candidate.exposesBytes() && actual.checksum() != expected.checksum()) {
            return "checksum: " + actual.checksum() + " (expected: " + expected.checksum() + ")";
        }
        return null;
    }

    private static void expect(Candidate candidate, Workload workload, FrameCounter expected) {
        boolean withHeads = candidate != Candidate.HTTP_CODEC; // which turns heads into objects
        if (workload.repeatedBytes() > 0) {
            if (withHeads) {
                int head = workload.stream().length - HeadAndBody.BLANK_LINE.length;
                expected.data(Unpooled.wrappedBuffer(workload.stream(), 0, head));
                expected.end();
            }
            for (long left = workload.repeatedBytes(); left > 0; left -= Workload.BLOCK.length) {
                expected.data(Unpooled.wrappedBuffer(Workload.BLOCK, 0, (int) Math.min(left, Workload.BLOCK.length)));
            }
            expected.end();
            return;
        }
        List<byte[]> frames = workload.framing().split(workload.stream());
        for (int i = 0; i < frames.size(); i++) {
            if (withHeads || i % 2 == 1) {
                expected.data(Unpooled.wrappedBuffer(frames.get(i)));
                expected.end();
            }
        }
    }
}
