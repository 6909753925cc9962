package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads request heads: each octet comes in once, each line is judged once, as soon as its end is there, and what is wrong
 * with it is told by a {@link BadRequestException}, the same however the octets were cut.
 *
 * <p>A head is what stands before an empty line. Its lines are not frames of their own: one search for the empty line is
 * cheaper than ten for line ends. What a head was read into is used again for the next, so a head costs little garbage.
 */
final class RequestHeadParser {
    private static final byte[] NONE = {};

    /** An array up to this size is kept for the next head: many connections wait, and most heads are short. */
    private static final int KEPT = 1_024;

    private final Limits limits;
    private byte[] in = NONE; // the head so far
    private int size;
    private int line; // where the present one begins
    private int seen; // up to here there is no other line end
    private @Nullable RequestLine requestLine; // once it is whole
    private final HeaderFields fields = new HeaderFields();
    private final MessageFraming framing = new MessageFraming();

    RequestHeadParser(Limits limits) {
        this.limits = limits;
    }

    /** Whether nothing of a request has come; empty lines before it are nothing. */
    boolean isEmpty() {
        return requestLine == null && size == line;
    }

    /** What there is of the request line, for the log. */
    String firstLine() {
        if (requestLine != null) {
            return requestLine.text();
        }
        return new String(in, line, Math.min(size - line, limits.requestLine()), ISO_8859_1);
    }

    /** Whether the head, as far as it has come, asks for a head only. */
    boolean isHeadRequest() {
        return requestLine != null && requestLine.method().equals("HEAD");
    }

    /** Takes more of the head; {@code data} is borrowed. */
    void add(ByteBuf data) {
        int length = data.readableBytes();
        if (size + length > in.length) {
            in = Arrays.copyOf(in, Math.max(size + length, size == 0 ? 0 : 2 * in.length));
            fields.in(in);
        }
        data.getBytes(data.readerIndex(), in, size, length);
        size += length;
        readLines();
    }

    private void readLines() {
        for (; seen < size; seen++) {
            if (in[seen] == '\n') {
                if (seen == line || in[seen - 1] != '\r') {
                    throw new BadRequestException(RequestRejectReason.BARE_LF);
                }
                readLine(seen - 1);
                line = seen + 1;
            }
        }
        if (requestLine == null && size > line) {
            // Who speaks another protocol, or sends a line without end, may never come to the end of a line.
            checkBeginning(in[size - 1] == '\r' ? size - 1 : size);
        }
    }

    private void checkBeginning(int to) {
        if (to > line && !HttpGrammar.isToken(in[line])) {
            throw new BadRequestException(RequestRejectReason.INVALID_METHOD);
        }
        if (to - line > limits.requestLine()) {
            throw new BadRequestException(RequestRejectReason.REQUEST_LINE_TOO_LONG);
        }
    }

    private void readLine(int to) {
        if (requestLine == null) {
            checkBeginning(to);
            if (to > line) { // empty lines before it are ignored (RFC 9112, 2.2)
                requestLine = RequestLine.of(in, line, to);
            }
        } else {
            readField(to);
        }
    }

    private void readField(int to) {
        if (fields.size() == limits.fields()) {
            throw new BadRequestException(RequestRejectReason.TOO_MANY_FIELDS);
        }
        int nameEnd = HttpGrammar.endOfFieldName(in, line, to);
        int from = HttpGrammar.skipBlanks(in, nameEnd + 1, to);
        int end = HttpGrammar.trimBlanks(in, from, to);
        if (!HttpGrammar.isValue(in, from, end)) {
            throw new BadRequestException(RequestRejectReason.INVALID_FIELD_VALUE);
        }
        fields.add(line, nameEnd, from, end);
        framing.field(in, line, nameEnd, from, end);
    }

    /** The head is whole: null if it was but an empty line. It is valid until {@link #clear}, which the next needs. */
    @Nullable
    RequestHead end() {
        if (size > line) {
            readLine(size);
        }
        if (requestLine == null) {
            clear();
            return null;
        }
        line = size;
        return framing.head(requestLine, fields, limits.body());
    }

    /** Forgets the head; the reader is ready for the next. */
    void clear() {
        if (in.length > KEPT) {
            in = NONE;
        }
        size = 0;
        line = 0;
        seen = 0;
        requestLine = null;
        fields.clear();
        framing.clear();
    }
}
