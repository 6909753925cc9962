package io.asynchat.benchmarks;

import io.asynchat.Terminator;
import io.asynchat.TerminatorFrameDecoder;
import io.asynchat.benchmarks.Framing.Delimited;
import io.asynchat.benchmarks.Framing.Fixed;
import io.asynchat.benchmarks.Framing.Prefixed;

/**
 * Creates the terminators of core's candidates.
 *
 * <p>Like these, it refers only to what the baseline has too. What is newer has a class of its own, which is not loaded
 * before it is used.
 */
final class Terminators {
    static final Terminator PREFIX = Terminator.length(Prefixed.BYTES);

    private Terminators() {}

    /** Returns the terminator of the first frame. */
    static Terminator first(Framing framing) {
        if (framing instanceof Delimited delimited) {
            return Terminator.delimiter(delimited.delimiter()).unlimited();
        }
        if (framing instanceof Fixed fixed) {
            return Terminator.length(fixed.length());
        }
        if (framing instanceof Prefixed prefixed) {
            return prefixed.oneTerminator() ? LengthPrefixTerminator.create() : PREFIX;
        }
        return Terminator.BLANK_LINE;
    }

    /** Returns the terminator of a body of any length that is not gathered. */
    static Terminator body(long length) {
        return length > TerminatorFrameDecoder.DEFAULT_FRAME_LIMIT
                ? Terminator.length(length).unlimited()
                : Terminator.length(length);
    }
}
