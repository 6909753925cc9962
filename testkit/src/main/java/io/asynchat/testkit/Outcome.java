package io.asynchat.testkit;

import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * What one run came to.
 *
 * @param inbound what the handlers made of their input, exceptions and closing included
 * @param outbound what they wrote and flushed
 * @param exceptions what the handlers threw
 * @param faults what no handler may do, whatever its protocol: leaks, and writing into what others hold
 * @param callbacks how often they wrote something down
 */
record Outcome(
        List<Entry> inbound, List<Entry> outbound, List<Throwable> exceptions, List<String> faults, int callbacks) {

    static final Entry CLOSE = new Entry("close", null);

    boolean closed() {
        return inbound.contains(CLOSE);
    }

    static byte[] bytesOf(List<Entry> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        entries.forEach(entry -> bytes.writeBytes(entry.bytes()));
        return bytes.toByteArray();
    }
}
