package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * The first line of a request.
 *
 * @param method case-sensitive
 * @param target as it was sent
 * @param path of the target, still encoded; "*" of that target
 * @param minor of the version 1.x; more than 1 is as 1
 */
record RequestLine(String method, String target, String path, int minor) {
    private static final int VERSION_LENGTH = "HTTP/1.1".length();

    /** RFC 9112, 3: method, one blank, target, one blank, version. */
    static RequestLine of(byte[] in, int from, int to) {
        int methodEnd = HttpGrammar.endOfToken(in, from, to);
        if (methodEnd == to || in[methodEnd] != ' ') {
            throw new BadRequestException(RequestRejectReason.INVALID_METHOD);
        }
        int target = methodEnd + 1;
        int targetEnd = HttpGrammar.endOfTarget(in, target, to);
        if (targetEnd == target || (targetEnd < to && in[targetEnd] != ' ')) {
            throw new BadRequestException(RequestRejectReason.INVALID_TARGET);
        }
        int minor = minor(in, targetEnd + 1, to);
        String method = method(in, from, methodEnd);
        return new RequestLine(method, text(in, target, targetEnd), path(in, target, targetEnd, method), minor);
    }

    String text() {
        return method + " " + target + " HTTP/1." + minor;
    }

    /**
     * RFC 9112, 2.3; without a version it is HTTP/0.9, which has no heads, nor an end that can be told. A higher minor
     * version is read as 1.1, the highest that we know (RFC 9110, 2.5).
     */
    private static int minor(byte[] in, int from, int to) {
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

    /** RFC 9112, 3.2: the four forms of a target. */
    private static String path(byte[] in, int from, int to, String method) {
        if (method.equals("CONNECT")) {
            if (HttpGrammar.isHost(in, from, to)) {
                return "";
            }
        } else if (in[from] == '/') {
            return to - from == 1 ? "/" : text(in, from, endOfPath(in, from, to));
        } else if (in[from] == '*' && to - from == 1) {
            if (method.equals("OPTIONS")) {
                return "*";
            }
        } else {
            return pathOfAbsolute(in, from, to, method);
        }
        throw new BadRequestException(RequestRejectReason.INVALID_TARGET);
    }

    private static String pathOfAbsolute(byte[] in, int from, int to, String method) {
        int scheme = endOf(in, from, to, ':');
        int host = scheme + 3;
        if (host >= to
                || in[scheme + 1] != '/'
                || in[scheme + 2] != '/'
                || !(HeaderFields.equalsIgnoreCase(in, from, scheme, "http")
                        || HeaderFields.equalsIgnoreCase(in, from, scheme, "https"))) {
            throw new BadRequestException(RequestRejectReason.INVALID_TARGET);
        }
        int path = Math.min(endOf(in, host, to, '/'), endOf(in, host, to, '?'));
        if (!HttpGrammar.isHost(in, host, path)) {
            throw new BadRequestException(RequestRejectReason.INVALID_TARGET);
        }
        if (path == to || in[path] == '?') {
            return method.equals("OPTIONS") && path == to ? "*" : "/"; // RFC 9112, 3.2.4
        }
        return text(in, path, endOfPath(in, path, to));
    }

    private static int endOfPath(byte[] in, int from, int to) {
        return endOf(in, from, to, '?');
    }

    private static int endOf(byte[] in, int from, int to, char end) {
        int i = from;
        while (i < to && in[i] != end) {
            i++;
        }
        return i;
    }

    private static String text(byte[] in, int from, int to) {
        return new String(in, from, to - from, ISO_8859_1);
    }
}
