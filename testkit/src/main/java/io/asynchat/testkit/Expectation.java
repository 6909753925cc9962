package io.asynchat.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The bytes that a peer of a {@link Conversation} expects next. */
interface Expectation {

    /** Compares the unread bytes with the expectation. */
    Comparison of(byte[] unread);

    /** Returns the expectation as text for a failure, with the byte at {@code differs} marked. */
    Shown shown(int differs);

    /**
     * The result of a comparison.
     *
     * @param holds whether the unread bytes begin with what is expected
     * @param mayChange whether more bytes may change the result
     * @param length the number of bytes that match
     * @param differs the index of the first byte that is wrong or missing
     */
    record Comparison(boolean holds, boolean mayChange, int length, int differs) {}

    /** Expects exactly these bytes. */
    final class Bytes implements Expectation {
        private final byte[] expected;

        Bytes(byte[] expected) {
            this.expected = expected;
        }

        @Override
        public Comparison of(byte[] unread) {
            int length = Math.min(unread.length, expected.length);
            int differs = Arrays.mismatch(expected, 0, length, unread, 0, length);
            boolean same = differs < 0;
            boolean all = unread.length >= expected.length;
            return new Comparison(same && all, same && !all, expected.length, same ? length : differs);
        }

        @Override
        public Shown shown(int differs) {
            return Shown.of(expected, differs);
        }
    }

    /** Expects bytes that a regular expression matches; each byte counts as one character. */
    record Matching(String regex, Pattern pattern) implements Expectation {

        /** The number of bytes that are searched for the first byte with which the pattern cannot match. */
        private static final int MAX_SEARCHED = 4096;

        @Override
        public Comparison of(byte[] unread) {
            String text = new String(unread, StandardCharsets.ISO_8859_1);
            Matcher matcher = pattern.matcher(text);
            boolean holds = matcher.lookingAt();
            return new Comparison(holds, matcher.hitEnd(), holds ? matcher.end() : 0, holds ? 0 : differs(text));
        }

        /** Returns the index of the first byte after which no further byte could have made the pattern match. */
        private int differs(String text) {
            int most = Math.min(text.length(), MAX_SEARCHED);
            for (int length = 1; length <= most; length++) {
                Matcher matcher = pattern.matcher(text).region(0, length);
                if (!matcher.lookingAt() && !matcher.hitEnd()) {
                    return length - 1;
                }
            }
            return most;
        }

        @Override
        public Shown shown(int differs) {
            String visible = regex.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t");
            return new Shown("matching " + visible, -1);
        }
    }

    static Matching matching(String regex) {
        byte[] utf8 = regex.getBytes(StandardCharsets.UTF_8);
        return new Matching(regex, Pattern.compile(new String(utf8, StandardCharsets.ISO_8859_1)));
    }

    /** Text of a column, and the position of the mark in it, -1 for none. */
    record Shown(String text, int mark) {

        private static final int BYTES_AROUND = 20;

        static Shown of(byte[] bytes, int differs) {
            int from = differs < 2 * BYTES_AROUND ? 0 : differs - BYTES_AROUND;
            int to = Math.min(bytes.length, from + 3 * BYTES_AROUND);
            String before = from == 0 ? "" : "(from byte " + from + ") ";
            String after = to < bytes.length ? "... (" + bytes.length + " bytes)" : "";
            int mark = before.length()
                    + Printable.quoted(bytes, from, Math.min(differs, bytes.length))
                            .length()
                    - 1;
            return new Shown(before + Printable.quoted(bytes, from, to) + after, mark);
        }
    }
}
