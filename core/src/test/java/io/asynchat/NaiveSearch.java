package io.asynchat;

import io.asynchat.Terminator.AnyDelimiter;
import io.asynchat.Terminator.Delimiter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks for delimiters at every place, each time from the start. */
record NaiveSearch(List<String> delimiters) {

    /** The first delimiter to end, the longest of those, and where. */
    record Match(String delimiter, int end) {
        int start() {
            return end - delimiter.length();
        }
    }

    static NaiveSearch of(Terminator terminator) {
        List<Delimiter> delimiters = terminator instanceof Delimiter one
                ? List.of(one)
                : terminator instanceof AnyDelimiter any ? any.delimiters() : List.of();
        return new NaiveSearch(delimiters.stream()
                .map(delimiter -> new String(delimiter.bytes(), StandardCharsets.ISO_8859_1))
                .toList());
    }

    @Nullable
    Match in(String text) {
        Match longest = null;
        for (int end = 1; longest == null && end <= text.length(); end++) {
            for (String delimiter : delimiters) {
                boolean longer = longest == null
                        || delimiter.length() > longest.delimiter().length();
                if (longer && text.startsWith(delimiter, end - delimiter.length())) {
                    longest = new Match(delimiter, end);
                }
            }
        }
        return longest;
    }

    /** How many of the last characters may be the beginning of a delimiter. */
    int heldBackOf(String text) {
        for (int from = 0; from < text.length(); from++) {
            int length = text.length() - from;
            for (String delimiter : delimiters) {
                if (length < delimiter.length() && delimiter.regionMatches(0, text, from, length)) {
                    return length;
                }
            }
        }
        return 0;
    }
}
