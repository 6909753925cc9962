package io.asynchat.demo.chat.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.demo.chat.text.PrintableText;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;

/** Text of a server, for a terminal: bytes that are not UTF-8 are shown as {@code \\xff}, and so is all that is not printable. */
final class TerminalText {
    private TerminalText() {}

    static String of(byte[] bytes) {
        CharsetDecoder decoder = UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        StringBuilder text = new StringBuilder(bytes.length);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            PrintableText.escape(out.flip(), text);
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
        return PrintableText.escape(received);
    }
}
