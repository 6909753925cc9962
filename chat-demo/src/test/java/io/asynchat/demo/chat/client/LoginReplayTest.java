package io.asynchat.demo.chat.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LoginReplayTest {
    private final LoginReplay login = new LoginReplay();

    @Test
    void theLoginThatWasNotRefusedIsSentAgain() {
        sent("say hi", "login bob", "login ", "loginbob", "say login ann");
        assertThat(again()).isEqualTo("login bob");
        assertThat(again()).isEqualTo("login bob");
    }

    @Test
    void nameThatWasTakenIsForgotten() {
        sent("login bob", "login ann");
        heard("The name \"bob\" is taken.", "Please try again.");
        assertThat(again()).isEqualTo("login ann");
    }

    @Test
    void refusedLoginIsNotRepeated() {
        sent("login bob");
        heard("The name \"bob\" is taken.", "Please try again.");
        assertThat(again()).isNull();
    }

    @Test
    void secondLoginIsRefusedAsUnknown() {
        sent("login bob", "login ann");
        heard("Unknown command: login");
        assertThat(again()).isEqualTo("login bob");
    }

    @Test
    void nobodyElseCanTakeTheNameAway() {
        sent("login bob");
        heard("ann : Please try again.", "Unknown command: login");
        assertThat(again()).isEqualTo("login bob");
    }

    private void sent(String... lines) {
        for (String line : lines) {
            login.sent(line.getBytes(UTF_8));
        }
    }

    private void heard(String... lines) {
        for (String line : lines) {
            login.received(line);
        }
    }

    private @Nullable String again() {
        byte[] line = login.loginLine();
        return line == null ? null : new String(line, UTF_8);
    }
}
