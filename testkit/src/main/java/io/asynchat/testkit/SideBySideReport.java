package io.asynchat.testkit;

import io.asynchat.testkit.Expectation.Shown;
import java.util.ArrayList;
import java.util.List;

/** The steps of a conversation for a failure: expected on the left, actual on the right. */
final class SideBySideReport {

    /** The number of steps shown before the one that failed. */
    private static final int ROWS_BEFORE = 12;

    private static final int MIN_WIDTH = 24;
    private static final int MAX_WIDTH = 72;

    private record Row(String step, String expected, String actual) {}

    private final List<Row> rows = new ArrayList<>();

    void sent(String peer, byte[] bytes) {
        rows.add(new Row(peer + " >", brief(bytes), ""));
    }

    void received(String peer, String expected, byte[] actual) {
        rows.add(new Row(peer + " <", expected, brief(actual)));
    }

    void event(String peer, String what) {
        rows.add(new Row(peer + " #", what, ""));
    }

    static String brief(byte[] bytes) {
        return Shown.of(bytes, 0).text();
    }

    /** Returns the report, with the failed step last. */
    String with(String peer, Shown expected, Shown actual) {
        List<Row> shown = new ArrayList<>(rows.subList(Math.max(0, rows.size() - ROWS_BEFORE), rows.size()));
        shown.add(new Row(peer + " <", expected.text(), actual.text()));
        int steps = shown.stream().mapToInt(row -> row.step().length()).max().orElse(0);
        int left = shown.stream().mapToInt(row -> row.expected().length()).max().orElse(0);
        int width = Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, left));
        StringBuilder text = new StringBuilder();
        line(text, " ", steps, width, new Row("", "expected", "actual"));
        for (int i = 0; i < shown.size(); i++) {
            line(text, i == shown.size() - 1 ? ">" : " ", steps, width, shown.get(i));
        }
        line(text, " ", steps, width, new Row("", mark(expected), mark(actual)));
        return text.toString();
    }

    private static String mark(Shown shown) {
        return shown.mark() < 0 ? "" : " ".repeat(shown.mark()) + "^";
    }

    private static void line(StringBuilder text, String mark, int steps, int width, Row row) {
        String line = mark + " " + " ".repeat(steps - row.step().length()) + row.step() + " " + row.expected()
                + " ".repeat(Math.max(0, width - row.expected().length())) + "  " + row.actual();
        text.append(line.stripTrailing()).append('\n');
    }
}
