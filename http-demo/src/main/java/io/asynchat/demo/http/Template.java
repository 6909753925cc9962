package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.regex.Pattern;

/** A page with places for values, {@code {name}}: whatever is put there is shown, and never markup. */
final class Template {
    private static final Pattern PLACE = Pattern.compile("\\{([a-z]+)\\}");

    private final String page;

    Template(String page) {
        this.page = page;
    }

    /**
     * Fills in the values; a place without one becomes empty. Values are not looked at for places.
     *
     * @param values text, or the {@link Markup} that is to be taken as it is
     */
    byte[] fill(Map<String, ?> values) {
        StringBuilder filled = new StringBuilder(page.length() + 64);
        var place = PLACE.matcher(page);
        int from = 0;
        while (place.find()) {
            filled.append(page, from, place.start());
            Object value = values.get(place.group(1));
            if (value instanceof Markup markup) {
                filled.append(markup.html());
            } else if (value != null) {
                escape(value.toString(), filled);
            }
            from = place.end();
        }
        return filled.append(page, from, page.length()).toString().getBytes(UTF_8);
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
