package io.asynchat.demo.chat.server;

import io.asynchat.demo.chat.text.PrintableText;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Lines of text: how a received line is decoded, and how a message is written as a line. */
final class LineCodec {
    /** The encoding of terminals, telnet and the tutorial's client. */
    static final Encoding LINES = (message, to) -> writeLine(to, line(message));

    private static final byte IAC = (byte) 0xff; // of telnet
    private static final int SUBNEGOTIATION = 250;
    private static final int SUBNEGOTIATION_END = 240;
    private static final Charset GBK = Charset.forName("GBK");

    private LineCodec() {}

    /** Returns the line without the telnet commands before its text: clients negotiate before the first line. */
    static byte[] skipTelnetCommands(byte[] line) {
        int text = 0;
        while (text + 1 < line.length && line[text] == IAC) {
            text = endOfCommand(line, text + 1);
        }
        return text == 0 ? line : Arrays.copyOfRange(line, Math.min(text, line.length), line.length);
    }

    /** RFC 854: a command has two bytes, the negotiation of an option three, a subnegotiation ends with IAC SE. */
    private static int endOfCommand(byte[] line, int command) {
        int code = line[command] & 0xff;
        if (code != SUBNEGOTIATION) {
            return command + (code > SUBNEGOTIATION && code < 0xff ? 2 : 1);
        }
        for (int i = command + 1; i + 1 < line.length; i++) {
            if (line[i] == IAC && (line[i + 1] & 0xff) == SUBNEGOTIATION_END) {
                return i + 2;
            }
        }
        return line.length;
    }

    /** Returns the line without a byte order mark, which some editors put at the beginning of a file. */
    static byte[] skipByteOrderMark(byte[] line) {
        boolean marked = line.length >= 3 && line[0] == (byte) 0xef && line[1] == (byte) 0xbb && line[2] == (byte) 0xbf;
        return marked ? Arrays.copyOfRange(line, 3, line.length) : line;
    }

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
            case TELL_COPY -> "You tell " + name + " : " + message.text();
            case NOTICE, WELCOME, REFUSED, BYE -> message.text();
        };
    }

    /**
     * Writes one line and its end. All lines that leave the server are written here, and none can move a terminal's
     * cursor, change its colours, begin another line or turn the direction of the text.
     */
    static void writeLine(ByteBuf to, String line) {
        ByteBufUtil.writeUtf8(to, PrintableText.escape(line));
        to.writeByte('\n');
    }
}
