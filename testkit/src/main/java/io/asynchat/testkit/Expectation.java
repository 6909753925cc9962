package io.asynchat.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a peer of a {@link Conversation} should receive next. */
interface Expectation {

    /** How far what has come is as it should be. */
    Verdict of(byte[] unread);

    /** In a failure, with the byte at {@code differs} marked. */
    Shown shown(int differs);

    /**
     * What can be said so far.
     *
     * @param holds whether the front of what has come is what should come
     * @param mayChange whether more bytes may change that
     * @param length how many bytes it is
     * @param differs the first byte that should not be, or that is missing
     */
    record Verdict(boolean holds, boolean mayChange, int length, int differs) {}

    /** These bytes. */
    final class Bytes implements Expectation {
        private final byte[] expected;

        Bytes(byte[] expected) {
            this.expected = expected;
        }

        @Override
        public Verdict of(byte[] unread) {
            int length = Math.min(unread.length, expected.length);
            int differs = Arrays.mismatch(expected, 0, length, unread, 0, length);
            boolean same = differs < 0;
            boolean all = unread.length >= expected.length;
            return new Verdict(same && all, same && !all, expected.length, same ? length : differs);
        }

        @Override
        public Shown shown(int differs) {
            return Shown.of(expected, differs);
        }
    }

    /** Bytes that this matches, each of them taken for a character. */
    record Matching(String regex, Pattern pattern) implements Expectation {

        /** A longer stream is not searched for the byte that rules the pattern out. */
        private static final int SEARCHED_AT_MOST = 4096;

        @Override
        public Verdict of(byte[] unread) {
            String text = new String(unread, StandardCharsets.ISO_8859_1);
            Matcher matcher = pattern.matcher(text);
            boolean holds = matcher.lookingAt();
            return new Verdict(holds, matcher.hitEnd(), holds ? matcher.end() : 0, holds ? 0 : differs(text));
        }

        /** The byte after which no other could have made it match. */
        private int differs(String text) {
            int most = Math.min(text.length(), SEARCHED_AT_MOST);
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

    /** Text in a column, and where in it the mark stands, -1 for none. */
    record Shown(String text, int mark) {

        private static final int BYTES_AROUND = 20;

        static Shown of(byte[] bytes, int differs) {
            int from = differs < 2 * BYTES_AROUND ? 0 : differs - BYTES_AROUND;
            int to = Math.min(bytes.length, from + 3 * BYTES_AROUND);
            String before = from == 0 ? "" : "(from byte " + from + ") ";
            String after = to < bytes.length ? "... (" + bytes.length + " bytes)" : "";
            int mark = before.length()
                    + Visible.quoted(bytes, from, Math.min(differs, bytes.length))
                            .length()
                    - 1;
            return new Shown(before + Visible.quoted(bytes, from, to) + after, mark);
        }
    }
}
