package io.asynchat.benchmarks;

import io.asynchat.Terminator;

/** Creates the terminator of {@code prefix32}, which the baseline does not have. */
final class LengthPrefixTerminator {
    private LengthPrefixTerminator() {}

    @SuppressWarnings("DoNotCallSuggester") // until then
    static Terminator create() {
        // With the second edition: return Terminator.lengthPrefix(Prefixed.BYTES, ByteOrder.BIG_ENDIAN);
        throw new UnsupportedOperationException("length prefix: not in this version of core");
    }
}
