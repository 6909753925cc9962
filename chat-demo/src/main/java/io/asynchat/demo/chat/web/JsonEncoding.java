package io.asynchat.demo.chat.web;

import com.google.gson.stream.JsonWriter;
import io.asynchat.Producer;
import io.asynchat.demo.chat.server.ChatMessage;
import io.asynchat.demo.chat.server.Encoding;
import io.asynchat.demo.chat.server.MessageId;
import io.asynchat.demo.chat.text.PrintableText;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The events that a page gets: each is an object in JSON, in a frame of its own. docs/chat-web.md lists them. */
final class JsonEncoding implements Encoding {
    /** The version of the events; a page of another one reloads itself. */
    static final int VERSION = 1;

    private final LongSupplier epoch;

    /**
     * An encoding of one chat.
     *
     * @param epoch of the messages' ids
     */
    JsonEncoding(LongSupplier epoch) {
        this.epoch = epoch;
    }

    /** Writes the fields of an event. */
    @FunctionalInterface
    private interface Fields {
        void write(JsonWriter to) throws IOException;
    }

    private static String event(String type, Fields fields) {
        StringWriter text = new StringWriter(128);
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject().name("t").value(type);
            fields.write(json);
            json.endObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    private static void write(ByteBuf to, String type, Fields fields) {
        Frames.writeText(event(type, fields), to);
    }

    @Override
    public void write(ChatMessage message, ByteBuf to) {
        Frames.writeText(event(message), to);
    }

    /** Returns a message as an event. */
    String event(ChatMessage message) {
        return switch (message.kind()) {
            case SAID -> ofUser("said", "name", message);
            case ACTION -> ofUser("action", "name", message);
            case TELL -> ofUser("tell", "name", message);
            case TELL_COPY -> ofUser("tell", "to", message);
            case ENTERED -> ofUser("enter", "name", message);
            case LEFT -> ofUser("leave", "name", message);
            case NOTICE -> event("notice", json -> json.name("text").value(PrintableText.escape(message.text())));
            case WELCOME ->
                event(
                        "welcome",
                        json -> json.name("v").value(VERSION).name("chat").value(PrintableText.escape(message.name())));
            case REFUSED -> ofServer("refused", message);
            case BYE -> ofServer("bye", message);
        };
    }

    private String ofUser(String type, String nameField, ChatMessage message) {
        return event(type, json -> {
            if (message.position() != 0) {
                MessageId id = new MessageId(epoch.getAsLong(), message.position(), message.index());
                json.name("id").value(id.toString()).name("time").value(message.time());
            }
            json.name(nameField).value(PrintableText.escape(message.name()));
            if (!message.text().isEmpty()) {
                json.name("text").value(PrintableText.escape(message.text()));
            }
        });
    }

    private static String ofServer(String type, ChatMessage message) {
        return event(
                type,
                json -> json.name("reason")
                        .value(message.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .name("text")
                        .value(PrintableText.escape(message.text())));
    }

    /** Writes that a line is refused, and why. */
    static void writeRefused(long number, String reason, String text, ByteBuf to) {
        write(
                to,
                "refused",
                json -> json.name("n")
                        .value(number)
                        .name("reason")
                        .value(reason)
                        .name("text")
                        .value(text));
    }

    @Override
    public void writeList(String of, String heading, List<String> names, ByteBuf to) {
        write(to, "list", json -> {
            json.name("of")
                    .value(of)
                    .name("heading")
                    .value(heading)
                    .name("names")
                    .beginArray();
            for (String name : names) {
                json.value(PrintableText.escape(name));
            }
            json.endArray();
        });
    }

    @Override
    public void writeLogin(String name, String token, long lastNumber, ByteBuf to) {
        write(
                to,
                "loggedin",
                json -> json.name("name")
                        .value(name)
                        .name("token")
                        .value(token)
                        .name("last")
                        .value(lastNumber));
    }

    @Override
    public void writeAck(long number, @Nullable MessageId id, ByteBuf to) {
        write(to, "ack", json -> {
            json.name("n").value(number);
            if (id != null) {
                json.name("id").value(id.toString());
            }
        });
    }

    @Override
    public void writeGap(ByteBuf to) {
        write(to, "gap", json -> {});
    }

    @Override
    public Producer room(String name, Supplier<List<String>> members, List<ChatMessage> history) {
        return new RoomProducer(name, members.get(), history, this);
    }
}
