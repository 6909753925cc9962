package io.asynchat.demo.chat.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SeenNamesTest {
    private final SeenNames names = new SeenNames();

    @Test
    void nameThatSpeaksComesOrGoesIsSeen() {
        assertThat(seen("bob : hi", "eve tells you : psst", "小明 has entered the room.", "ann has left the room"))
                .containsExactly("ann", "bob", "eve", "小明");
    }

    @Test
    void listedNameIsSeen() {
        assertThat(seen("The following are in the room:", "ann", "bob", "Unknown command: x", "The", "end"))
                .containsExactly("ann", "bob");
    }

    @Test
    void oneNameIsSeenOnce() {
        assertThat(seen("bob : hi", "bob : and", "bob has left the room")).containsExactly("bob");
    }

    @Test
    void noneIsMadeUp() {
        assertThat(seen("Welcome to TestChat", "Please log in", "", "a b : c", " : c"))
                .isEmpty();
    }

    @Test
    void thereIsAnEndToWhatIsRemembered() {
        for (int i = 0; i < 20_000; i++) {
            names.received("u" + i + " : hi");
        }
        assertThat(names.all()).hasSize(10_000);
    }

    @Test
    void longNamesAreNotKept() {
        for (int i = 0; i < 10_000; i++) {
            names.received(i + "x".repeat(60_000) + " : hi");
            names.received(i + "y".repeat(200) + " : hi");
        }
        assertThat(names.all().stream().mapToInt(String::length).sum()).isBetween(1_000_000, 1 << 20);
    }

    private List<String> seen(String... lines) {
        for (String line : lines) {
            names.received(line);
        }
        return names.all();
    }
}
