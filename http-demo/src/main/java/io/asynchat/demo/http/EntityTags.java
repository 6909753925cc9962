package io.asynchat.demo.http;

import java.util.ArrayList;
import java.util.List;

/**
 * The value of If-Match or If-None-Match: "*", or a list of entity tags. A tag may contain commas and "*".
 *
 * @param any whether the value is "*"
 * @param tags the tags, each with its quotes and its "W/" if it is weak; empty if the value is malformed
 */
record EntityTags(boolean any, List<String> tags) {
    private static final String WEAK = "W/";

    /** Parses a field value (RFC 9110, 8.8.3 and 5.6.1). A malformed list has no tags, so it matches nothing. */
    static EntityTags parse(String field) {
        if (field.strip().equals("*")) {
            return new EntityTags(true, List.of());
        }
        List<String> tags = new ArrayList<>();
        int at = 0;
        while (true) {
            at = skip(field, at, ", \t"); // an element may be empty
            if (at == field.length()) {
                return new EntityTags(false, tags);
            }
            int end = endOfTag(field, at);
            int next = skip(field, end, " \t");
            if (end == at || (next < field.length() && field.charAt(next) != ',')) {
                return new EntityTags(false, List.of());
            }
            tags.add(field.substring(at, end));
            at = next;
        }
    }

    /** Returns the end of the tag that begins at {@code from}; {@code from} if there is none. */
    private static int endOfTag(String field, int from) {
        int quote = field.startsWith(WEAK, from) ? from + WEAK.length() : from;
        if (quote >= field.length() || field.charAt(quote) != '"') {
            return from;
        }
        for (int i = quote + 1; i < field.length() && isTagCharacter(field.charAt(i)); i++) {
            if (field.charAt(i) == '"') {
                return i + 1;
            }
        }
        return from;
    }

    private static boolean isTagCharacter(char c) {
        return c > ' ' && c != 0x7f;
    }

    private static int skip(String field, int from, String characters) {
        int i = from;
        while (i < field.length() && characters.indexOf(field.charAt(i)) >= 0) {
            i++;
        }
        return i;
    }

    /** Compares strongly: both tags must be strong (RFC 9110, 8.8.3.2). */
    boolean matchStrongly(String tag) {
        return any || (!tag.startsWith(WEAK) && tags.contains(tag));
    }

    /** Compares weakly: only the opaque parts count. */
    boolean matchWeakly(String tag) {
        return any || tags.stream().anyMatch(each -> opaque(each).equals(opaque(tag)));
    }

    private static String opaque(String tag) {
        return tag.startsWith(WEAK) ? tag.substring(WEAK.length()) : tag;
    }
}
