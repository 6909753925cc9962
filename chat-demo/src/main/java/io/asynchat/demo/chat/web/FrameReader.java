package io.asynchat.demo.chat.web;

import io.asynchat.Terminator;
import java.nio.ByteBuffer;

/**
 * Reads the frames of a WebSocket client, and joins the fragments of a text.
 *
 * <pre>
 *   2 bytes: opcode, short length ---> 4, 6 or 12: rest of the length, mask ---> n: payload
 *      ^                                                                           |
 *      +---------------------------------------------------------------------------+
 * </pre>
 *
 * <p><b>Limits:</b> a text, of any number of fragments, has a maximum; a control frame has 125 bytes at most.
 *
 * <p><b>Thread:</b> one at a time. <b>Errors:</b> {@link WebSocketException}; no frame may be read after it.
 *
 * <p><b>Source.</b> RFC 6455, 5.
 */
final class FrameReader {
    /** What is read. */
    interface Listener {
        /** A whole text. */
        void onText(String text);

        void onPing(byte[] payload);

        void onPong();

        /** The peer sends no more frames. The code is {@link CloseCode#NONE} if there is none. */
        void onClose(int code);
    }

    /** The terminator of the first two bytes of each frame. */
    static final Terminator FIRST_TWO = Terminator.length(2);

    private static final int MAX_CONTROL = 125;
    private static final int FIN = 0x80;
    private static final int RESERVED = 0x70;
    private static final int MASKED = 0x80;

    private enum Part {
        FIRST_TWO,
        LENGTH_AND_MASK,
        PAYLOAD
    }

    private final Listener listener;
    private final long maxText;
    private final TextBuffer text = new TextBuffer();
    private Part next = Part.FIRST_TWO;
    private boolean fin; // of the present frame
    private int opcode; // of the present frame
    private int shortLength; // of the present frame
    private int mask; // of the present frame
    private boolean inText; // a fragment has come, and not the last one

    FrameReader(Listener listener, long maxText) {
        this.listener = listener;
        this.maxText = maxText;
    }

    /**
     * Reads the part of a frame that the terminator has ended; the first is {@link #FIRST_TWO}. Returns the next terminator.
     *
     * <p><b>Ownership:</b> takes the array over.
     */
    Terminator read(byte[] part) {
        switch (next) {
            case FIRST_TWO -> {
                readFirstTwo(part[0] & 0xff, part[1] & 0xff);
                next = Part.LENGTH_AND_MASK;
                return Terminator.length(shortLength < 126 ? 4 : shortLength == 126 ? 6 : 12);
            }
            case LENGTH_AND_MASK -> {
                ByteBuffer head = ByteBuffer.wrap(part);
                long length = readLength(head);
                mask = head.getInt();
                next = Part.PAYLOAD;
                return Terminator.length(length).unlimited();
            }
            default -> {
                next = Part.FIRST_TWO;
                unmask(part);
                readPayload(part);
                return FIRST_TWO;
            }
        }
    }

    private void readFirstTwo(int first, int second) {
        fin = (first & FIN) != 0;
        opcode = first & 0x0f;
        shortLength = second & 0x7f;
        check((first & RESERVED) == 0, "a reserved bit is set");
        check((second & MASKED) != 0, "a frame is not masked");
        if (isControl()) {
            check(opcode <= Opcode.PONG, "opcode " + opcode);
            check(fin, "a control frame is a fragment");
            check(shortLength <= MAX_CONTROL, "a control frame has more than 125 bytes");
        } else if (opcode == Opcode.BINARY) {
            throw new WebSocketException(CloseCode.UNSUPPORTED_DATA, "a binary frame (expected: text)");
        } else {
            check(opcode <= Opcode.TEXT, "opcode " + opcode);
            check(inText == (opcode == Opcode.CONTINUATION), "a fragment without a first one, or a text in a text");
        }
    }

    private boolean isControl() {
        return opcode >= Opcode.CLOSE;
    }

    private long readLength(ByteBuffer head) {
        long length = shortLength;
        if (shortLength == 126) {
            length = head.getShort() & 0xffff;
            check(length >= 126, "a length is longer than it need be");
        } else if (shortLength == 127) {
            length = head.getLong();
            check(length < 0 || length > 0xffff, "a length is longer than it need be");
            check(length >= 0, "a length is negative");
        }
        if (!isControl() && length > maxText - text.bytes()) {
            throw new WebSocketException(CloseCode.TOO_BIG, "a text has more than " + maxText + " bytes");
        }
        return length;
    }

    private void unmask(byte[] payload) {
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= (byte) (mask >> (24 - i % 4 * 8));
        }
    }

    private void readPayload(byte[] payload) {
        switch (opcode) {
            case Opcode.PING -> listener.onPing(payload);
            case Opcode.PONG -> listener.onPong();
            case Opcode.CLOSE -> listener.onClose(closeCode(payload));
            default -> {
                inText = !fin;
                text.add(ByteBuffer.wrap(payload));
                if (fin) {
                    listener.onText(text.take());
                }
            }
        }
    }

    private static int closeCode(byte[] payload) {
        if (payload.length == 0) {
            return CloseCode.NONE;
        }
        check(payload.length >= 2, "a close frame has half a code");
        ByteBuffer in = ByteBuffer.wrap(payload);
        int code = in.getShort() & 0xffff;
        check(CloseCode.isValid(code), "close code " + code);
        TextBuffer reason = new TextBuffer();
        reason.add(in);
        reason.take();
        return code;
    }

    private static void check(boolean valid, String message) {
        if (!valid) {
            throw new WebSocketException(CloseCode.PROTOCOL_ERROR, message);
        }
    }
}
