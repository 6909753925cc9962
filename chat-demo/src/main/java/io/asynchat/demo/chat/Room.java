package io.asynchat.demo.chat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A room, and what is said in it in the present turn: encoded once, for all. On the house's loop. */
final class Room implements Roster.Named {
    private static final int TURN_BYTES = 4 << 10;

    private final String name;
    private final String key;
    private final History history;
    private final Roster<Guest> people = new Roster<>("The following are in the room:");
    private final Map<Wing, Branch> branches = new HashMap<>(4);
    private @Nullable ByteBuf turn; // what has been said in this one, if anything has
    private int lines; // in it

    Room(String name, History history) {
        this.name = name;
        this.key = Names.key(name);
        this.history = history;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String key() {
        return key;
    }

    Roster<Guest> people() {
        return people;
    }

    History history() {
        return history;
    }

    /** Its members on that loop. */
    Branch branch(Wing wing) {
        return branches.computeIfAbsent(wing, Branch::new);
    }

    Collection<Branch> branches() {
        return branches.values();
    }

    /** Says a line to all who are in the room now; true if it is the first of the turn. */
    boolean say(String line) {
        boolean first = turn == null;
        if (first) {
            turn = ByteBufAllocator.DEFAULT.directBuffer(TURN_BYTES);
            lines = 0;
        }
        Text.writeLine(Objects.requireNonNull(turn), line);
        lines++;
        return first;
    }

    /** How many bytes have been said in this turn. */
    int said() {
        return turn == null ? 0 : turn.writerIndex();
    }

    /** Copies what has been said from there on. */
    void copy(int from, ByteBuf to) {
        if (turn != null) {
            to.writeBytes(turn, from, turn.writerIndex() - from);
        }
    }

    int lines() {
        return lines;
    }

    /** Ends the turn; the caller owns what was said. */
    ByteBuf endTurn() {
        ByteBuf said = Objects.requireNonNull(turn);
        turn = null;
        return said;
    }
}
