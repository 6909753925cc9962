package io.asynchat.demo.chat.server;

import io.asynchat.Producer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All output of a turn: of the events and queries that the sequencer handles between two deliveries.
 *
 * <p>A message to a room is encoded once for each encoding, into the bytes that the room sends in this turn; most members get
 * those. A session that is replied to, comes or goes gets a private copy instead: what was sent to its room while it was
 * there, with the replies at their places.
 *
 * <p><b>Thread:</b> the sequencer's event loop.
 */
// Longer than other files: all state of a turn is in one place.
final class Turn {
    /** A turn above this size ends early, so that memory does not depend on how much is said at once. */
    private static final int MAX_BYTES = 256 << 10;

    private static final int ROOM_BYTES = 4 << 10;

    /** A reply above this size, in bytes, is sent by a producer. */
    private static final int MAX_INLINE = 16 << 10;

    /** What a room sends. */
    private static final class RoomOutput {
        final Map<Encoding, ByteBuf> bytes = new HashMap<>(2);
        int messages;
    }

    /** What one session gets, besides or in place of its room's output. */
    private static final class SessionOutput {
        List<Object> parts = List.of(); // of the private copy: buffers and producers

        @Nullable
        ByteBuf copy; // the last part; null while it needs no private copy

        @Nullable
        LocalMembers at; // where it is at this point of the turn

        int copied; // of the output of that room
        boolean loginDone;
        int lines; // of its own that were handled
        int characters;

        SessionOutput(@Nullable LocalMembers at) {
            this.at = at;
        }

        void add(Object part) {
            if (parts.isEmpty()) {
                parts = new ArrayList<>(1);
            }
            parts.add(part);
        }
    }

    private final Metrics metrics;
    private final LongSupplier epoch; // of the log
    private Map<LocalMembers, RoomOutput> rooms = new HashMap<>(); // new ones each turn: a map never shrinks
    private Map<User, SessionOutput> sessions = new HashMap<>();
    private int bytes; // of all rooms
    private long position; // of the entry that is applied
    private long time; // of the event that is applied
    private int index; // of the next message that follows from it
    private int firstIndex; // of the first message that follows from the event

    Turn(Metrics metrics, LongSupplier epoch) {
        this.metrics = metrics;
        this.epoch = epoch;
    }

    /** The messages from now on follow from this entry of the log. */
    void startEntry(long position) {
        this.position = position;
        index = 0;
    }

    /** The messages from now on follow from an event of this time. */
    void startEvent(long time) {
        this.time = time;
        firstIndex = index;
    }

    /** The replies from now on are no messages. */
    void startQuery() {
        firstIndex = index;
    }

    /** Returns a message that follows from the present event. */
    ChatMessage message(ChatMessage.Kind kind, String name, String text) {
        return new ChatMessage(kind, name, text, time, position, index++);
    }

    // ---- to rooms

    /** Sends a message to the members of a room as they are now. */
    void broadcast(LocalMembers room, ChatMessage message) {
        RoomOutput output = rooms.computeIfAbsent(room, first -> new RoomOutput());
        output.messages++;
        for (Encoding encoding : room.encodings()) {
            ByteBuf to =
                    output.bytes.computeIfAbsent(encoding, first -> ByteBufAllocator.DEFAULT.directBuffer(ROOM_BYTES));
            int before = to.writerIndex();
            encoding.write(message, to);
            bytes += to.writerIndex() - before;
        }
    }

    /** How much a room has sent in this encoding. */
    private int written(@Nullable LocalMembers room, Encoding encoding) {
        ByteBuf output = output(room, encoding);
        return output == null ? 0 : output.writerIndex();
    }

    private @Nullable ByteBuf output(@Nullable LocalMembers room, Encoding encoding) {
        RoomOutput output = room == null ? null : rooms.get(room);
        return output == null ? null : output.bytes.get(encoding);
    }

    // ---- to single users; those of other nodes get theirs there

    /** Sends a notice after all that the user has been sent so far. */
    void reply(User user, String notice) {
        tell(user, ChatMessage.notice(notice));
    }

    /** Sends a message after all that the user has been sent so far. */
    void tell(User user, ChatMessage message) {
        Session session = user.session();
        if (session != null) {
            session.encoding().write(message, copy(user, session));
        }
    }

    /** The user is logged in, or has resumed its session; comes before what its room sends. */
    void loggedIn(User user, long lastNumber) {
        Session session = user.session();
        String token = user.token();
        if (session != null && token != null) {
            session.encoding().writeLogin(user.name(), token, lastNumber, copy(user, session));
        }
    }

    /** Shows a room, and what was said there, to a user whose page shows it. */
    void show(User user, ChatRoom room, List<ChatMessage> history) {
        Session session = user.session();
        Producer shown = session == null ? null : session.encoding().room(room.name(), room.users()::names, history);
        if (session != null && shown != null) {
            produce(user, session, shown);
        }
    }

