package io.asynchat.demo.chat.server;

import io.asynchat.demo.chat.server.ChatMessage.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The state of a chat as bytes: the users in the order of their logins, then the rooms in the order in which they were opened,
 * each with its members in the order in which they came, and its history, then the last numbers of pages. Two nodes have the same bytes at the same position
 * of the log.
 */
final class StateCodec {
    private static final List<Kind> KINDS = List.of(Kind.SAID, Kind.ACTION, Kind.ENTERED, Kind.LEFT);

    /** What does not change any more of a room. */
    private record RoomPart(String name, String key, List<User> members, List<ChatMessage> history) {}

    private StateCodec() {}

    /** Copies what changes, at once; the supplier encodes it, from any thread. */
    static Supplier<byte[]> capture(ChatState state) {
        List<User> users = List.copyOf(state.users().all());
        List<RoomPart> rooms = new ArrayList<>(state.rooms().size());
        for (ChatRoom room : state.rooms().all()) {
            rooms.add(new RoomPart(
                    room.name(),
                    room.key(),
                    List.copyOf(room.users().all()),
                    room.history().last(History.MAX_MESSAGES)));
        }
        LastNumbers numbers = state.lastNumbers().copy();
        return () -> encode(users, rooms, numbers);
    }

    private static byte[] encode(List<User> users, List<RoomPart> rooms, LastNumbers numbers) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream to = new DataOutputStream(bytes)) {
            Map<User, Integer> indexes = writeUsers(users, to);
            to.writeInt(rooms.size());
            for (RoomPart room : rooms) {
                writeRoom(room, indexes, to);
            }
            numbers.write(to);
        } catch (IOException impossible) { // in memory
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /**
     * Replaces the state. The users have no sessions.
     *
     * @param room the room for users without a login
     * @throws IOException if the bytes are no state
     */
    static void restore(byte[] bytes, ChatState state, Room room) throws IOException {
        state.clear();
        if (bytes.length == 0) {
            return;
        }
        DataInputStream from = new DataInputStream(new ByteArrayInputStream(bytes));
        List<User> users = readUsers(from, state, room);
        for (int rooms = from.readInt(); rooms > 0; rooms--) {
            readRoom(from, state, users);
        }
        state.lastNumbers().read(from);
    }

    // ---- users

    private static Map<User, Integer> writeUsers(List<User> users, DataOutputStream to) throws IOException {
        Map<User, Integer> indexes = new HashMap<>(users.size() * 2);
        to.writeInt(users.size());
        for (User user : users) {
            indexes.put(user, indexes.size());
            to.writeLong(user.node().name());
            to.writeLong(user.node().incarnation());
            to.writeLong(user.number());
            BinaryText.write(user.name(), to);
            BinaryText.write(user.key(), to);
            BinaryText.writeNullable(user.client(), to);
            BinaryText.writeNullable(user.token(), to);
        }
        return indexes;
    }

    private static List<User> readUsers(DataInputStream from, ChatState state, Room room) throws IOException {
        List<User> users = new ArrayList<>();
        for (int count = from.readInt(); count > 0; count--) {
            NodeId node = new NodeId(from.readLong(), from.readLong());
            ChatEvent login = new ChatEvent(
                    from.readLong(),
                    ChatEvent.Command.LOGIN,
                    BinaryText.read(from),
                    BinaryText.read(from),
                    BinaryText.readNullable(from),
                    0,
                    BinaryText.readNullable(from),
                    0);
            User user = new User(node, login, null, room);
            state.restore(user);
            users.add(user);
        }
        return users;
    }

    // ---- rooms

    private static void writeRoom(RoomPart room, Map<User, Integer> indexes, DataOutputStream to) throws IOException {
        BinaryText.write(room.name(), to);
        BinaryText.write(room.key(), to);
        to.writeInt(room.members().size());
        for (User member : room.members()) {
            to.writeInt(indexes.getOrDefault(member, -1));
        }
        to.writeInt(room.history().size());
        for (ChatMessage message : room.history()) {
            writeMessage(message, to);
        }
    }

    private static void readRoom(DataInputStream from, ChatState state, List<User> users) throws IOException {
        ChatRoom room = state.open(BinaryText.read(from), BinaryText.read(from));
        for (int members = from.readInt(); members > 0; members--) {
            int index = from.readInt();
            if (index < 0 || index >= users.size()) {
                throw new IOException(
                        "user " + index + " in room " + room.name() + " (expected: below " + users.size() + ")");
            }
            users.get(index).restore(room);
        }
        for (int messages = from.readInt(); messages > 0; messages--) {
            room.history().add(readMessage(from));
        }
    }

    private static void writeMessage(ChatMessage message, DataOutputStream to) throws IOException {
        to.writeByte(KINDS.indexOf(message.kind()));
        BinaryText.write(message.name(), to);
        BinaryText.write(message.text(), to);
        to.writeLong(message.time());
        to.writeLong(message.position());
        to.writeInt(message.index());
    }

    private static ChatMessage readMessage(DataInputStream from) throws IOException {
        int kind = from.readByte();
        if (kind < 0 || kind >= KINDS.size()) {
            throw new IOException("message of kind " + kind + " (expected: below " + KINDS.size() + ")");
        }
        return new ChatMessage(
                KINDS.get(kind),
                BinaryText.read(from),
                BinaryText.read(from),
                from.readLong(),
                from.readLong(),
                from.readInt());
    }
}
