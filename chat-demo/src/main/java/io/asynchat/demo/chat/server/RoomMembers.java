package io.asynchat.demo.chat.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * The members of one room on one event loop that share an encoding. A member that gets a private copy in a turn is taken out
 * while the others are sent to.
 *
 * <p><b>Thread:</b> that event loop, except for the final fields.
 */
final class RoomMembers {
    /** A session, as the rooms' members see it. */
    interface Member {
        /** Sends bytes; owns them. */
        void send(ByteBuf bytes);

        /** Remembers where it stands in the list, to be removed without a search. */
        void index(int index);

        int index();
    }

    private final EventLoop loop;
    private final Encoding encoding;
    private final List<Member> members = new ArrayList<>(0);

    RoomMembers(EventLoop loop, Encoding encoding) {
        this.loop = loop;
        this.encoding = encoding;
    }

    EventLoop loop() {
        return loop;
    }

    Encoding encoding() {
        return encoding;
    }

    void add(Member member) {
        member.index(members.size());
        members.add(member);
    }

    /** Puts the last member in the place of the removed one: order does not matter, and 10,000 may leave at once. */
    void remove(Member member) {
        Member last = members.remove(members.size() - 1);
        if (last != member) {
            members.set(member.index(), last);
            last.index(member.index());
        }
    }

    /** Sends one buffer to all members, with one write and one flush each. Returns the number of members. */
    int broadcast(ByteBuf bytes) {
        for (int i = 0; i < members.size(); i++) {
            members.get(i).send(bytes.retainedDuplicate());
        }
        return members.size();
    }
}
