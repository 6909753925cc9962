package io.asynchat.demo.chat.server;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacterEnums.ECharacterCategory;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.SpoofChecker;
import java.util.Locale;

/**
 * The rules for names of users and rooms: which are allowed, and which two are the same.
 *
 * <p>A name is shown as it was typed and compared by its {@linkplain #key key}, so that width, case, composition and
 * characters that look alike make no second name; two ASCII names are the same only if they differ by case alone. It is not
 * allowed if it, or its NFKC form, contains a blank, a colon, a control or an invisible character, or begins with a mark that
 * would combine with the character before it, or has more marks in a row than any language needs.
 *
 * <p><b>Source.</b> Unicode's UTS 39 (skeletons of confusable characters; at most four marks in a row) and UAX 15 (NFKC).
 */
final class Nickname {
    private static final int MAX_CODE_POINTS = 32;
    private static final int MAX_MARKS = 4;
    private static final int BLANK_BRAILLE = 0x2800;
    private static final Normalizer2 NFKC = Normalizer2.getNFKCInstance();
    private static final Normalizer2 NFD = Normalizer2.getNFDInstance();

    /** Loaded with the first name that is not ASCII: its table takes a tenth of a second. */
    private static final class Confusables {
        static final SpoofChecker CHECKER =
                new SpoofChecker.Builder().setChecks(SpoofChecker.CONFUSABLE).build();
    }

    private Nickname() {}

    /** Returns whether a user or a room may have this name. */
    static boolean isAllowed(String name) {
        return !name.isEmpty()
                && name.codePointCount(0, name.length()) <= MAX_CODE_POINTS
                && name.codePoints().allMatch(Nickname::isVisible)
                && NFKC.normalize(name).codePoints().allMatch(Nickname::isVisible)
                && !isMark(name.codePointAt(0))
                && !hasPileOfMarks(name);
    }

    private static boolean isVisible(int c) {
        return switch (UCharacter.getType(c)) {
            case ECharacterCategory.CONTROL,
                    ECharacterCategory.FORMAT,
                    ECharacterCategory.SURROGATE,
                    ECharacterCategory.PRIVATE_USE,
                    ECharacterCategory.UNASSIGNED,
                    ECharacterCategory.SPACE_SEPARATOR,
                    ECharacterCategory.LINE_SEPARATOR,
                    ECharacterCategory.PARAGRAPH_SEPARATOR -> false;
            default ->
                c != ':'
                        && c != BLANK_BRAILLE
                        && !UCharacter.hasBinaryProperty(c, UProperty.DEFAULT_IGNORABLE_CODE_POINT);
        };
    }

    private static boolean isMark(int c) {
        int type = UCharacter.getType(c);
        return type == ECharacterCategory.COMBINING_SPACING_MARK || isNonspacingMark(type);
    }

    private static boolean isNonspacingMark(int type) {
        return type == ECharacterCategory.NON_SPACING_MARK || type == ECharacterCategory.ENCLOSING_MARK;
    }

    private static boolean hasPileOfMarks(String name) {
        int marks = 0;
        for (int c : NFD.normalize(name).codePoints().toArray()) {
            marks = isNonspacingMark(UCharacter.getType(c)) ? marks + 1 : 0;
            if (marks > MAX_MARKS) {
                return true;
            }
        }
        return false;
    }

    /** Returns a key that is equal for names that are the same. */
    static String key(String name) {
        String folded = fold(NFKC.normalize(name));
        return isAscii(folded) ? folded : fold(skeleton(folded));
    }

    /** By way of upper case, which folds more than case folding alone: a dotless i is an i. */
    private static String fold(String name) {
        return NFKC.normalize(UCharacter.foldCase(UCharacter.toUpperCase(Locale.ROOT, name), true));
    }

    private static boolean isAscii(String name) {
        return name.chars().allMatch(c -> c < 0x80);
    }

    /** Replaces characters by those that they look like. ASCII stays: among ASCII names l and 1 are two. */
    private static String skeleton(String name) {
        StringBuilder skeleton = new StringBuilder();
        NFD.normalize(name).codePoints().forEach(c -> {
            if (c < 0x80) {
                skeleton.appendCodePoint(c);
            } else {
                skeleton.append(Confusables.CHECKER.getSkeleton(UCharacter.toString(c)));
            }
        });
        return skeleton.toString();
    }
}
