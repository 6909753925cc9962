package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A page with places for values, {@code {name}}: whatever is put there is shown, and never markup. */
final class Template {
    private static final Pattern PLACE = Pattern.compile("\\{([a-z]+)\\}");

    private final List<String> parts = new ArrayList<>(); // text and name of a place in turn, and text again

    Template(String page) {
        var place = PLACE.matcher(page);
        int from = 0;
        while (place.find()) {
            parts.add(page.substring(from, place.start()));
            parts.add(place.group(1));
            from = place.end();
        }
        parts.add(page.substring(from));
    }

    /**
     * Fills in the values; a place without one becomes empty. Values are not looked at for places.
     *
     * @param values text, or the {@link Markup} that is to be taken as it is
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

    /** Writes text so that it is text in an element and in a quoted attribute. HTML has no way to write a control. */
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

    /** HTML that has been made from escaped text. */
    record Markup(String html) {}
}
