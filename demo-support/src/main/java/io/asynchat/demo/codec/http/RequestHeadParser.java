package io.asynchat.demo.codec.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Parses the request heads of one connection: takes each octet once and checks each line once, as soon as its end has been
 * received. The result does not depend on how the octets were segmented.
 *
 * <p>The handler frames a head by {@link io.asynchat.Terminator#BLANK_LINE}, passes the pieces to {@link #add}, and calls
 * {@link #end} when the terminator is found: one search for the blank line costs less than ten for line ends. It may frame
 * single lines instead, and then calls {@link #endLine} after each.
 *
 * <p><b>Limits:</b> the terminator carries that of the head; this class checks the others.
 *
 * <p><b>Thread:</b> one at a time. <b>Errors:</b> {@link BadRequestException}, from every method that takes octets.
 *
 * <p><b>Source.</b> RFC 9112.
 */
public final class RequestHeadParser {
    private static final byte[] EMPTY = {};

    /** An array up to this size is kept for the next head: most heads are short, and many connections are idle. */
    private static final int MAX_KEPT = 1_024;

    private final HeadLimits limits;

    // All mutable because a connection has one head after another.
    private byte[] octets = EMPTY; // of the head so far
    private int size;
    private int lineStart; // of the present line
    private int scanned; // there is no other line end before this
    private @Nullable RequestLine requestLine; // once it is complete
    private final HeaderFields fields = new HeaderFields();
    private final MessageFraming framing = new MessageFraming();

    /** Creates a parser for one connection. */
    public RequestHeadParser(HeadLimits limits) {
        this.limits = limits;
    }

    /** Returns whether no octet of a request has been received; empty lines before a request do not count. */
    public boolean isEmpty() {
        return requestLine == null && size == lineStart;
    }

    /** Returns whether the request line is complete. */
    public boolean hasRequestLine() {
        return requestLine != null;
    }

    /** Returns the request line, or what has been received of it: for a log. */
    public String requestLine() {
        if (requestLine != null) {
            return requestLine.text();
        }
        int end = lineStart;
        while (end < size && octets[end] != '\n') {
            end++;
        }
        int length = end < size && end > lineStart && octets[end - 1] == '\r' ? end - 1 - lineStart : end - lineStart;
        return new String(octets, lineStart, Math.min(length, limits.requestLine()), ISO_8859_1);
    }

    /** Returns the field lines that are complete: all of them after {@link #end}. */
    public HeaderFields fields() {
        return fields;
    }

    /** Returns whether the method is HEAD, as far as the head has been received. */
    public boolean isHeadRequest() {
        return requestLine != null && requestLine.method().equals("HEAD");
    }

    /**
     * Adds octets of the head, without the blank line that ends it.
     *
     * <p><b>Ownership:</b> borrows {@code data}.
     */
    public void add(ByteBuf data) {
        int length = data.readableBytes();
        reserve(length);
        data.getBytes(data.readerIndex(), octets, size, length);
        size += length;
        readLines();
    }

    /**
     * Adds the line end that the terminator has removed. Returns whether that was the empty line at the end of the head:
     * {@link #end} is to be called then.
     *
     * <p>A field line is checked when the octet after its end has been received. {@code BLANK_LINE} holds the end of the last line
     * back until then, and the response to a peer that is silent there is the same however the head is framed.
     */
    public boolean endLine() {
        boolean nothingSinceLineEnd = size == lineStart || scanned < size;
        if (requestLine != null && nothingSinceLineEnd) {
            readLines();
            return true;
        }
        reserve(2);
        octets[size++] = '\r';
        octets[size++] = '\n';
        if (requestLine == null) {
            readLines();
        }
        return false;
    }

    /** Checks what has been received, the last line with it, at the end of the input: there is no octet after it. */
    public void endOfInput() {
        readLines();
    }

    /** Returns the limit of the next line, when single lines are framed. */
    public int remaining() {
        return Math.max(0, limits.head() - size);
    }

    private void reserve(int more) {
        if (size + more > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(size + more, size == 0 ? 0 : 2 * octets.length));
            fields.octets(octets);
        }
    }

    private void readLines() {
        for (; scanned < size; scanned++) {
            if (octets[scanned] == '\n') {
                if (scanned == lineStart || octets[scanned - 1] != '\r') {
                    if (requestLine == null) {
                        checkBeginning(scanned); // comes first, as if the line had been received octet by octet
                    }
                    throw new BadRequestException(RequestRejectReason.BARE_LF);
                }
                readLine(scanned - 1);
                lineStart = scanned + 1;
            }
        }
        if (requestLine == null && size > lineStart) {
            // A peer that speaks another protocol, or sends an endless line, may never send a line end.
            checkBeginning(octets[size - 1] == '\r' ? size - 1 : size);
        }
    }

    private void checkBeginning(int to) {
        if (to > lineStart && !HttpGrammar.isToken(octets[lineStart])) {
            throw new BadRequestException(RequestRejectReason.INVALID_METHOD);
        }
        if (to - lineStart > limits.requestLine()) {
            throw new BadRequestException(RequestRejectReason.REQUEST_LINE_TOO_LONG);
        }
    }

    private void readLine(int to) {
        if (requestLine == null) {
            checkBeginning(to);
            if (to > lineStart) { // empty lines before it are ignored (RFC 9112, 2.2)
                requestLine = RequestLine.parse(octets, lineStart, to);
            }
        } else {
            readField(to);
        }
    }

    private void readField(int to) {
        if (fields.size() == limits.fields()) {
            throw new BadRequestException(RequestRejectReason.TOO_MANY_FIELDS);
        }
        int nameEnd = HttpGrammar.endOfFieldName(octets, lineStart, to);
        int from = HttpGrammar.skipBlanks(octets, nameEnd + 1, to);
        int end = HttpGrammar.trimBlanks(octets, from, to);
        if (!HttpGrammar.isValue(octets, from, end)) {
            throw new BadRequestException(RequestRejectReason.INVALID_FIELD_VALUE);
        }
        fields.add(lineStart, nameEnd, from, end);
        framing.field(octets, lineStart, nameEnd, from, end);
    }

    /**
     * Ends the head. Returns null if it consisted of empty lines only.
     *
     * <p>The head is valid until {@link #clear}, which must be called before octets of the next one are added.
     */
    public @Nullable RequestHead end() {
        if (size > lineStart) {
            readLine(size);
        }
        if (requestLine == null) {
            clear();
            return null;
        }
        lineStart = size;
        return framing.head(requestLine, fields, limits.body());
    }

    /** Discards the head; the parser is ready for the next one. */
    public void clear() {
        if (octets.length > MAX_KEPT) {
            octets = EMPTY;
        }
        size = 0;
        lineStart = 0;
        scanned = 0;
        requestLine = null;
        fields.clear();
        framing.clear();
    }
}
