package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A page with placeholders, {@code {name}}. Values are escaped: they are shown as text and are never markup. */
final class Template {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z]+)\\}");

    private final List<String> parts = new ArrayList<>(); // text and names of placeholders in turn, text first and last

    Template(String page) {
        var placeholder = PLACEHOLDER.matcher(page);
        int from = 0;
        while (placeholder.find()) {
            parts.add(page.substring(from, placeholder.start()));
            parts.add(placeholder.group(1));
            from = placeholder.end();
        }
        parts.add(page.substring(from));
    }

    /**
     * Returns the page in UTF-8 with the values in it; a placeholder without a value becomes empty. Placeholders in values are
     * not replaced.
     *
     * @param values text, or {@link Markup}, which is not escaped
     */
    byte[] fill(Map<String, ?> values) {
        StringBuilder filled = new StringBuilder(1_024);
        for (int i = 0; i < parts.size(); i++) {
            if (i % 2 == 0) {
                filled.append(parts.get(i));
                continue;
            }
            Object value = values.get(parts.get(i));
            if (value instanceof Markup markup) {
                filled.append(markup.html());
            } else if (value != null) {
                escape(value.toString(), filled);
            }
        }
        return filled.toString().getBytes(UTF_8);
    }

    /** Escapes text for an element or a quoted attribute. Control characters, which HTML cannot express, are replaced. */
    static void escape(String text, StringBuilder to) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> to.append("&amp;");
                case '<' -> to.append("&lt;");
                case '>' -> to.append("&gt;");
                case '"' -> to.append("&quot;");
                case '\'' -> to.append("&#39;");
                case '\t', '\n' -> to.append(c);
                default -> to.append(Character.isISOControl(c) ? '\ufffd' : c);
            }
        }
    }

    /** HTML whose text has been escaped. */
    record Markup(String html) {}
}
