package io.asynchat.demo.codec.http;

import java.nio.charset.StandardCharsets;

/**
 * The rules of RFC 9110, 9112 and 3986 for the syntax of a request, on octets.
 *
 * <p>Where the RFCs let a recipient be lenient (a lone line feed as a line end, a folded line, a list in place of one value),
 * two programs may read two different requests from one stream; such input is rejected here, never repaired.
 */
public final class HttpGrammar {
    private static final int TOKEN = 1; // RFC 9110, 5.6.2
    private static final int VALUE = 1 << 1; // RFC 9110, 5.5: visible, blank, tab, obs-text
    private static final int TARGET = 1 << 2; // RFC 3986, and what browsers send as it is
    private static final int HOST = 1 << 3; // RFC 3986, reg-name; not the comma: it would be a list
    private static final int HEX = 1 << 4;
    private static final int DIGIT = 1 << 5;
    private static final int UNRESERVED = 1 << 6; // RFC 3986, 2.3

    private static final byte[] CLASSES = classes();

    /** As many digits as a long has: a number that overflows becomes negative, and is rejected. */
    private static final int MAX_DIGITS = 19;

    private static final int MAX_HEX_DIGITS = 15;

    private HttpGrammar() {}

    private static byte[] classes() {
        byte[] classes = new byte[256];
        String alphanumeric = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        mark(classes, TOKEN, alphanumeric + "!#$%&'*+-.^_`|~");
        mark(classes, TARGET, alphanumeric + "-._~!$&'()*+,;=:@/?%[]|^`{}");
        mark(classes, HOST, alphanumeric + "-._~!$&'()*+;=%");
        mark(classes, HEX, "0123456789abcdefABCDEF");
        mark(classes, DIGIT, "0123456789");
        mark(classes, UNRESERVED, alphanumeric + "-._~");
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

    /** Returns whether the octet may be part of a token. */
    public static boolean isToken(byte b) {
        return is(b, TOKEN);
    }

    /** Returns whether the octet is one that a URI need not encode (RFC 3986, 2.3). */
    static boolean isUnreserved(byte b) {
        return is(b, UNRESERVED);
    }

    /** Returns whether the octets are that name, without regard to case; {@code name} is in lower case. */
    public static boolean equalsIgnoreCase(byte[] in, int from, int to, String name) {
        if (to - from != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            int b = in[from + i];
            if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int end(byte[] in, int from, int to, int bit) {
        int i = from;
        while (i < to && is(in[i], bit)) {
            i++;
        }
        return i;
    }

    /** Returns the end of the token that begins at {@code from}. */
    public static int endOfToken(byte[] in, int from, int to) {
        return end(in, from, to, TOKEN);
    }

    /** Returns whether all octets may stand in the value of a field (RFC 9110, 5.5). */
    public static boolean isValue(byte[] in, int from, int to) {
        return end(in, from, to, VALUE) == to;
    }

    /** Returns the end of the request target that begins at {@code from}; {@code from} if an escape in it is malformed. */
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

    /** Returns the position of the first octet that is neither a space nor a tab. */
    static int skipBlanks(byte[] in, int from, int to) {
        int i = from;
        while (i < to && isBlank(in[i])) {
            i++;
        }
        return i;
    }

    /** Returns the end of the octets without the spaces and tabs at their end. */
    static int trimBlanks(byte[] in, int from, int to) {
        int i = to;
        while (i > from && isBlank(in[i - 1])) {
            i--;
        }
        return i;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** Returns whether the octets are a host with an optional port (RFC 9110, 7.2). */
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

    /** Parses a Content-Length: digits only (RFC 9110, 8.6). */
    static long contentLength(byte[] in, int from, int to) {
        if (from == to || to - from > MAX_DIGITS || end(in, from, to, DIGIT) != to) {
            throw new BadRequestException(RequestRejectReason.INVALID_CONTENT_LENGTH);
        }
        long length = number(in, from, to, 10);
        if (length < 0) {
            throw new BadRequestException(RequestRejectReason.INVALID_CONTENT_LENGTH);
        }
        return length;
    }

    /** Parses the line that announces a chunk, and returns the size of the chunk (RFC 9112, 7.1). */
    public static long chunkSize(byte[] line) {
        int end = end(line, 0, line.length, HEX);
        if (end == 0 || end > MAX_HEX_DIGITS || !areExtensions(line, end)) {
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

    /** Returns whether the rest is {@code *( BWS ";" BWS name [ BWS "=" BWS value ] )} (RFC 9112, 7.1.1). */
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

    /** Returns the end of a token or a quoted string; {@code from} if it is neither. */
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

    /**
     * Returns the end of the field name at the beginning of a line.
     *
     * @throws BadRequestException if the line begins with a blank, has no name, or has a blank before the colon
     */
    public static int endOfFieldName(byte[] in, int from, int to) {
        int end = endOfToken(in, from, to);
        if (end > from && end < to && in[end] == ':') {
            return end;
        }
        throw new BadRequestException(
                from < to && isBlank(in[from]) ? RequestRejectReason.OBS_FOLD : RequestRejectReason.INVALID_FIELD_NAME);
    }
}
