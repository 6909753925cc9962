package io.asynchat.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.benchmarks.Framing.Delimited;
import io.asynchat.benchmarks.Framing.Fixed;
import io.asynchat.benchmarks.Framing.HeadAndBody;
import io.asynchat.benchmarks.Framing.Prefixed;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * A stream and how it comes from the socket.
 *
 * @param stream whole messages
 * @param filling how many bytes more there are, of a body too large to be kept
 * @param read the most bytes of one read
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Workload(Framing framing, byte[] stream, long filling, int read) {
    private static final int READ = 65_536;
    private static final int PACKET = 1_500;
    private static final int STREAM = 262_144; // bytes at least, but for huge messages
    private static final long GIBIBYTE = 1L << 30;

    /** By its name in the tables, or {@code crlf-FRAME-READ}: frames of so many bytes and a CRLF, so many a read. */
    static Workload named(String name) {
        return switch (name) {
            case "lines32" -> lines("\n", 32, READ);
            case "crlf32" -> lines("\r\n", 32, READ);
            case "lines512" -> lines("\n", 512, PACKET);
            case "blank128" -> delimited("\r\n\r\n", fields(124), READ);
            case "dot512" -> delimited("\r\n.\r\n", fields(507), PACKET);
            case "fixed32" -> repeated(new Fixed(32), text(32), READ);
            case "len32" -> repeated(new Prefixed(), join(bigEndian(32), text(32)), READ);
            case "switch128" -> repeated(new HeadAndBody(), join(head(128), text(128)), READ);
            case "switch64k" -> repeated(new HeadAndBody(), join(head(65_536), text(65_536)), READ);
            case "huge1k" -> delimited("\r\n\r\n", text(16 << 20), 1_024);
            case "single64k" -> delimited("\r\n\r\n", text(65_536), 1);
            case "gibibyte" -> new Workload(new HeadAndBody(), head(GIBIBYTE), GIBIBYTE, READ);
            default -> {
                String[] parts = name.split("-", -1);
                yield lines("\r\n", Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
            }
        };
    }

    /** The same stream in reads of another size. */
    Workload inReadsOf(int bytes) {
        return new Workload(framing, stream, filling, bytes);
    }

    /** How many messages it holds, where a head and its body are one. */
    long messages() {
        return filling > 0 ? 1 : framing.split(stream).size() / (framing instanceof HeadAndBody ? 2 : 1);
    }

    private static Workload lines(String delimiter, int length, int read) {
        return delimited(delimiter, text(length), read);
    }

    private static Workload delimited(String delimiter, byte[] frame, int read) {
        byte[] bytes = delimiter.getBytes(US_ASCII);
        return repeated(new Delimited(bytes), join(frame, bytes), read);
    }

    private static Workload repeated(Framing framing, byte[] message, int read) {
        ByteBuffer stream = ByteBuffer.allocate((STREAM / message.length + 1) * message.length);
        while (stream.hasRemaining()) {
            stream.put(message);
        }
        return new Workload(framing, stream.array(), 0, read);
    }

    private static byte[] head(long length) {
        String fields = "POST /greet?name=kongxx HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nUser-Agent: bench\r\n";
        return (fields + "Content-Length: " + length + "\r\n\r\n").getBytes(US_ASCII);
    }

    /** Lines of a head, ended by CRLF but for the last. */
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
