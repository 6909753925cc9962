package io.asynchat.demo.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What rooms remember, and what a list of names costs. */
class RoomLimitsTest {
    private final History.Budget budget = new History.Budget();

    @Test
    void fiftyLinesAreRemembered() {
        History history = new History(budget);
        IntStream.range(0, 60).forEach(i -> history.add("line " + i));
        assertThat(history.last(100)).hasSize(50).first().isEqualTo("line 10");
        assertThat(history.last(2)).containsExactly("line 58", "line 59");
        assertThat(history.last(0)).isEmpty();
    }

    @Test
    void whatAllRoomsRememberIsBounded() {
        String line = "x".repeat(8_000);
        int held = IntStream.range(0, 100)
                .mapToObj(room -> new History(budget))
                .peek(history -> IntStream.range(0, 50).forEach(i -> history.add(line)))
                .toList()
                .stream()
                .mapToInt(history -> history.last(50).size())
                .sum();
        assertThat(held).isBetween(500, 530);
    }

    @Test
    void aRoomThatClosesMakesRoom() {
        String line = "x".repeat(80_000);
        for (int i = 0; i < 200; i++) {
            History history = new History(budget);
            IntStream.range(0, 40).forEach(any -> history.add(line));
            assertThat(history.last(50)).hasSize(40);
            history.forget();
        }
    }

    @Test
    void aListIsWrittenOnceUntilItChanges() {
        Roster<Room> rooms = new Roster<>("The following rooms are open:");
        rooms.add(new Room("a", new History(budget)));
        byte[] answer = rooms.answer();
        assertThat(rooms.answer()).isSameAs(answer);
        assertThat(rooms.add(new Room("A", new History(budget)))).isFalse();
        rooms.add(new Room("b", new History(budget)));
        assertThat(rooms.answer()).asString().isEqualTo("The following rooms are open:\na\nb\n");
    }
}
