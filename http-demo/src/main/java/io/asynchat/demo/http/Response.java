package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.Producer;
import io.asynchat.demo.codec.http.HttpStatus;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What goes back, but for the date and for what becomes of the connection: encoded once, sent as often as it is asked for.
 *
 * <p><b>Ownership:</b> one with a file is for one request, and whoever has it sends or closes the file.
 */
final class Response {
    private static final byte[] KEEP_1_1 = "\r\n".getBytes(US_ASCII);
    private static final byte[] KEEP_1_0 = "Connection: keep-alive\r\n\r\n".getBytes(US_ASCII);
    private static final byte[] CLOSE = "Connection: close\r\n\r\n".getBytes(US_ASCII);
    private static final byte[] NOTHING = {};

    /** Pages may show their style sheet and nothing else, and are what their Content-Type says. */
    private static final String ALWAYS = "\r\nServer: AsynChat/0.1\r\n"
            + "Content-Security-Policy: default-src 'none'; style-src 'self'\r\n"
            + "X-Content-Type-Options: nosniff\r\n";

    private final HttpStatus status;
    private final byte[] head; // with room for the date, without the empty line
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
                new StringBuilder(start).append(" ".repeat(HttpClock.LENGTH)).append(ALWAYS);
        for (int i = 0; i < fields.length; i += 2) {
            text.append(fields[i]).append(": ").append(fields[i + 1]).append("\r\n");
        }
        if (status.hasBody()) {
            text.append("Content-Length: ").append(length).append("\r\n");
        }
        head = text.toString().getBytes(US_ASCII);
        dateAt = start.length();
    }

    /** An answer with these octets as its body; fields as name, value, name, value. */
    static Response of(HttpStatus status, byte[] body, String... fields) {
        return new Response(status, body, null, body.length, fields);
    }

    /** An answer without a body. */
    static Response of(HttpStatus status, String... fields) {
        return of(status, NOTHING, fields);
    }

    /** An answer whose body is a file's, or a part of one; null where only the head will be sent. */
    static Response of(HttpStatus status, @Nullable Producer file, long length, String... fields) {
        return new Response(status, NOTHING, file, length, fields);
    }

    HttpStatus status() {
        return status;
    }

    /** How long the body is. */
    long length() {
        return length;
    }

    /** What ends the head: what becomes of the connection, where that does not go without saying. */
    static byte[] end(boolean keep, boolean is10) {
        return !keep ? CLOSE : is10 ? KEEP_1_0 : KEEP_1_1;
    }

    /** How many octets {@link #encode} writes. */
    int encodedLength(byte[] end, boolean headOnly) {
        return head.length + end.length + (headOnly ? 0 : body.length);
    }

    /** Writes the head, and the body unless it is a file or only the head was asked for. */
    void encode(ByteBuf out, byte[] date, byte[] end, boolean headOnly) {
        int from = out.writerIndex();
        out.writeBytes(head).setBytes(from + dateAt, date).writeBytes(end);
        if (!headOnly) {
            out.writeBytes(body);
        }
    }

    /** What sends the body, if {@link #encode} does not. */
    @Nullable
    Producer producer() {
        return file;
    }
}
