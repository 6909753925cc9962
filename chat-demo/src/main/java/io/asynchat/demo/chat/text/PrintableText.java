package io.asynchat.demo.chat.text;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacterEnums.ECharacterCategory;
import com.ibm.icu.lang.UProperty;
import java.util.Locale;

/**
 * Text that no terminal obeys and in which nothing hides: characters that act or cannot be seen are written as escapes.
 *
 * <p>These are, by Unicode's properties, control characters except the tab, separators of lines and paragraphs, halves of
 * surrogate pairs, and format and default ignorable characters, among them all that change the direction of text. The joiners
 * stay, because Persian and many emoji are spelt with them, and so do variation selectors, marks that are format characters but
 * can be seen, and the tags of an emoji flag.
 */
public final class PrintableText {
    private static final int NON_JOINER = 0x200c;
    private static final int JOINER = 0x200d;
    private static final int BLACK_FLAG = 0x1f3f4;

    private PrintableText() {}

    /** Returns the text with escapes: {@code \\x1b} up to U+00FF, else {@code \\u202e}. */
    public static String escape(String text) {
        int plain = 0;
        while (plain < text.length() && isPlain(text.charAt(plain))) {
            plain++;
        }
        if (plain == text.length()) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        escape(text, escaped);
        return escaped.toString();
    }

    /** Appends the text with escapes. */
    public static void escape(CharSequence text, StringBuilder to) {
        boolean flag = false; // tags may follow
        for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
            c = Character.codePointAt(text, i);
            boolean tag = flag && c >= 0xe0020 && c <= 0xe007f;
            flag = tag || c == BLACK_FLAG;
            if (tag || isPrintable(c)) {
                to.appendCodePoint(c);
            } else {
                to.append(String.format(Locale.ROOT, c < 0x100 ? "\\x%02x" : "\\u%04x", c));
            }
        }
    }

    /** What most text is made of: ASCII, Latin, and the common ideographs. */
    private static boolean isPlain(char c) {
        return (c >= 0x20 && c < 0x7f) || (c >= 0xc0 && c < 0x250) || (c >= 0x4e00 && c < 0xa000) || c == '\t';
    }

    private static boolean isPrintable(int c) {
        return switch (UCharacter.getType(c)) {
            case ECharacterCategory.CONTROL -> c == '\t';
            case ECharacterCategory.LINE_SEPARATOR,
                    ECharacterCategory.PARAGRAPH_SEPARATOR,
                    ECharacterCategory.SURROGATE -> false;
            case ECharacterCategory.FORMAT ->
                c == NON_JOINER
                        || c == JOINER
                        || UCharacter.hasBinaryProperty(c, UProperty.PREPENDED_CONCATENATION_MARK);
            default ->
                !UCharacter.hasBinaryProperty(c, UProperty.DEFAULT_IGNORABLE_CODE_POINT)
                        || UCharacter.hasBinaryProperty(c, UProperty.VARIATION_SELECTOR);
        };
    }
}
