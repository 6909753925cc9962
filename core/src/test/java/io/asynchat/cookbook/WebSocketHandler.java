package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.CorruptedFrameException;
import org.jspecify.annotations.Nullable;

/** Echoes WebSocket messages (RFC 6455): a head up to a blank line, then frames in binary. */
final class WebSocketHandler extends AsyncChatHandler {
    private static final Terminator FIRST_TWO = Terminator.length(2);
    private static final int MAX_PAYLOAD = 1 << 20;

    private enum Reading {
        REQUEST,
        FIRST_TWO,
        LENGTH_AND_MASK,
        PAYLOAD
    }

    private Reading reading = Reading.REQUEST;
    private int first; // the flags and the opcode of the frame
    private int shortLength; // of the frame, or 126 or 127 if the length follows in two or eight bytes
    private int mask;

    WebSocketHandler() {
        setTerminator(Terminator.BLANK_LINE.atMost(8_192));
    }

    @Override
    protected void foundTerminator() throws Exception {
        ByteBuf frame = takeData(); // ours now
        try {
            switch (reading) {
                case REQUEST -> answerRequest(WebSocket.accept(frame.toString(US_ASCII)));
                case FIRST_TWO -> readHead(frame.readUnsignedByte(), frame.readUnsignedByte());
                case LENGTH_AND_MASK -> readPayload(frame);
                case PAYLOAD -> answer(frame);
            }
        } finally {
            frame.release();
        }
    }

    private void answerRequest(@Nullable String accepted) {
        if (accepted == null) {
            push("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", US_ASCII);
            closeWhenDone();
        } else {
            push(accepted + "\r\n\r\n", US_ASCII);
            read(FIRST_TWO, Reading.FIRST_TWO); // a frame may have come behind the head
        }
    }

    private void readHead(int first, int second) {
        if ((second & 0x80) == 0 || (first & 0x70) != 0) {
            throw new CorruptedFrameException("frame: not masked, or with an extension (expected: masked, without)");
        }
        this.first = first;
        shortLength = second & 0x7f;
        read(Terminator.length(shortLength < 126 ? 4 : shortLength == 126 ? 6 : 12), Reading.LENGTH_AND_MASK);
    }

    private void readPayload(ByteBuf head) {
        long length = WebSocket.length(shortLength, head);
        mask = head.readInt();
        read(Terminator.length(length).atMost(MAX_PAYLOAD), Reading.PAYLOAD);
    }

    private void answer(ByteBuf payload) {
        byte[] bytes = new byte[payload.readableBytes()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (payload.readByte() ^ (mask >> (24 - i % 4 * 8)));
        }
        read(FIRST_TWO, Reading.FIRST_TWO);
        int opcode = first & 0x0f;
        if (opcode != WebSocket.PONG) {
            push(WebSocket.answerHead(first, bytes.length), Unpooled.wrappedBuffer(bytes));
        }
        if (opcode == WebSocket.CLOSE) {
            closeWhenDone();
        }
    }

    private void read(Terminator upTo, Reading then) {
        reading = then;
        setTerminator(upTo);
    }
}
