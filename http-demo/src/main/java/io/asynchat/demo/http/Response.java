package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.Producer;
import io.asynchat.demo.codec.http.HttpStatus;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A response without its date and Connection field: encoded once, and sent any number of times.
 *
 * <p><b>Ownership:</b> a response with a file is for one request; its owner sends it or {@linkplain #close closes} it.
 */
final class Response {
    private static final byte[] KEEP_ALIVE_1_1 = "\r\n".getBytes(US_ASCII);
    private static final byte[] KEEP_ALIVE_1_0 = "Connection: keep-alive\r\n\r\n".getBytes(US_ASCII);
    private static final byte[] CLOSE = "Connection: close\r\n\r\n".getBytes(US_ASCII);
    private static final byte[] EMPTY = {};

    /** Pages may load their style sheet and nothing else, and have the type that they declare. */
    private static final String COMMON_FIELDS = "\r\nServer: AsynChat/0.1\r\n"
            + "Content-Security-Policy: default-src 'none'; style-src 'self'\r\n"
            + "X-Content-Type-Options: nosniff\r\n";

    private final HttpStatus status;
    private final byte[] head; // without the empty line, and with blanks in place of the date
    private final int dateAt;
    private final byte[] body;
    private final @Nullable Producer file; // in place of the body
    private final long length; // of body or file

    private Response(HttpStatus status, byte[] body, @Nullable Producer file, long length, String... fields) {
        this.status = status;
        this.body = body;
        this.file = file;
        this.length = length;
        String start = "HTTP/1.1 " + status.code() + " " + status.reason() + "\r\nDate: ";
        StringBuilder text =
                new StringBuilder(start).append(" ".repeat(HttpClock.LENGTH)).append(COMMON_FIELDS);
        for (int i = 0; i < fields.length; i += 2) {
            text.append(fields[i]).append(": ").append(fields[i + 1]).append("\r\n");
        }
        if (status.hasBody()) {
            text.append("Content-Length: ").append(length).append("\r\n");
        }
        head = text.toString().getBytes(US_ASCII);
        dateAt = start.length();
    }

    /** Returns a response with this body; fields as name, value, name, value. */
    static Response of(HttpStatus status, byte[] body, String... fields) {
        return new Response(status, body, null, body.length, fields);
    }

    /** Returns a response without a body. */
    static Response of(HttpStatus status, String... fields) {
        return of(status, EMPTY, fields);
    }

    /** Returns a response whose body is a file, or a part of one; null if only the head will be sent. */
    static Response of(HttpStatus status, @Nullable Producer file, long length, String... fields) {
        return new Response(status, EMPTY, file, length, fields);
    }

    HttpStatus status() {
        return status;
    }

    /** Returns the length of the body. */
    long length() {
        return length;
    }

    /** Returns the end of the head: the Connection field, where there is one, and the empty line. */
    static byte[] end(boolean keepAlive, boolean isHttp10) {
        return !keepAlive ? CLOSE : isHttp10 ? KEEP_ALIVE_1_0 : KEEP_ALIVE_1_1;
    }

    /** Returns the number of octets that {@link #encode} writes. */
    int encodedLength(byte[] end, boolean headOnly) {
        return head.length + end.length + (headOnly ? 0 : body.length);
    }

    /** Writes the head, and the body unless it is a file or {@code headOnly}. */
    void encode(ByteBuf out, byte[] date, byte[] end, boolean headOnly) {
        int from = out.writerIndex();
        out.writeBytes(head).setBytes(from + dateAt, date).writeBytes(end);
        if (!headOnly) {
            out.writeBytes(body);
        }
    }

    /** Returns the producer of the body; null if {@link #encode} writes it. */
    @Nullable
    Producer producer() {
        return file;
    }

    /** Closes the file of a response that is not sent. */
    void close() {
        if (file != null) {
            try {
                file.close();
            } catch (Exception failed) {
                throw new IllegalStateException("response: file not closed", failed);
            }
        }
    }
}
