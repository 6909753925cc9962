package io.asynchat.demo.chat.server;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;

/**
 * The rules for names of users and rooms: which are allowed, and which two are the same.
 *
 * <p>A name is shown as it was typed and compared by its {@linkplain #key key}: Unicode's NFKC, then case folding, then
 * NFKC again, so that width, case and composition make no second name. It is not allowed if it, or its NFKC form, contains a
 * blank, a colon, a control or an invisible character, or begins with a mark that would combine with the character before it.
 */
final class Nickname {
    private static final int CODE_POINTS = 32;

    private Nickname() {}

    /** Returns whether a user or a room may have this name. */
    static boolean isAllowed(String name) {
        return !name.isEmpty()
                && name.codePointCount(0, name.length()) <= CODE_POINTS
                && name.codePoints().allMatch(Nickname::isVisible)
                && Normalizer.normalize(name, Form.NFKC).codePoints().allMatch(Nickname::isVisible)
                && !isMark(name.codePointAt(0));
    }

    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> c != ':' && !isInvisible(c);
        };
    }

    /** Default ignorable characters that are not of category Cf, and the empty braille pattern. */
    private static boolean isInvisible(int c) {
        return c == 0x034f
                || c == 0x115f
                || c == 0x1160
                || c == 0x17b4
                || c == 0x17b5
                || (c >= 0x180b && c <= 0x180f)
                || c == 0x2800
                || c == 0x3164
                || (c >= 0xfe00 && c <= 0xfe0f)
                || c == 0xffa0
                || (c >= 0xe0100 && c <= 0xe01ef);
    }

    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.COMBINING_SPACING_MARK;
    }

    /** Returns a key that is equal for names that are the same. */
    static String key(String name) {
        String folded = Normalizer.normalize(name, Form.NFKC)
                .toUpperCase(Locale.ROOT) // Java has no case folding; through upper case it folds more, never less
                .toLowerCase(Locale.ROOT);
        return Normalizer.normalize(folded, Form.NFKC);
    }
}
