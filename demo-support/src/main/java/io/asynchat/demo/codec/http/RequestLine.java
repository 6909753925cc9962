package io.asynchat.demo.codec.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/**
 * The first line of a request; the components are those of {@link RequestHead}.
 *
 * @param method case-sensitive
 * @param target as it was sent
 * @param path normalized
 * @param query null if there is none
 * @param minorVersion x of HTTP/1.x
 */
record RequestLine(
        String method, String target, String path, @Nullable String query, int minorVersion) {
    private static final int VERSION_LENGTH = "HTTP/1.1".length();

    /** Where the path of a target begins, or where the target ends if it has none. */
    private record Target(int path, String emptyPath) {}

    /** Parses a line: method, one blank, target, one blank, version (RFC 9112, 3). */
    static RequestLine parse(byte[] in, int from, int to) {
        int methodEnd = HttpGrammar.endOfToken(in, from, to);
        if (methodEnd == to || in[methodEnd] != ' ') {
            throw new BadRequestException(RequestRejectReason.INVALID_METHOD);
        }
        int start = methodEnd + 1;
        int end = HttpGrammar.endOfTarget(in, start, to);
        if (end == start || (end < to && in[end] != ' ')) {
            throw new BadRequestException(RequestRejectReason.INVALID_TARGET);
        }
        int minorVersion = minorVersion(in, end + 1, to);
        String method = method(in, from, methodEnd);
        Target target = target(in, start, end, method);
        int queryStart = indexOf(in, target.path(), end, '?');
        String path = queryStart == target.path() ? target.emptyPath() : path(in, target.path(), queryStart);
        String query = queryStart == end ? null : text(in, queryStart + 1, end);
        return new RequestLine(method, text(in, start, end), path, query, minorVersion);
    }

    String text() {
        return text(method, target, minorVersion);
    }

    static String text(String method, String target, int minorVersion) {
        return method + " " + target + " HTTP/1." + minorVersion;
    }

    /**
     * Parses the version (RFC 9112, 2.3). A line without one is HTTP/0.9, which has no head and no recognizable end. A
     * higher minor version is processed as 1.1, the highest that is implemented (RFC 9110, 2.5).
     */
    private static int minorVersion(byte[] in, int from, int to) {
        if (to - from != VERSION_LENGTH
                || !new String(in, from, 5, ISO_8859_1).equals("HTTP/")
                || !isDigit(in[from + 5])
                || in[from + 6] != '.'
                || !isDigit(in[from + 7])) {
            throw new BadRequestException(RequestRejectReason.INVALID_VERSION);
        }
        if (in[from + 5] != '1') {
            throw new BadRequestException(RequestRejectReason.UNSUPPORTED_VERSION);
        }
        return in[from + 7] - '0';
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static String method(byte[] in, int from, int to) {
        if (to - from == 3 && in[from] == 'G' && in[from + 1] == 'E' && in[from + 2] == 'T') {
            return "GET";
        }
        return text(in, from, to);
    }

    /** Checks the form of a target, one of four (RFC 9112, 3.2). */
    private static Target target(byte[] in, int from, int to, String method) {
        if (method.equals("CONNECT")) {
            if (HttpGrammar.isHost(in, from, to)) {
                return new Target(to, "");
            }
        } else if (in[from] == '/') {
            return new Target(from, "/");
        } else if (in[from] != '*') {
            return absoluteForm(in, from, to, method);
        } else if (to - from == 1 && method.equals("OPTIONS")) {
            return new Target(to, "*");
        }
        throw new BadRequestException(RequestRejectReason.INVALID_TARGET);
    }

    private static Target absoluteForm(byte[] in, int from, int to, String method) {
        int schemeEnd = indexOf(in, from, to, ':');
        int host = schemeEnd + 3;
        if (host >= to
                || in[schemeEnd + 1] != '/'
                || in[schemeEnd + 2] != '/'
                || !(HttpGrammar.equalsIgnoreCase(in, from, schemeEnd, "http")
                        || HttpGrammar.equalsIgnoreCase(in, from, schemeEnd, "https"))) {
            throw new BadRequestException(RequestRejectReason.INVALID_TARGET);
        }
        int path = Math.min(indexOf(in, host, to, '/'), indexOf(in, host, to, '?'));
        if (!HttpGrammar.isHost(in, host, path)) {
            throw new BadRequestException(RequestRejectReason.INVALID_TARGET);
        }
        return new Target(path, method.equals("OPTIONS") && path == to ? "*" : "/"); // RFC 9112, 3.2.4
    }

    /** Returns the path, with encoded unreserved characters decoded and the other escapes in upper case. */
    private static String path(byte[] in, int from, int to) {
        if (to - from == 1) {
            return "/";
        }
        int escape = indexOf(in, from, to, '%');
        if (escape == to) {
            return text(in, from, to);
        }
        StringBuilder path = new StringBuilder(to - from).append(text(in, from, escape));
        for (int i = escape; i < to; i++) {
            if (in[i] != '%') {
                path.append((char) in[i]);
                continue;
            }
            int octet = (Character.digit(in[i + 1], 16) << 4) | Character.digit(in[i + 2], 16);
            if (HttpGrammar.isUnreserved((byte) octet)) {
                path.append((char) octet);
            } else {
                path.append('%').append(upperCase(in[i + 1])).append(upperCase(in[i + 2]));
            }
            i += 2;
        }
        return path.toString();
    }

    private static char upperCase(byte hexDigit) {
        return Character.toUpperCase((char) hexDigit);
    }

    /** Returns the position of the octet; {@code to} if it does not occur. */
    private static int indexOf(byte[] in, int from, int to, char octet) {
        int i = from;
        while (i < to && in[i] != octet) {
            i++;
        }
        return i;
    }

    private static String text(byte[] in, int from, int to) {
        return new String(in, from, to - from, ISO_8859_1);
    }
}
