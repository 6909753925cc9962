package io.asynchat.testkit;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Set;

/**
 * The result of one run.
 *
 * @param inbound the entries of the transcript, exceptions and closes included
 * @param outbound the messages written and flushed
 * @param exceptions the exceptions that reached the end of the pipeline
 * @param faults errors in any protocol: leaks, writes into shared memory, unexpected exceptions
 * @param callbacks the number of callbacks
 * @param handlers the classes of the handlers, of a traced run only
 */
record Outcome(
        List<Entry> inbound,
        List<Entry> outbound,
        List<Throwable> exceptions,
        List<String> faults,
        int callbacks,
        Set<String> handlers) {

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
