package io.asynchat.testkit;

import io.asynchat.testkit.OutcomeChecker.Failure;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Formats a failure of {@link EveryCut}: the cut, expected and actual entries side by side, and a test to paste. */
final class Report {

    /** The number of equal rows shown before the first that differs. */
    private static final int ROWS_BEFORE = 3;

    private static final int ROWS_AFTER = 12;
    private static final int COLUMN = 48;

    private Report() {}

    static String of(Failure failure, String handlersAt, List<String> settings, String verb) {
        Outcome expected = failure.checker().expected();
        Outcome actual = failure.actual();
        StringBuilder text = new StringBuilder("EveryCut: ");
        if (actual.faults().isEmpty()) {
            text.append("the run does not agree with ").append(failure.checker().reference());
        } else {
            text.append(String.join("\n  and ", actual.faults()));
        }
        text.append("\n\nwire, ")
                .append(failure.segmentation())
                .append(failure.checker().interferenceText())
                .append(":\n  ")
                .append(pieces(failure))
                .append("\n\nhandlers: ")
                .append(String.join(", ", failure.handlers()));
        columns(text, "received", expected.inbound(), actual.inbound());
        columns(text, "written", expected.outbound(), actual.outbound());
        text.append("\n\nTo repeat just this:\n\n").append(test(failure, handlersAt, settings, verb));
        return text.toString();
    }

    private static String pieces(Failure failure) {
        byte[] wire = failure.checker().wire();
        Segmentation segmentation = failure.segmentation();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < segmentation.pieces(); i++) {
            text.append(i == 0 ? "" : " | ");
            text.append(Printable.quoted(wire, segmentation.start(i), segmentation.end(i, wire.length)));
        }
        return text.toString();
    }

    private static void columns(StringBuilder text, String title, List<Entry> expected, List<Entry> actual) {
        if (expected.isEmpty() && actual.isEmpty()) {
            return;
        }
        int first = firstDifference(expected, actual);
        text.append("\n\n").append(row("", "expected " + title, "actual " + title));
        int rows = Math.max(expected.size(), actual.size());
        int from = Math.max(0, first - ROWS_BEFORE);
        int to = Math.min(rows, from + ROWS_BEFORE + ROWS_AFTER);
        for (int i = from; i < to; i++) {
            String mark = (i == first ? ">" : " ") + (i + 1);
            int shown = i == first && i < expected.size() && i < actual.size()
                    ? Entry.firstShown(expected.get(i), actual.get(i))
                    : 0;
            text.append('\n').append(row(mark, cell(expected, i, shown), cell(actual, i, shown)));
        }
        if (to < rows) {
            text.append("\n      ... ")
                    .append(expected.size())
                    .append(" expected, ")
                    .append(actual.size())
                    .append(" in all");
        }
    }

    private static int firstDifference(List<Entry> expected, List<Entry> actual) {
        int i = 0;
        while (i < expected.size() && i < actual.size() && expected.get(i).equals(actual.get(i))) {
            i++;
        }
        return i;
    }

    private static String cell(List<Entry> entries, int index, int firstByte) {
        return index < entries.size() ? entries.get(index).textFrom(firstByte) : "-";
    }

    private static String row(String mark, String left, String right) {
        return String.format(Locale.ROOT, "%4s  %-" + COLUMN + "s  %s", mark, left, right);
    }

    private static String test(Failure failure, String handlersAt, List<String> settings, String verb) {
        Segmentation segmentation = failure.segmentation();
        String cuts = segmentation.cuts().stream().map(String::valueOf).collect(Collectors.joining(", "));
        String name = segmentation.cuts().isEmpty() ? "Uncut" : "CutAt" + cuts.replace(", ", "And");
        return "    @Test\n    void agreesWhen" + (name.length() > 60 ? "CutLikeThis" : name) + "() {\n"
                + "        byte[] wire = "
                + Printable.javaLiteral(failure.checker().wire()) + ";\n"
                + "        EveryCut.of(wire)\n"
                + "                .through(/* the handlers of " + handlersAt + " */)\n"
                + settings.stream()
                        .map(line -> "                " + line + "\n")
                        .collect(Collectors.joining())
                + "                .onlyCutAt(BufferKind." + segmentation.kind() + (cuts.isEmpty() ? "" : ", " + cuts)
                + ")\n"
                + "                ." + verb + ";\n    }\n";
    }
}
