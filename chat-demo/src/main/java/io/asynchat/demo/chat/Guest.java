package io.asynchat.demo.chat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * One who has logged in, or asks to, as the house knows him: his room, and what this turn brings for him alone.
 *
 * <p>Most members of a room get the same bytes. Who asks, comes or goes gets a letter instead: his copy of what was said
 * while he was there, with the answers at their places. On the house's loop, but for what is final.
 */
final class Guest implements Roster.Named {
    private final ChatSession session;
    private final Wing wing;
    private final String name;
    private final String key;
    private @Nullable Room room; // null before he is let in, and when he has left
    private boolean drained; // says nothing more, for the server is closing

    private boolean touched; // has a letter in this turn
    private @Nullable ByteBuf letter;
    private int copied; // of what was said in his room in this turn
    private boolean answered;
    private boolean dismissed;

    Guest(ChatSession session, Wing wing, String name) {
        this.session = session;
        this.wing = wing;
        this.name = name;
        this.key = Names.key(name);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String key() {
        return key;
    }

    Wing wing() {
        return wing;
    }

    @Nullable
    Room room() {
        return room;
    }

    boolean isDrained() {
        return drained;
    }

    void drain() {
        drained = true;
    }

    /** Has a letter from now on; true if he had none in this turn. */
    boolean touch() {
        boolean first = !touched;
        touched = true;
        return first;
    }

    private ByteBuf letter() {
        ByteBuf letter = this.letter;
        if (letter == null) {
            letter = ByteBufAllocator.DEFAULT.directBuffer();
            this.letter = letter;
        }
        if (room != null && room.said() > copied) {
            room.copy(copied, letter);
            copied = room.said();
        }
        return letter;
    }

    /** A line for him alone, after all that has been said to him so far. */
    void tell(String line) {
        Text.writeLine(letter(), line);
    }

    /** Lines for him alone, as a roster has them. */
    void tell(byte[] lines) {
        letter().writeBytes(lines);
    }

    /** He hears nothing more of this room. */
    void leave() {
        letter();
        room = null;
    }

    /** He hears what is said from now on. */
    void enter(Room room) {
        this.room = room;
        copied = room.said();
    }

    /** His session waits for this. */
    void answer() {
        answered = true;
    }

    /** This letter is the last. */
    void dismiss() {
        dismissed = true;
    }

    /** Ends the turn. */
    Letter takeLetter() {
        Letter whole = new Letter(session, letter(), room == null ? null : room.branch(wing), answered, dismissed);
        touched = false;
        letter = null;
        copied = 0;
        answered = false;
        return whole;
    }
}
