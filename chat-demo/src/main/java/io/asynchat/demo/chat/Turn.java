package io.asynchat.demo.chat;

import io.asynchat.demo.chat.Wing.Broadcast;
import io.asynchat.demo.chat.Wing.Delivery;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the house has for its wings, gathered while lines are waiting: many lines make one delivery. On the house's loop.
 */
final class Turn {
    /** A turn that grows beyond this ends early, so that what is held does not depend on how much is said at once. */
    private static final int BYTES = 256 << 10;

    private final List<Room> rooms = new ArrayList<>(); // in which something was said
    private final List<Guest> guests = new ArrayList<>(); // who get a letter
    private int bytes;

    /** Says a line to all who are in a room now. */
    void say(Room room, String line) {
        int before = room.said();
        if (room.say(line)) {
            rooms.add(room);
        }
        bytes += room.said() - before;
    }

    /** Gives him a letter. */
    Guest touch(Guest guest) {
        if (guest.touch()) {
            guests.add(guest);
        }
        return guest;
    }

    boolean isFull() {
        return bytes > BYTES;
    }

    /** Sends all of it, one task a wing. */
    void end() {
        Map<Wing, Delivery> deliveries = new HashMap<>();
        for (Guest guest : guests) {
            to(guest.wing(), deliveries).letters().add(guest.takeLetter());
        }
        for (Room room : rooms) {
            int lines = room.lines();
            ByteBuf said = room.endTurn();
            for (Branch branch : room.branches()) {
                to(branch.wing(), deliveries).broadcasts().add(new Broadcast(branch, said.retain(), lines));
            }
            said.release();
        }
        guests.clear();
        rooms.clear();
        bytes = 0;
        deliveries.forEach(Wing::send);
    }

    private static Delivery to(Wing wing, Map<Wing, Delivery> deliveries) {
        return deliveries.computeIfAbsent(wing, first -> new Delivery());
    }
}
