package io.asynchat.demo.chat.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What one turn of the sequencer brings for the sessions of one event loop: one task there.
 *
 * <p><b>Ownership:</b> of all its buffers, until they are pushed.
 */
final class Delivery implements Runnable {
    /** The output of a turn for the members of a room, with its number of messages. */
    record ToMembers(RoomMembers members, ByteBuf bytes, int messages) {}

    /**
     * What the turn brings for one session.
     *
     * @param copy what it is sent, buffers and producers; empty if it is sent what the others in its room are
     * @param room where it is at the end of the turn
     * @param members the members of that room; null if it has none
     * @param loginDone whether its login has an outcome
     * @param lines how many of its lines were handled
     * @param characters their length
     */
    record ToSession(
            Session session,
            List<Object> copy,
            Room room,
            @Nullable RoomMembers members,
            boolean loginDone,
            int lines,
            int characters) {
        boolean isPrivate() {
            return !copy.isEmpty();
        }
    }

    private final EventLoop loop;
    private final Metrics metrics;
    private final List<ToSession> sessions = new ArrayList<>();
    private final List<ToMembers> rooms = new ArrayList<>();

    Delivery(EventLoop loop, Metrics metrics) {
        this.loop = loop;
        this.metrics = metrics;
    }

    void add(ToSession session) {
        sessions.add(session);
    }

    void add(ToMembers members) {
        rooms.add(members);
    }

    /** Hands it over to its event loop. */
    void send() {
        try {
            loop.execute(this);
        } catch (RejectedExecutionException shutDown) { // and so are all its sessions
            rooms.forEach(room -> room.bytes().release());
            for (ToSession each : sessions) {
                each.copy().forEach(ReferenceCountUtil::release); // a producer has nothing to release
            }
        }
    }

    /** On the event loop. */
    @Override
    public void run() {
        for (ToSession each : sessions) {
            if (each.isPrivate()) {
                each.session().joinMembers(null); // so that it is left out
            }
        }
        for (ToMembers room : rooms) {
            int members = room.members().broadcast(room.bytes());
            metrics.delivered(room.messages(), members);
            room.bytes().release();
        }
        sessions.forEach(Delivery::deliver);
    }

    private static void deliver(ToSession to) {
        Session session = to.session();
        if (to.isPrivate()) {
            to.copy().forEach(session::sendPart);
            session.joinMembers(to.members());
            session.enter(to.room());
        }
        session.handled(to.lines(), to.characters(), to.loginDone());
    }
}
