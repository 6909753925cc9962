package io.asynchat.demo.chat.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Lines of text: how a received line is decoded, and how a message is written as a line. */
final class LineCodec {
    /** The encoding of terminals, telnet and the tutorial's client. */
    static final Encoding LINES = (message, to) -> writeLine(to, line(message));

    private static final Charset GBK = Charset.forName("GBK");

    private LineCodec() {}

    /** Returns the text of a line, decoded as UTF-8, else as GBK; null if it is neither. */
    static @Nullable String decode(byte[] line) {
        if (isAscii(line)) {
            return new String(line, StandardCharsets.ISO_8859_1);
        }
        String utf8 = decodeStrict(StandardCharsets.UTF_8, line);
        if (utf8 != null) {
            return utf8;
        }
        String gbk = decodeStrict(GBK, line);
        return gbk == null || gbk.chars().anyMatch(LineCodec::isPrivate)
                ? null
                : gbk; // Java maps GBK's user-defined areas
    }

    private static boolean isAscii(byte[] line) {
        int all = 0;
        for (byte b : line) {
            all |= b;
        }
        return all >= 0;
    }

    private static @Nullable String decodeStrict(Charset charset, byte[] line) {
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(line)).toString();
        } catch (CharacterCodingException other) {
            return null;
        }
    }

    private static boolean isPrivate(int c) {
        return c >= 0xe000 && c <= 0xf8ff;
    }

    /** Strips blanks as Python's {@code str.strip} does, which knows more of them than Java. */
    static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (from < to && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    static boolean isBlank(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }

    /** Returns a message as the tutorial's clients know it. */
    private static String line(ChatMessage message) {
        String name = message.name();
        return switch (message.kind()) {
            case SAID -> name + " : " + message.text();
            case ACTION -> "* " + name + " " + message.text();
            case ENTERED -> name + " has entered the room.";
            case LEFT -> name + " has left the room";
            case TELL -> name + " tells you : " + message.text();
            case TOLD -> "You tell " + name + " : " + message.text();
            case NOTICE -> message.text();
        };
    }

    /**
     * Writes one line and its end. All lines that leave the server are written here, and none can move a terminal's
     * cursor, change its colours, begin another line or turn the direction of the text.
     */
    static void writeLine(ByteBuf to, String line) {
        int plain = 0;
        while (plain < line.length() && !isControl(line.charAt(plain))) {
            plain++;
        }
        ByteBufUtil.writeUtf8(to, plain == line.length() ? line : visible(line));
        to.writeByte('\n');
    }

    private static String visible(String line) {
        StringBuilder visible = new StringBuilder(line.length() + 16);
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (isControl(c)) {
                visible.append(String.format(Locale.ROOT, c < 0x100 ? "\\x%02x" : "\\u%04x", (int) c));
            } else {
                visible.append(c);
            }
        }
        return visible.toString();
    }

    /** C0 except the tab, DEL, C1, the separators of lines and paragraphs, and marks that change the direction of text. */
    private static boolean isControl(char c) {
        if (c < 0x20) {
            return c != '\t';
        }
        return (c >= 0x7f && c < 0xa0)
                || c == '\u2028'
                || c == '\u2029'
                || (c >= '\u202a' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069');
    }
}
