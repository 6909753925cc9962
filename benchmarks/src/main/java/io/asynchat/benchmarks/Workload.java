package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.benchmarks.Framing.Delimited;
import io.asynchat.benchmarks.Framing.Fixed;
import io.asynchat.benchmarks.Framing.HeadAndBody;
import io.asynchat.benchmarks.Framing.Prefixed;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;

/**
 * A stream and the size of its reads.
 *
 * @param stream whole messages
 * @param repeatedBytes number of bytes that follow the stream, made of {@link #BLOCK}: the body of a message that is too
 *     large to be kept
 * @param read size of a read in bytes; the last one may be shorter
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Workload(Framing framing, byte[] stream, long repeatedBytes, int read) {
    /** All workloads of the tables, in their order. */
    static final List<String> NAMES = List.of(
            "fixed32",
            "len32",
            "prefix32",
            "crlf32",
            "lines32",
            "lines512",
            "line33",
            "switch128",
            "switch64k",
            "blank128",
            "dot512",
            "huge1k",
            "single64k",
            "gibibyte");

    private static final int READ = 65_536;
    private static final int PACKET = 1_500;
    private static final int MIN_STREAM = 262_144; // bytes
    private static final long GIBIBYTE = 1L << 30;

    /** Content of the repeated bytes. */
    static final byte[] BLOCK = text(READ);

    /** Returns a workload of {@link #NAMES}, or {@code crlf-FRAME-READ}: the bytes of a CRLF line and those of a read. */
    static Workload named(String name) {
        return switch (name) {
            case "fixed32" -> repeated(new Fixed(32), text(32), READ);
            case "len32" -> repeated(new Prefixed(false), join(bigEndian(32), text(32)), READ);
            case "prefix32" -> repeated(new Prefixed(true), join(bigEndian(32), text(32)), READ);
            case "crlf32" -> lines("\r\n", 32, READ);
            case "lines32" -> lines("\n", 32, READ);
            case "lines512" -> lines("\n", 512, PACKET);
            case "line33" -> lines("\n", 32, 33); // one line a read
            case "switch128" -> repeated(new HeadAndBody(), join(head(128), text(128)), READ);
            case "switch64k" -> repeated(new HeadAndBody(), join(head(65_536), text(65_536)), READ);
            case "blank128" -> delimited("\r\n\r\n", fields(124), READ);
            case "dot512" -> delimited("\r\n.\r\n", fields(507), PACKET);
            case "huge1k" -> delimited("\r\n\r\n", text(16 << 20), 1_024);
            case "single64k" -> delimited("\r\n\r\n", text(65_536), 1);
            case "gibibyte" -> new Workload(new HeadAndBody(), head(GIBIBYTE), GIBIBYTE, READ);
            default -> {
                String[] parts = name.split("-", -1);
                if (parts.length != 3 || !parts[0].equals("crlf")) {
                    throw new IllegalArgumentException("workload: " + name + " (expected: one of " + NAMES + ")");
                }
                yield lines("\r\n", Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
            }
        };
    }

    /** Returns the same stream in reads of another size. */
    Workload inReadsOf(int bytes) {
        return new Workload(framing, stream, repeatedBytes, bytes);
    }

    /** Returns the number of messages. A head and its body count as one. */
    long messages() {
        return repeatedBytes > 0 ? 1 : framing.split(stream).size() / (framing instanceof HeadAndBody ? 2 : 1);
    }

    private static Workload lines(String delimiter, int length, int read) {
        return delimited(delimiter, text(length), read);
    }

    private static Workload delimited(String delimiter, byte[] frame, int read) {
        byte[] bytes = delimiter.getBytes(US_ASCII);
        return repeated(new Delimited(bytes), join(frame, bytes), read);
    }

    private static Workload repeated(Framing framing, byte[] message, int read) {
        ByteBuffer stream = ByteBuffer.allocate((MIN_STREAM / message.length + 1) * message.length);
        while (stream.hasRemaining()) {
            stream.put(message);
        }
        return new Workload(framing, stream.array(), 0, read);
    }

    private static byte[] head(long length) {
        String fields = "POST /greet?name=kongxx HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nUser-Agent: bench\r\n";
        return (fields + "Content-Length: " + length + "\r\n\r\n").getBytes(US_ASCII);
    }

    /** Returns lines of a head, separated by CRLF. */
    private static byte[] fields(int length) {
        byte[] bytes = text(length);
        for (int end = 30; end + 2 < length; end += 32) {
            bytes[end] = '\r';
            bytes[end + 1] = '\n';
        }
        return bytes;
    }

    private static byte[] text(int length) {
        Random random = new Random(1);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ('a' + random.nextInt(26));
        }
        return bytes;
    }

    private static byte[] bigEndian(int value) {
        return ByteBuffer.allocate(Prefixed.BYTES).putInt(value).array();
    }

    private static byte[] join(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }
}
