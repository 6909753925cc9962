package io.asynchat.checks.drawings;

import java.util.Locale;

/** A drawing that is written from top to bottom, with colours for light and for dark pages. */
final class Svg {
    private static final int WIDTH = 720;
    private static final String STYLE = """
            <style>
            svg { --ink: #24292f; --soft: #57606a; --line: #8c959f; --page: #ffffff;
                  --a: #ddf4ff; --b: #fff8c5; --c: #dafbe1; --d: #ffebe9 }
            @media (prefers-color-scheme: dark) {
              svg { --ink: #e6edf3; --soft: #9198a1; --line: #656d76; --page: #0d1117;
                    --a: #0c2d6b; --b: #4d2d00; --c: #033a16; --d: #67060c } }
            text { font: 13px ui-monospace, Consolas, Menlo, monospace; fill: var(--ink) }
            .soft { fill: var(--soft) } .middle { text-anchor: middle }
            rect { stroke: var(--line) } line { stroke: var(--line) } .page { fill: var(--page); stroke: none }
            .a { fill: var(--a) } .b { fill: var(--b) } .c { fill: var(--c) } .d { fill: var(--d) }
            .cut { stroke: var(--ink); stroke-dasharray: 4 3; stroke-width: 2 }
            </style>
            """;

    private final StringBuilder shapes = new StringBuilder();
    private int y = 24;

    Svg(String title) {
        text(16, title, "");
        down(20);
    }

    int y() {
        return y;
    }

    void down(int by) {
        y += by;
    }

    void text(int x, String text, String style) {
        shapes.append(String.format(
                Locale.ROOT, "<text x=\"%d\" y=\"%d\" class=\"%s\">%s</text>\n", x, y, style, escaped(text)));
    }

    /** A box whose top is a line's height above the present line, with a text in its middle. */
    void box(int x, int width, String text, String style) {
        shapes.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"24\" class=\"%s\"/>\n",
                x,
                y - 17,
                width,
                style));
        text(x + width / 2, text, "middle");
    }

    void line(int x1, int y1, int x2, int y2, String style) {
        shapes.append(String.format(
                Locale.ROOT, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" class=\"%s\"/>\n", x1, y1, x2, y2, style));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    @Override
    public String toString() {
        return String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">\n",
                        WIDTH,
                        y)
                + STYLE
                + String.format(Locale.ROOT, "<rect class=\"page\" width=\"%d\" height=\"%d\"/>\n", WIDTH, y)
                + shapes
                + "</svg>\n";
    }
}
