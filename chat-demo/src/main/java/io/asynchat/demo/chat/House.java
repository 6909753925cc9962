package io.asynchat.demo.chat;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rooms, and who is in them. All of it belongs to one event loop, the one on which the first session came: names are
 * reserved, rooms entered and lines put in order there, without a lock. What costs, reading and writing, does not happen
 * here but on each session's own loop: what comes from there and goes there is a task a turn, whatever the turn brings.
 */
final class House {
    private static final Logger LOG = LoggerFactory.getLogger(House.class);

    /** The room that all come to first. */
    static final String MAIN = "main";

    /** The last line of a server that ends. */
    static final String CLOSING = "The server is closing. Good bye.";

    private final Metrics metrics;
    private final AtomicReference<@Nullable EventLoop> home = new AtomicReference<>(); // set once, by the first session
    private final Map<EventLoop, Wing> wings = new ConcurrentHashMap<>(); // asked once a connection
    private final Turn turn = new Turn();
    private boolean turnEnds; // the task is on its way
    private final Roster<Guest> guests = new Roster<>("The following are logged in:");
    private final Roster<Room> rooms = new Roster<>("The following rooms are open:");
    private final History.Budget remembered = new History.Budget();
    private final Room main = new Room(MAIN, new History(new History.Budget()));
    private boolean draining; // nobody comes in any more
    private int drained; // of the guests

    House(Metrics metrics) {
        this.metrics = metrics;
        rooms.add(main);
    }

    /** Where the sessions of a loop are. From any thread. */
    Wing wing(EventLoop loop) {
        home.compareAndSet(null, loop);
        return wings.computeIfAbsent(loop, first -> {
            Wing wing = new Wing(this, loop, metrics);
            metrics.watch(loop, wing);
            return wing;
        });
    }

    /** From the loop of a wing. */
    void hear(List<Said> all) {
        EventLoop home = home();
        if (home.inEventLoop()) {
            handle(all);
            return;
        }
        try {
            home.execute(() -> handle(all));
        } catch (RejectedExecutionException ended) {
            LOG.debug("{} lines came after the end", all.size());
        }
    }

    private EventLoop home() {
        return Objects.requireNonNull(home.get());
    }

    /** Where many speak, more is on its way: to wait for that costs less than another write for each member. */
    private void handle(List<Said> all) {
        for (Said said : all) {
            handle(said);
            if (turn.isFull()) {
                turn.end();
            }
        }
        if (!turnEnds) {
            turnEnds = true;
            endTurnSoon(all.size() > 1);
        }
    }

    /** A loop that ends drops what is scheduled and refuses tasks: then the turn ends there and then. */
    private void endTurnSoon(boolean more) {
        try {
            if (more && !home().isShuttingDown()) { // when the sockets have been looked at once more
                home().schedule(() -> {}, 0, TimeUnit.SECONDS).addListener(doneOrDropped -> endTurn());
            } else {
                home().execute(this::endTurn); // behind the tasks of other wings that wait already
            }
        } catch (RejectedExecutionException ended) {
            endTurn();
        }
    }

    private void handle(Said said) {
        try {
            said.act().on(this, said.by(), said.text());
            if (said.awaited()) {
                turn.touch(said.by()).answer();
            }
        } catch (RuntimeException | StackOverflowError fault) { // ours; it ends the session that found it
            LOG.error("a fault in the house", fault);
            depart(said.by());
        }
    }

    private void endTurn() {
        turnEnds = false;
        turn.end();
    }

    // ---- what acts do

    Roster<Guest> guests() {
        return guests;
    }

    Roster<Room> rooms() {
        return rooms;
    }

    /** Has a line for him alone. */
    void tell(Guest guest, String line) {
        turn.touch(guest).tell(line);
    }

    /** Has lines for him alone. */
    void tell(Guest guest, byte[] lines) {
        turn.touch(guest).tell(lines);
    }

    /** Says a line in a room, which remembers it. */
    void say(Room room, String line) {
        turn.say(room, line);
        room.history().add(line);
        metrics.said();
    }

    /** Lets him in, if the name is free. */
    void admit(Guest guest, String name) {
        if (draining) {
            tell(guest, CLOSING);
            turn.touch(guest).dismiss();
        } else if (guests.add(guest)) {
            metrics.loggedIn(guests.size());
            enter(guest, main);
        } else {
            tell(guest, "The name \"" + name + "\" is taken.");
            tell(guest, "Please try again.");
        }
    }

    /** From his room to that one, which is opened if it is not there; false if nothing may be called so. */
    boolean move(Guest guest, String name) {
        Room there = rooms.find(name);
        if (there == null) {
            if (!Names.isAllowed(name)) {
                return false;
            }
            there = new Room(name, new History(remembered));
            rooms.add(there);
        }
        if (there != guest.room()) {
            leave(guest);
            enter(guest, there);
        }
        return true;
    }

    private void enter(Guest guest, Room room) {
        turn.say(room, guest.name() + " has entered the room.");
        room.people().add(guest);
        turn.touch(guest).enter(room);
    }

    private void leave(Guest guest) {
        Room room = Objects.requireNonNull(guest.room());
        turn.touch(guest).leave();
        room.people().remove(guest);
        if (!draining) { // else everybody would be told of everybody
            turn.say(room, guest.name() + " has left the room");
        }
        if (room.people().isEmpty() && room != main) {
            rooms.remove(room);
            room.history().forget();
        }
    }

    /** He is not there any more, or is not to be; a second time is nothing. */
    void depart(Guest guest) {
        dismiss(guest);
        endIfDrained();
    }

    private void dismiss(Guest guest) {
        turn.touch(guest).dismiss();
        if (guest.room() != null) {
            leave(guest);
            guests.remove(guest);
            metrics.loggedIn(guests.size());
            drained -= guest.isDrained() ? 1 : 0;
        }
    }

    // ---- the end

    /** He says nothing more. When nobody does, all has been said: then everybody hears of the end, and is dismissed. */
    void drain(Guest guest, String ignored) {
        draining = true;
        if (guest.room() != null && !guest.isDrained()) {
            guest.drain();
            drained++;
        }
        endIfDrained();
    }

    private void endIfDrained() {
        if (draining && drained == guests.size()) {
            for (Guest guest : List.copyOf(guests.all())) {
                tell(guest, CLOSING);
                dismiss(guest);
            }
        }
    }
}
