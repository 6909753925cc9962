package io.asynchat.demo.chat.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What rooms remember, and what a list of names costs. */
class RoomLimitsTest {
    private final History.Budget budget = new History.Budget();

    @Test
    void fiftyLinesAreRemembered() {
        History history = new History(budget);
        IntStream.range(0, 60).forEach(i -> history.add(said("line " + i)));
        assertThat(history.last(100)).hasSize(50).first().isEqualTo(said("line 10"));
        assertThat(history.last(2)).containsExactly(said("line 58"), said("line 59"));
        assertThat(history.last(0)).isEmpty();
    }

    @Test
    void historyOfAllRoomsIsBounded() {
        String line = "x".repeat(8_000);
        int held = IntStream.range(0, 100)
                .mapToObj(room -> new History(budget))
                .peek(history -> IntStream.range(0, 50).forEach(i -> history.add(said(line))))
                .toList()
                .stream()
                .mapToInt(history -> history.last(50).size())
                .sum();
        assertThat(held).isBetween(500, 530);
    }

    @Test
    void roomThatClosesMakesRoom() {
        String line = "x".repeat(80_000);
        for (int i = 0; i < 200; i++) {
            History history = new History(budget);
            IntStream.range(0, 40).forEach(any -> history.add(said(line)));
            assertThat(history.last(50)).hasSize(40);
            history.clear();
        }
    }

    @Test
    void listingIsEncodedOnceUntilItChanges() {
        Directory<Named> rooms = new Directory<>("rooms", "The following rooms are open:");
        rooms.add(new Named("a", "a"));
        byte[] listing = rooms.listing(LineCodec.LINES);
        assertThat(rooms.listing(LineCodec.LINES)).isSameAs(listing);
        assertThat(rooms.add(new Named("A", "a"))).isFalse();
        rooms.add(new Named("b", "b"));
        assertThat(rooms.listing(LineCodec.LINES)).asString().isEqualTo("The following rooms are open:\na\nb\n");
    }

    private record Named(String name, String key) implements Directory.Named {}

    private static ChatMessage said(String text) {
        return new ChatMessage(ChatMessage.Kind.SAID, "", text, 0, 0, 0);
    }
}
