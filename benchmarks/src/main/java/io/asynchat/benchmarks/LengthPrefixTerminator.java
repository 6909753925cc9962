package io.asynchat.benchmarks;

import io.asynchat.Terminator;
import io.asynchat.benchmarks.Framing.Prefixed;
import java.nio.ByteOrder;

/** Creates the terminator of {@code prefix32}, which the baseline does not have. */
final class LengthPrefixTerminator {
    private LengthPrefixTerminator() {}

    static Terminator create() {
        return Terminator.lengthPrefix(Prefixed.BYTES, ByteOrder.BIG_ENDIAN);
    }
}
