package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.CorruptedFrameException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The handshake and the heads of frames of WebSocket (RFC 6455). */
final class WebSocket {
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xA;

    private static final Pattern KEY = Pattern.compile("(?i)\r\nSec-WebSocket-Key: *([A-Za-z0-9+/]{22}==) *(\r\n|$)");

    private WebSocket() {}

    /** Returns the answer that accepts this request, without its blank line; null if it is no request for WebSocket. */
    static @Nullable String accept(String request) throws GeneralSecurityException {
        Matcher key = KEY.matcher(request);
        if (!request.startsWith("GET ") || !key.find()) {
            return null;
        }
        String salted = key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // 1.3
        byte[] sum = MessageDigest.getInstance("SHA-1").digest(salted.getBytes(US_ASCII));
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + Base64.getEncoder().encodeToString(sum);
    }

    /** Reads the length of a frame, whose short form is 126 or 127 if it follows in two or eight bytes. */
    static long length(int shortLength, ByteBuf head) {
        long length = shortLength < 126 ? shortLength : shortLength == 126 ? head.readUnsignedShort() : head.readLong();
        if (length < 0) {
            throw new CorruptedFrameException("length: " + length + " (expected: >= 0)");
        }
        return length;
    }

    /**
     * Returns the head of the frame, without a mask, that answers one: a pong for a ping, else of the same kind.
     *
     * @param first flags and opcode of the frame that is answered
     */
    static ByteBuf answerHead(int first, int length) {
        ByteBuf head = Unpooled.buffer(10).writeByte((first & 0x0f) == PING ? first ^ PING ^ PONG : first);
        if (length < 126) {
            head.writeByte(length);
        } else if (length < 65_536) {
            head.writeByte(126).writeShort(length);
        } else {
            head.writeByte(127).writeLong(length);
        }
        return head;
    }
}
