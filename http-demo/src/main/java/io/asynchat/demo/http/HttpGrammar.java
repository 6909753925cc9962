package io.asynchat.demo.http;

import java.nio.charset.StandardCharsets;

/**
 * The rules of RFC 9110, 9112 and 3986 that decide what a request is, on octets, and nothing else.
 *
 * <p>What they allow twice (a lone line feed as a line end, a folded line, a list where one value belongs) is where two
 * programs read two requests into one stream; it is refused here, never repaired.
 */
final class HttpGrammar {
    private static final int TOKEN = 1; // RFC 9110, 5.6.2
    private static final int VALUE = 1 << 1; // RFC 9110, 5.5: visible, blank, tab, obs-text
    private static final int TARGET = 1 << 2; // RFC 3986, and what browsers send as it is
    private static final int HOST = 1 << 3; // RFC 3986, reg-name; not the comma: it would be a list
    private static final int HEX = 1 << 4;
    private static final int DIGIT = 1 << 5;

    private static final byte[] CLASSES = classes();

    /** More digits than a long has; the value is held against the limit before it could overflow. */
    private static final int MOST_DIGITS = 19;

    private static final int MOST_HEX_DIGITS = 15;

    private HttpGrammar() {}

    private static byte[] classes() {
        byte[] classes = new byte[256];
        String alphanumeric = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        mark(classes, TOKEN, alphanumeric + "!#$%&'*+-.^_`|~");
        mark(classes, TARGET, alphanumeric + "-._~!$&'()*+,;=:@/?%[]|^`{}");
        mark(classes, HOST, alphanumeric + "-._~!$&'()*+;=%");
        mark(classes, HEX, "0123456789abcdefABCDEF");
        mark(classes, DIGIT, "0123456789");
        for (int b = 0; b < 256; b++) {
            if (b == '\t' || (b >= ' ' && b != 0x7f)) {
                classes[b] |= VALUE;
            }
        }
        return classes;
    }

    private static void mark(byte[] classes, int bit, String octets) {
        for (byte b : octets.getBytes(StandardCharsets.US_ASCII)) {
            classes[b] |= (byte) bit;
        }
    }

    private static boolean is(byte b, int bit) {
        return (CLASSES[b & 0xff] & bit) != 0;
    }

    static boolean isToken(byte b) {
        return is(b, TOKEN);
    }

    private static int end(byte[] in, int from, int to, int bit) {
        int i = from;
        while (i < to && is(in[i], bit)) {
            i++;
        }
        return i;
    }

    /** Where the token that begins at {@code from} ends. */
    static int endOfToken(byte[] in, int from, int to) {
        return end(in, from, to, TOKEN);
    }

    static boolean isValue(byte[] in, int from, int to) {
        return end(in, from, to, VALUE) == to;
    }

    /** Where the request target that begins at {@code from} ends: at a blank, if it is a good one. */
    static int endOfTarget(byte[] in, int from, int to) {
        int end = end(in, from, to, TARGET);
        return escapesAreWhole(in, from, end) ? end : from;
    }

    private static boolean escapesAreWhole(byte[] in, int from, int to) {
        for (int i = from; i < to; i++) {
            if (in[i] == '%' && !(i + 2 < to && is(in[i + 1], HEX) && is(in[i + 2], HEX))) {
                return false;
            }
        }
        return true;
    }

    static int skipBlanks(byte[] in, int from, int to) {
        int i = from;
        while (i < to && isBlank(in[i])) {
            i++;
        }
        return i;
    }

    static int trimBlanks(byte[] in, int from, int to) {
        int i = to;
        while (i > from && isBlank(in[i - 1])) {
            i--;
        }
        return i;
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** RFC 9110, 7.2: a name or address, and perhaps a port. */
    static boolean isHost(byte[] in, int from, int to) {
        int end = from < to && in[from] == '[' ? endOfAddress(in, from, to) : end(in, from, to, HOST);
        if (end == from || !escapesAreWhole(in, from, end)) {
            return false;
        }
        return end == to || (in[end] == ':' && isPort(in, end + 1, to));
    }

    private static int endOfAddress(byte[] in, int from, int to) {
        int i = from + 1;
        while (i < to && (is(in[i], HEX) || in[i] == ':' || in[i] == '.')) {
            i++;
        }
        return i - from > 2 && i < to && in[i] == ']' ? i + 1 : from;
    }

    private static boolean isPort(byte[] in, int from, int to) {
        return end(in, from, to, DIGIT) == to && to - from <= 5 && number(in, from, to, 10) <= 65_535;
    }

    /** RFC 9110, 8.6: digits and nothing else. */
    static long contentLength(byte[] in, int from, int to) {
        if (from == to || to - from > MOST_DIGITS || end(in, from, to, DIGIT) != to) {
            throw new BadRequestException(RequestRejectReason.INVALID_CONTENT_LENGTH);
        }
        long length = number(in, from, to, 10);
        if (length < 0) {
            throw new BadRequestException(RequestRejectReason.INVALID_CONTENT_LENGTH);
        }
        return length;
    }

    /** RFC 9112, 7.1: the size of the chunk that a line announces. */
    static long chunkSize(byte[] line) {
        int end = end(line, 0, line.length, HEX);
        if (end == 0 || end > MOST_HEX_DIGITS || !areExtensions(line, end)) {
            throw new BadRequestException(RequestRejectReason.INVALID_CHUNK_SIZE);
        }
        return number(line, 0, end, 16);
    }

    private static long number(byte[] in, int from, int to, int radix) {
        long number = 0;
        for (int i = from; i < to; i++) {
            number = number * radix + Character.digit(in[i], radix);
        }
        return number;
    }

    /** RFC 9112, 7.1.1: *( BWS ";" BWS name [ BWS "=" BWS value ] ). */
    private static boolean areExtensions(byte[] in, int from) {
        int i = from;
        while (i < in.length) {
            i = skipBlanks(in, i, in.length);
            if (i == in.length || in[i] != ';') {
                return false;
            }
            int name = skipBlanks(in, i + 1, in.length);
            i = endOfToken(in, name, in.length);
            if (i == name) {
                return false;
            }
            int equals = skipBlanks(in, i, in.length);
            if (equals < in.length && in[equals] == '=') {
                int value = skipBlanks(in, equals + 1, in.length);
                i = endOfWord(in, value);
                if (i == value) {
                    return false;
                }
            }
        }
        return true;
    }

    /** A token or a quoted string; {@code from} if it is neither. */
    private static int endOfWord(byte[] in, int from) {
        if (from == in.length || in[from] != '"') {
            return endOfToken(in, from, in.length);
        }
        for (int i = from + 1; i < in.length && is(in[i], VALUE); i++) {
            if (in[i] == '"') {
                return i + 1;
            }
            if (in[i] == '\\' && ++i < in.length && !is(in[i], VALUE)) {
                return from;
            }
        }
        return from;
    }

    /** The end of a field name; refuses a line that begins with a blank, or has none, or one before the colon. */
    static int endOfFieldName(byte[] in, int from, int to) {
        int end = endOfToken(in, from, to);
        if (end > from && end < to && in[end] == ':') {
            return end;
        }
        throw new BadRequestException(
                from < to && isBlank(in[from]) ? RequestRejectReason.OBS_FOLD : RequestRejectReason.INVALID_FIELD_NAME);
    }
}
