package io.asynchat.demo.chat;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;

/**
 * What may be a name, of a person or a room, and when two are the same.
 *
 * <p>A name is shown as it was typed and compared by its {@linkplain #key key}: Unicode's NFKC, then case folding, then
 * NFKC again, so that width, case and composition make no second name. It is refused if it, or its NFKC form, has a blank,
 * a colon, a control or an invisible character in it, or begins with a mark that would cling to what stands before it.
 */
final class Names {
    private static final int CODE_POINTS = 32;

    private Names() {}

    /** Whether it may be a name. */
    static boolean isAllowed(String name) {
        return !name.isEmpty()
                && name.codePointCount(0, name.length()) <= CODE_POINTS
                && name.codePoints().allMatch(Names::isVisible)
                && Normalizer.normalize(name, Form.NFKC).codePoints().allMatch(Names::isVisible)
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

    /** What Unicode calls default ignorable without calling it a format character, and the empty braille pattern. */
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

    /** Equal for names that are the same. */
    static String key(String name) {
        String folded = Normalizer.normalize(name, Form.NFKC)
                .toUpperCase(Locale.ROOT) // Java has no case folding; by way of the capitals it folds more, never less
                .toLowerCase(Locale.ROOT);
        return Normalizer.normalize(folded, Form.NFKC);
    }
}
