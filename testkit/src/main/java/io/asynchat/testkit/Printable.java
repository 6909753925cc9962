package io.asynchat.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Formats bytes as printable text with escapes. */
final class Printable {

    /** The number of bytes of one value that a report shows at most. */
    private static final int MAX_SHOWN = 160;

    private static final int MAX_LITERAL = 4096;

    private static final Pattern ESCAPE = Pattern.compile("\\\\(x[0-9a-fA-F]{2}|.?)|[^\\\\]+", Pattern.DOTALL);

    private Printable() {}

    /** Returns the bytes from {@code from} to {@code to} in quotation marks, with escapes such as {@code \r \n \xff}. */
    static String quoted(byte[] bytes, int from, int to) {
        StringBuilder text = new StringBuilder("\"");
        int shown = Math.min(to, from + MAX_SHOWN);
        for (int i = from; i < shown; i++) {
            append(text, bytes[i], "\\x%02x");
        }
        text.append('"');
        return shown < to ? text + "... (" + (to - from) + " bytes)" : text.toString();
    }

    /** Returns a Java expression of type {@code byte[]}, with octal escapes; a comment if the bytes are too many. */
    static String javaLiteral(byte[] bytes) {
        if (bytes.length > MAX_LITERAL) {
            return "/* the first " + bytes.length + " bytes of the wire */";
        }
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < bytes.length; i++) {
            if (i > 0 && i % 80 == 0) {
                text.append("\"\n                + \"");
            }
            append(text, bytes[i], "\\%03o");
        }
        text.append('"');
        String literal = bytes.length > 80 ? "(" + text + ")" : text.toString();
        return literal + ".getBytes(StandardCharsets.ISO_8859_1)";
    }

    /** Returns the bytes of a text with the escapes of {@link #quoted} and {@code \0}; other characters become UTF-8. */
    static byte[] unescaped(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Matcher part = ESCAPE.matcher(text);
        while (part.find()) {
            String escape = part.group(1);
            if (escape == null) {
                bytes.writeBytes(part.group().getBytes(StandardCharsets.UTF_8));
            } else {
                bytes.write(valueOf(escape));
            }
        }
        return bytes.toByteArray();
    }

    private static int valueOf(String escape) {
        return switch (escape) {
            case "r" -> '\r';
            case "n" -> '\n';
            case "t" -> '\t';
            case "0" -> 0;
            case "\"", "\\" -> escape.charAt(0);
            default -> {
                if (escape.length() != 3) {
                    throw new IllegalArgumentException("\\" + escape
                            + " (expected: \\r, \\n, \\t, \\0, \\\", \\\\ or \\x and two hexadecimal digits)");
                }
                yield Integer.parseInt(escape.substring(1), 16);
            }
        };
    }

    private static void append(StringBuilder text, byte b, String escape) {
        switch (b) {
            case '\r' -> text.append("\\r");
            case '\n' -> text.append("\\n");
            case '\t' -> text.append("\\t");
            case '"' -> text.append("\\\"");
            case '\\' -> text.append("\\\\");
            default -> {
                if (b >= ' ' && b < 0x7f) {
                    text.append((char) b);
                } else {
                    text.append(String.format(Locale.ROOT, escape, b & 0xff));
                }
            }
        }
    }
}
