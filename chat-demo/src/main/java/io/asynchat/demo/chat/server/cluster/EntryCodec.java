package io.asynchat.demo.chat.server.cluster;

import io.asynchat.demo.chat.server.BinaryText;
import io.asynchat.demo.chat.server.ChatEvent;
import io.asynchat.demo.chat.server.ChatEvent.Command;
import io.asynchat.demo.chat.server.NodeId;
import io.asynchat.demo.chat.server.cluster.LogEntry.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Entries as bytes: the version of the format, the kind, node, incarnation, term, number, then the number of events and the
 * events. Numbers are in network order. A change of the format changes the version.
 */
final class EntryCodec {
    static final int VERSION = 1;

    // The codes of kinds and commands are their places in these lists.
    private static final List<Kind> KINDS = List.of(Kind.BEGIN, Kind.INTRODUCTION, Kind.EVENTS, Kind.END);
    private static final List<Command> COMMANDS = List.of(
            Command.LOGIN,
            Command.LOGOUT,
            Command.DISCONNECT,
            Command.SAY,
            Command.ME,
            Command.TELL,
            Command.JOIN,
            Command.LEAVE,
            Command.RESUME);

    private EntryCodec() {}

    static byte[] encode(LogEntry entry) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream to = new DataOutputStream(bytes)) {
            to.writeByte(VERSION);
            to.writeByte(KINDS.indexOf(entry.kind()));
            to.writeLong(entry.node().name());
            to.writeLong(entry.node().incarnation());
            to.writeLong(entry.term());
            to.writeLong(entry.number());
            to.writeInt(entry.events().size());
            for (ChatEvent event : entry.events()) {
                writeEvent(event, to);
            }
        } catch (IOException impossible) { // in memory
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** Errors: {@link UnknownFormatException} if another version wrote it, or if it is damaged. */
    static LogEntry decode(byte[] bytes) throws UnknownFormatException {
        try (DataInputStream from = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = from.readByte();
            if (version != VERSION) {
                throw UnknownFormatException.ofVersion(version, VERSION);
            }
            Kind kind = KINDS.get(from.readByte());
            NodeId node = new NodeId(from.readLong(), from.readLong());
            long term = from.readLong();
            long number = from.readLong();
            int count = from.readInt();
            List<ChatEvent> events = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                events.add(readEvent(from));
            }
            if (count < 0 || from.available() > 0) {
                throw new IOException(count + " events, then " + from.available() + " bytes (expected: none)");
            }
            return new LogEntry(kind, node, term, number, events);
        } catch (UnknownFormatException known) {
            throw known;
        } catch (IOException | IndexOutOfBoundsException damaged) {
            throw new UnknownFormatException("damaged: " + damaged.getMessage());
        }
    }

    private static void writeEvent(ChatEvent event, DataOutputStream to) throws IOException {
        to.writeLong(event.session());
        to.writeByte(COMMANDS.indexOf(event.command()));
        BinaryText.write(event.text(), to);
        BinaryText.write(event.key(), to);
        String client = event.client();
        to.writeBoolean(client != null);
        if (client != null) {
            BinaryText.write(client, to);
            to.writeLong(event.number());
        }
        BinaryText.writeNullable(event.token(), to);
        to.writeLong(event.time());
    }

    private static ChatEvent readEvent(DataInputStream from) throws IOException {
        long session = from.readLong();
        Command command = COMMANDS.get(from.readByte());
        String text = BinaryText.read(from);
        String key = BinaryText.read(from);
        boolean ofPage = from.readBoolean();
        String client = ofPage ? BinaryText.read(from) : null;
        long number = ofPage ? from.readLong() : 0;
        String token = BinaryText.readNullable(from);
        return new ChatEvent(session, command, text, key, client, number, token, from.readLong());
    }
}