    /** Messages of the room may be missing. */
    void gap(User user) {
        Session session = user.session();
        if (session != null) {
            session.encoding().writeGap(copy(user, session));
        }
    }

    /** Sends the names in a directory. */
    void list(User user, Directory<?> directory) {
        Session session = user.session();
        if (session != null) {
            byte[] listing = directory.listing(session.encoding());
            if (listing.length <= MAX_INLINE) {
                copy(user, session).writeBytes(listing);
            } else {
                produce(user, session, Producer.of(listing));
            }
        }
    }

    /** Sends messages that were sent before. */
    void repeat(User user, List<ChatMessage> messages) {
        Session session = user.session();
        if (session != null) {
            int characters = messages.stream()
                    .mapToInt(message -> message.text().length())
                    .sum();
            if (characters <= MAX_INLINE / 4) {
                messages.forEach(message -> tell(user, message));
            } else {
                produce(user, session, new MessageProducer(messages, session.encoding()));
            }
        }
    }

    /** Sends what the peer is given as it reads: a reply that the server makes long is no reason to close a connection. */
    private void produce(User user, Session session, Producer producer) {
        ByteBuf before = copy(user, session);
        SessionOutput output = output(user);
        output.add(before);
        output.add(producer);
        output.copy = ByteBufAllocator.DEFAULT.directBuffer();
    }

    /** The user is sent nothing more of the room that it is in. */
    void leave(User user) {
        Session session = user.session();
        if (session != null) {
            copy(user, session);
            output(user).at = null;
        }
    }

    /** The user is in no room, and is sent what is said in this one from now on. */
    void enter(User user, Room room) {
        Session session = user.session();
        if (session != null) {
            copy(user, session);
            SessionOutput output = output(user);
            output.at = room.localMembers();
            output.copied = written(output.at, session.encoding());
        }
    }

    /** The login of the user has an outcome, which the session waits for. */
    void loginDone(User user) {
        if (user.session() != null) {
            output(user).loginDone = true;
        }
    }

    /** A line of the user was handled, and makes room for another. */
    void handled(User user, Submission line) {
        Session session = user.session();
        if (session != null) {
            SessionOutput output = output(user);
            output.lines++;
            output.characters += line.text().length();
            if (line.number() != 0) {
                MessageId id = index == firstIndex ? null : new MessageId(epoch.getAsLong(), position, firstIndex);
                session.encoding().writeAck(line.number(), id, copy(user, session));
            }
        }
    }

    private SessionOutput output(User user) {
        return sessions.computeIfAbsent(
                user, first -> new SessionOutput(first.room().localMembers()));
    }

    private ByteBuf copy(User user, Session session) {
        return copy(output(user), session);
    }

    /** Returns the private copy, with all in it that the user has been sent so far. */
    private ByteBuf copy(SessionOutput output, Session session) {
        ByteBuf copy = output.copy;
        if (copy == null) {
            copy = ByteBufAllocator.DEFAULT.directBuffer();
            output.copy = copy;
        }
        ByteBuf said = output(output.at, session.encoding());
        if (said != null) {
            copy.writeBytes(said, output.copied, said.writerIndex() - output.copied);
            output.copied = said.writerIndex();
        }
        return copy;
    }

    // ---- the end

    boolean isFull() {
        return bytes > MAX_BYTES;
    }

    /** Ends the turn. Returns one delivery an event loop; the caller sends them. */
    Collection<Delivery> end() {
        Map<EventLoop, Delivery> deliveries = new HashMap<>();
        sessions.forEach((user, output) -> add(user, output, deliveries));
        rooms.forEach((room, output) -> add(room, output, deliveries));
        sessions = new HashMap<>();
        rooms = new HashMap<>();
        bytes = 0;
        return deliveries.values();
    }

    /** Leaves the map of outputs as it is: even for a key that is there computeIfAbsent may resize it, and its forEach ends early. */
    private void add(User user, SessionOutput output, Map<EventLoop, Delivery> deliveries) {
        Session session = user.session();
        if (session == null) {
            return;
        }
        if (output.copy != null) {
            output.add(copy(output, session));
        }
        LocalMembers room = output.at;
        RoomMembers members = room == null ? null : room.of(session.eventLoop(), session.encoding());
        delivery(session.eventLoop(), deliveries)
                .add(new Delivery.ToSession(
                        session,
                        output.parts,
                        user.room(),
                        members,
                        output.loginDone,
                        output.lines,
                        output.characters));
    }

    private void add(LocalMembers room, RoomOutput output, Map<EventLoop, Delivery> deliveries) {
        room.forEach(members -> {
            ByteBuf said = output.bytes.get(members.encoding());
            if (said != null) {
                delivery(members.loop(), deliveries)
                        .add(new Delivery.ToMembers(members, said.retain(), output.messages));
            }
        });
        output.bytes.values().forEach(ByteBuf::release);
    }

    private Delivery delivery(EventLoop loop, Map<EventLoop, Delivery> deliveries) {
        return deliveries.computeIfAbsent(loop, first -> new Delivery(first, metrics));
    }
}
