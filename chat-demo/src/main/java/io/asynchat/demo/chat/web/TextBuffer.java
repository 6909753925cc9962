package io.asynchat.demo.chat.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;

/** Decodes UTF-8 that comes in pieces, which may divide a character; finds an error in the piece that has it. */
final class TextBuffer {
    private static final int MAX_CHARACTER = 4; // in bytes

    private final CharsetDecoder decoder = UTF_8.newDecoder();
    private final StringBuilder text = new StringBuilder();
    private final ByteBuffer rest = ByteBuffer.allocate(MAX_CHARACTER); // of a character that is not complete
    private int bytes;

    /** Returns how many bytes have been added since the last text was taken. */
    int bytes() {
        return bytes;
    }

    /**
     * Adds a piece.
     *
     * @throws WebSocketException if it is not UTF-8
     */
    void add(ByteBuffer piece) {
        bytes += piece.remaining();
        ByteBuffer in = ByteBuffer.allocate(rest.position() + piece.remaining());
        in.put(rest.flip());
        in.put(piece);
        in.flip();
        decode(in, false);
        rest.clear();
        rest.put(in);
    }

    /**
     * Returns the text, and begins another.
     *
     * @throws WebSocketException if its last character is not complete
     */
    String take() {
        decode(rest.flip(), true);
        String taken = text.toString();
        text.setLength(0);
        rest.clear();
        bytes = 0;
        decoder.reset();
        return taken;
    }

    private void decode(ByteBuffer in, boolean last) {
        CharBuffer out = CharBuffer.allocate(in.remaining());
        if (decoder.decode(in, out, last).isError()) {
            throw new WebSocketException(CloseCode.INVALID_TEXT, "a text is not UTF-8");
        }
        text.append(out.flip());
    }
}
