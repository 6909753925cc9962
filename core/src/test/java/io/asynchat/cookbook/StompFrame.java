package io.asynchat.cookbook;

import io.netty.handler.codec.CorruptedFrameException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A frame of STOMP 1.2. Each character of its body stands for a byte. */
record StompFrame(String command, Map<String, String> headers, String body) {
    private static final int MOST_HEADERS = 64;
    private static final Pattern ESCAPE = Pattern.compile("\\\\(.?)", Pattern.DOTALL);

    /** The head of a frame, which grows by {@link #add}. */
    StompFrame(String command) {
        this(command, new LinkedHashMap<>(), "");
    }

    StompFrame with(String body) {
        return new StompFrame(command, headers, body);
    }

    /** Adds a line {@code name:value}; of several with one name the first counts. */
    void add(String line) {
        int colon = line.indexOf(':');
        if (colon < 0 || headers.size() == MOST_HEADERS) {
            throw new CorruptedFrameException(colon < 0 ? "header: no colon" : "headers: more than " + MOST_HEADERS);
        }
        headers.putIfAbsent(unescaped(line.substring(0, colon)), unescaped(line.substring(colon + 1)));
    }

    String header(String name) {
        String value = headers.get(name);
        if (value == null) {
            throw new CorruptedFrameException(command + ": no header " + name);
        }
        return value;
    }

    byte[] encoded() {
        StringBuilder head = new StringBuilder(command).append('\n');
        headers.forEach((name, value) ->
                head.append(escaped(name)).append(':').append(escaped(value)).append('\n'));
        byte[] headBytes = head.append('\n').toString().getBytes(StandardCharsets.UTF_8);
        byte[] bodyBytes = body.getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[headBytes.length + bodyBytes.length + 1]; // and a NUL at its end
        System.arraycopy(headBytes, 0, all, 0, headBytes.length);
        System.arraycopy(bodyBytes, 0, all, headBytes.length, bodyBytes.length);
        return all;
    }

    /** For the sake of STOMP 1.0 CONNECT and CONNECTED do not escape. */
    private boolean escapes() {
        return !command.startsWith("CONNECT");
    }

    private String escaped(String text) {
        return !escapes()
                ? text
                : text.replace("\\", "\\\\")
                        .replace("\r", "\\r")
                        .replace("\n", "\\n")
                        .replace(":", "\\c");
    }

    private String unescaped(String text) {
        return escapes() ? ESCAPE.matcher(text).replaceAll(StompFrame::meaning) : text;
    }

    private static String meaning(MatchResult escape) {
        return switch (escape.group(1)) {
            case "r" -> "\r";
            case "n" -> "\n";
            case "c" -> ":";
            case "\\" -> "\\\\"; // for replaceAll one backslash
            default -> throw new CorruptedFrameException("header: an escape that does not exist");
        };
    }
}
