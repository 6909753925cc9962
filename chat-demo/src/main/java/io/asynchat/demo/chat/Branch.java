package io.asynchat.demo.chat;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** The members of one room on one event loop; on that loop. */
final class Branch {
    private final Wing wing;
    private final List<ChatSession> members = new ArrayList<>(0);

    Branch(Wing wing) {
        this.wing = wing;
    }

    Wing wing() {
        return wing;
    }

    /** Returns the place to leave by. */
    int add(ChatSession session) {
        members.add(session);
        return members.size() - 1;
    }

    /** The last one takes the place, for nothing depends on the order: 10,000 may leave at once. */
    void remove(int place) {
        ChatSession last = members.remove(members.size() - 1);
        if (place < members.size()) {
            members.set(place, last);
            last.place(place);
        }
    }

    /** One write and one flush a member; the bytes are shared. Returns how many there are. */
    int broadcast(ByteBuf said) {
        for (int i = 0; i < members.size(); i++) {
            members.get(i).push(said.retainedDuplicate());
        }
        return members.size();
    }

    long unsentBytes() {
        return members.stream().mapToLong(ChatSession::unsentBytes).sum();
    }

    boolean isEmpty() {
        return members.isEmpty();
    }
}
