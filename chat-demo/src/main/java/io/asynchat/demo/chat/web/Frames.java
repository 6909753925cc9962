package io.asynchat.demo.chat.web;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/** Writes the frames of a WebSocket server. They carry no mask, so that one can be shared by many connections. */
final class Frames {
    private static final int FIN = 0x80;

    private Frames() {}

    /** Writes a whole text. */
    static void writeText(CharSequence text, ByteBuf to) {
        writeText(Opcode.TEXT, true, text, to);
    }

    /** Writes a fragment of a text: the first with {@link Opcode#TEXT}, others with {@link Opcode#CONTINUATION}. */
    static void writeText(int opcode, boolean last, CharSequence text, ByteBuf to) {
        int length = ByteBufUtil.utf8Bytes(text);
        writeHead(opcode, last, length, to);
        ByteBufUtil.writeUtf8(to, text);
    }

    /** Writes a control frame. */
    static void writeControl(int opcode, byte[] payload, ByteBuf to) {
        writeHead(opcode, true, payload.length, to);
        to.writeBytes(payload);
    }

    /** Writes a close frame; without a code if that is {@link CloseCode#NONE}. */
    static void writeClose(int code, ByteBuf to) {
        writeHead(Opcode.CLOSE, true, code == CloseCode.NONE ? 0 : 2, to);
        if (code != CloseCode.NONE) {
            to.writeShort(code);
        }
    }

    private static void writeHead(int opcode, boolean last, int length, ByteBuf to) {
        to.writeByte(last ? opcode | FIN : opcode);
        if (length < 126) {
            to.writeByte(length);
        } else if (length <= 0xffff) {
            to.writeByte(126);
            to.writeShort(length);
        } else {
            to.writeByte(127);
            to.writeLong(length);
        }
    }
}
