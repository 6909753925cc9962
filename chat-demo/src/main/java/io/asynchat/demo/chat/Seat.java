package io.asynchat.demo.chat;

import org.jspecify.annotations.Nullable;

/** Where a session sits: in which branch, and at which place there. On its loop. */
final class Seat {
    private final ChatSession session;
    private @Nullable Branch branch; // null while in no room
    private int place;

    Seat(ChatSession session) {
        this.session = session;
    }

    ChatSession session() {
        return session;
    }

    /** Leaves where it is for there; returns where it was. */
    @Nullable
    Branch moveTo(@Nullable Branch to) {
        Branch from = branch;
        if (from != null) {
            from.remove(place);
        }
        if (to != null) {
            place = to.add(this);
        }
        branch = to;
        return from;
    }

    /** It has another place in its branch. */
    void place(int place) {
        this.place = place;
    }
}
