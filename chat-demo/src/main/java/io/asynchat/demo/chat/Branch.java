package io.asynchat.demo.chat;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** The members of one room on one event loop; on that loop. */
final class Branch {
    private final Wing wing;
    private final List<Seat> seats = new ArrayList<>(0);

    Branch(Wing wing) {
        this.wing = wing;
    }

    Wing wing() {
        return wing;
    }

    /** Returns the place to leave by. */
    int add(Seat seat) {
        seats.add(seat);
        return seats.size() - 1;
    }

    /** The last one takes the place, for nothing depends on the order: 10,000 may leave at once. */
    void remove(int place) {
        Seat last = seats.remove(seats.size() - 1);
        if (place < seats.size()) {
            seats.set(place, last);
            last.place(place);
        }
    }

    /** One write and one flush a member; the bytes are shared. Returns how many there are. */
    int broadcast(ByteBuf said) {
        for (int i = 0; i < seats.size(); i++) {
            seats.get(i).session().push(said.retainedDuplicate());
        }
        return seats.size();
    }

    long unsentBytes() {
        return seats.stream().mapToLong(seat -> seat.session().unsentBytes()).sum();
    }

    boolean isEmpty() {
        return seats.isEmpty();
    }
}
