package io.asynchat.demo.chat.web;

import com.google.gson.JsonPrimitive;
import io.asynchat.Producer;
import io.asynchat.demo.chat.server.ChatMessage;
import io.asynchat.demo.chat.text.PrintableText;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The event {@code room}, encoded as the peer reads: a text in fragments, which may be long. */
final class RoomProducer implements Producer {
    private static final int PIECE = 8 << 10; // characters

    private final String name;
    private final Iterator<String> members;
    private final Iterator<ChatMessage> history;
    private final JsonEncoding encoding;
    private boolean inHistory;
    private int opcode = Opcode.TEXT; // of the next fragment
    private boolean ended;

    RoomProducer(String name, List<String> members, List<ChatMessage> history, JsonEncoding encoding) {
        this.name = name;
        this.members = members.iterator();
        this.history = history.iterator();
        this.encoding = encoding;
    }

    @Override
    public @Nullable ByteBuf more(ByteBufAllocator alloc) {
        if (ended) {
            return null;
        }
        StringBuilder piece = new StringBuilder();
        if (opcode == Opcode.TEXT) {
            piece.append("{\"t\":\"room\",\"name\":").append(quoted(name)).append(",\"members\":[");
        }
        while (members.hasNext() && piece.length() < PIECE) {
            piece.append(quoted(members.next())).append(members.hasNext() ? "," : "");
        }
        if (!members.hasNext() && !inHistory) {
            inHistory = true;
            piece.append("],\"history\":[");
        }
        while (inHistory && history.hasNext() && piece.length() < PIECE) {
            piece.append(encoding.event(history.next())).append(history.hasNext() ? "," : "");
        }
        ended = inHistory && !history.hasNext();
        if (ended) {
            piece.append("]}");
        }
        ByteBuf fragment = alloc.directBuffer(piece.length() + 16);
        Frames.writeText(opcode, ended, piece, fragment);
        opcode = Opcode.CONTINUATION;
        return fragment;
    }

    private static String quoted(String text) {
        return new JsonPrimitive(PrintableText.escape(text)).toString();
    }
}
