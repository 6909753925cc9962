package io.asynchat.demo.chat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.Producer;
import io.asynchat.Terminator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The session of a page whose messages are lines: {@code login CLIENT NAME}, {@code resume CLIENT TOKEN ID}, {@code line NUMBER TEXT}.
 */
public final class TextPage extends PageSession {
    /** Creates the session of a connection. */
    public TextPage(ChatServer chat, Encoding encoding) {
        super(chat.context(), encoding);
        setTerminator(Terminator.LF);
    }

    @Override
    protected void foundTerminator() {
        String[] words = takeText(UTF_8).split(" ", 4);
        switch (words[0]) {
            case "login" -> startLogin(words[1], words[2]);
            case "resume" -> startResume(words[1], words[2], words[3]);
            default -> handle(words[2] + " " + words[3], Long.parseLong(words[1]));
        }
    }

    /** Writes an event as a line: its kind, and what belongs to it, separated by blanks. One for each node. */
    public static Encoding encoding(LongSupplier epoch) {
        return new Encoding() {
            private String id(ChatMessage message) {
                return new MessageId(epoch.getAsLong(), message.position(), message.index()).toString();
            }

            @Override
            public void write(ChatMessage message, ByteBuf to) {
                String id = message.kind() == ChatMessage.Kind.SAID ? id(message) + " " : "";
                writeLine(message.kind() + " " + id + message.name() + " " + message.text(), to);
            }

            private void writeLine(String line, ByteBuf to) {
                ByteBufUtil.writeUtf8(to, line + "\n");
            }

            @Override
            public void writeLogin(String name, String token, long lastNumber, ByteBuf to) {
                writeLine("loggedin " + token + " " + lastNumber, to);
            }

            @Override
            public void writeAck(long number, MessageId id, ByteBuf to) {
                writeLine("ack " + number, to);
            }

            @Override
            public void writeGap(ByteBuf to) {
                writeLine("gap", to);
            }

            @Override
            public Producer room(String name, Supplier<List<String>> members, List<ChatMessage> history) {
                StringBuilder lines = new StringBuilder("room " + name + " " + history.size() + "\n");
                history.forEach(message -> lines.append("SAID " + id(message) + " " + message.name() + " ")
                        .append(message.text() + "\n"));
                return Producer.of(lines.toString().getBytes(UTF_8));
            }
        };
    }
}
