package io.asynchat.demo.chat.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("internal")
class LastNumbersTest {
    private static final long MINUTE = 60_000;

    private final LastNumbers numbers = new LastNumbers();

    private void say(String client, long number) {
        numbers.login(client);
        assertThat(numbers.isNext(client, number)).isTrue();
        numbers.logout(client);
    }

    @Test
    void numberIsNextOnceAndInOrder() {
        numbers.login("a");
        assertThat(numbers.isNext("a", 1)).isTrue();
        assertThat(numbers.isNext("a", 1)).isFalse();
        assertThat(numbers.isNext("a", 5)).isTrue();
        assertThat(numbers.isNext("a", 3)).isFalse();
        assertThat(numbers.isNext("a", 0)).as("a line without a number").isTrue();
        assertThat(numbers.isNext(null, 1)).as("a terminal").isTrue();
    }

    @Test
    void numberIsKeptForTenMinutesAfterTheUserHasGone() {
        say("a", 7);
        numbers.advance(10 * MINUTE);
        assertThat(numbers.login("a")).isEqualTo(7);
        numbers.advance(60 * MINUTE);
        numbers.logout("a");
        numbers.advance(71 * MINUTE);
        assertThat(numbers.login("a")).isZero();
    }

    @Test
    void numberIsKeptWhileAnySessionOfThePageIsLoggedIn() {
        say("a", 7);
        numbers.login("a");
        numbers.login("a");
        numbers.logout("a");
        numbers.advance(60 * MINUTE);
        assertThat(numbers.isNext("a", 7)).isFalse();
    }

    @Test
    void firstOfTenThousandThatAreGoneIsDropped() {
        for (int i = 0; i <= 10_000; i++) {
            say("page " + i, 1);
        }
        assertThat(numbers.login("page 0")).isZero();
        assertThat(numbers.login("page 1")).isEqualTo(1);
    }
}
