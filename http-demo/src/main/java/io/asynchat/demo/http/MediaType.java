package io.asynchat.demo.http;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The value of a Content-Type field (RFC 9110, 8.3.1).
 *
 * @param type type and subtype, in lower case
 * @param parameters values by name, without regard to case; of a repeated parameter the first
 */
record MediaType(String type, Map<String, String> parameters) {

    /** Parses a field value; null if it is malformed. */
    static @Nullable MediaType parse(String field) {
        int end = field.indexOf(';');
        String type = (end < 0 ? field : field.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        Map<String, String> parameters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        int at = end < 0 ? field.length() : end;
        while (at < field.length()) {
            at = endOfParameter(field, at + 1, parameters);
            if (at < 0) {
                return null;
            }
        }
        return new MediaType(type, parameters);
    }

    /** Reads one parameter, which may be empty; returns the position of the next semicolon, -1 if it is malformed. */
    private static int endOfParameter(String field, int from, Map<String, String> parameters) {
        int equals = from;
        while (equals < field.length() && "=;\"".indexOf(field.charAt(equals)) < 0) {
            equals++;
        }
        String name = field.substring(from, equals).strip();
        if (equals == field.length() || field.charAt(equals) != '=') {
            return name.isEmpty() && (equals == field.length() || field.charAt(equals) == ';') ? equals : -1;
        }
        StringBuilder value = new StringBuilder();
        boolean quoted = false;
        int at = equals + 1;
        for (; at < field.length() && (quoted || field.charAt(at) != ';'); at++) {
            char c = field.charAt(at);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted && at + 1 < field.length()) {
                value.append(field.charAt(++at));
            } else {
                value.append(c);
            }
        }
        parameters.putIfAbsent(name, value.toString().strip());
        return quoted ? -1 : at;
    }
}
