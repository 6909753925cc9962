package io.asynchat.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A plot with two logarithmic axes, as SVG. */
record Plot(String title, String x, String y) {
    private static final List<String> COLOURS = List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#666666");
    private static final int WIDTH = 760;
    private static final int HEIGHT = 360;
    private static final int LEFT = 70;
    private static final int BOTTOM = 310;
    private static final int TOP = 40;
    private static final int RIGHT = 500;

    /** A point of a line. */
    record Point(double x, double y) {}

    String svg(Map<String, List<Point>> lines) {
        Scale xScale = Scale.of(lines, true);
        Scale yScale = Scale.of(lines, false);
        StringBuilder svg = new StringBuilder();
        svg.append(format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n",
                WIDTH, HEIGHT));
        svg.append(format("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n", WIDTH, HEIGHT));
        text(svg, LEFT, 20, "start", title);
        text(svg, (LEFT + RIGHT) / 2.0, HEIGHT - 10, "middle", x);
        text(svg, 8, TOP - 8, "start", y);
        for (double tick : xScale.ticks()) {
            double position = LEFT + xScale.fraction(tick) * (RIGHT - LEFT);
            gridLine(svg, position, TOP, position, BOTTOM);
            text(svg, position, BOTTOM + 16, "middle", number(tick));
        }
        for (double tick : yScale.ticks()) {
            double position = BOTTOM - yScale.fraction(tick) * (BOTTOM - TOP);
            gridLine(svg, LEFT, position, RIGHT, position);
            text(svg, LEFT - 6, position + 4, "end", number(tick));
        }
        int index = 0;
        for (Map.Entry<String, List<Point>> line : lines.entrySet()) {
            draw(svg, line, COLOURS.get(index % COLOURS.size()), index++, xScale, yScale);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void draw(
            StringBuilder svg,
            Map.Entry<String, List<Point>> line,
            String colour,
            int index,
            Scale xScale,
            Scale yScale) {
        StringBuilder points = new StringBuilder();
        for (Point point : line.getValue()) {
            points.append(format(
                    "%.1f,%.1f ",
                    LEFT + xScale.fraction(point.x()) * (RIGHT - LEFT),
                    BOTTOM - yScale.fraction(point.y()) * (BOTTOM - TOP)));
        }
        svg.append(
                format("<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>%n", colour, points));
        svg.append(format(
                "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n",
                RIGHT + 10, TOP + 20 * index + 10, colour, line.getKey()));
    }

    private static void gridLine(StringBuilder svg, double x1, double y1, double x2, double y2) {
        svg.append(format("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>%n", x1, y1, x2, y2));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        svg.append(format("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, text));
    }

    private static String number(double value) {
        if (value >= 1_000_000) {
            return format("%,.0f M", value / 1_000_000);
        }
        return value >= 1 ? format("%,.0f", value) : format("%.3g", value);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** A logarithmic axis between two powers of ten. */
    private record Scale(int from, int to) {
        static Scale of(Map<String, List<Point>> lines, boolean xAxis) {
            double[] values = lines.values().stream()
                    .flatMap(List::stream)
                    .mapToDouble(point -> Math.log10(xAxis ? point.x() : point.y()))
                    .sorted()
                    .toArray();
            return new Scale((int) Math.floor(values[0]), (int) Math.ceil(values[values.length - 1] + 1e-9));
        }

        double fraction(double value) {
            return (Math.log10(value) - from) / Math.max(1, to - from);
        }

        double[] ticks() {
            double[] ticks = new double[to - from + 1];
            for (int i = 0; i < ticks.length; i++) {
                ticks[i] = Math.pow(10, from + i);
            }
            return ticks;
        }
    }
}
