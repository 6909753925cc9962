package io.asynchat.demo.chat.server.cluster;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.asynchat.fuzz.FuzzAssertions;
import java.io.IOException;

/** Entries and snapshots of the log, of any bytes. */
class EntryCodecFuzzTest {

    /** The input is an entry. */
    @FuzzTest(maxDuration = "5m")
    void entryIsDecodedOrDamaged(byte[] input) throws IOException {
        LogEntry entry;
        try {
            entry = EntryCodec.decode(input);
        } catch (UnknownFormatException damaged) {
            return;
        }
        byte[] encoded = EntryCodec.encode(entry);
        FuzzAssertions.same(entry, EntryCodec.decode(encoded), "the entry after it was encoded again");
        FuzzAssertions.that(encoded.length >= input.length, () -> "bytes of the entry are ignored: " + entry);
    }

    /** The input is a snapshot: nodes, and the state of a chat. */
    @FuzzTest(maxDuration = "5m")
    void snapshotIsDecodedOrDamaged(byte[] input) {
        try {
            SnapshotCodec.decode(input);
        } catch (UnknownFormatException damaged) {
            return;
        }
    }
}
