package io.asynchat.demo.chat.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;

/**
 * What a stranger sent as text that no terminal obeys: what would act on a terminal, or hide, is shown instead.
 *
 * <p>Control characters but the tab, and bytes that are not UTF-8, are written {@code \x1b}; marks that reorder text or
 * cannot be seen as Java would write them. The joiners U+200C and U+200D stay: Persian and many an emoji are spelt with them.
 */
final class TerminalText {
    private static final String BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0";

    private TerminalText() {}

    static String of(byte[] bytes) {
        CharsetDecoder decoder = UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        StringBuilder text = new StringBuilder(bytes.length);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            of(out.flip(), text);
            out.clear();
            if (!result.isError()) {
                return text.toString();
            }
            for (int i = 0; i < result.length(); i++) {
                text.append(String.format("\\x%02x", in.get() & 0xff));
            }
        }
    }

    static String of(String received) {
        StringBuilder text = new StringBuilder(received.length());
        of(received, text);
        return text.toString();
    }

    private static void of(CharSequence received, StringBuilder text) {
        received.codePoints().forEach(c -> {
            if (isHidden(c)) {
                text.append(String.format(c < 0x100 ? "\\x%02x" : "\\u%04x", c));
            } else {
                text.appendCodePoint(c);
            }
        });
    }

    private static boolean isHidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL -> c != '\t';
            case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> true;
            case Character.FORMAT -> c != 0x200c && c != 0x200d;
            default -> BLANK_LETTERS.indexOf(c) >= 0;
        };
    }
}
