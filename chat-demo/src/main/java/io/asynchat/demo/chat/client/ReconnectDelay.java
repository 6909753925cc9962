package io.asynchat.demo.chat.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The delay before each attempt: a second, then twice as long each time, 30 seconds at most. Each is shortened by a random part of
 * up to a quarter, so that the clients of a server do not all come back at once.
 */
final class ReconnectDelay {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration MAX = Duration.ofSeconds(30);

    private final RandomGenerator random;
    private Duration next = FIRST; // grows with each attempt

    ReconnectDelay(RandomGenerator random) {
        this.random = random;
    }

    Duration next() {
        long millis = next.toMillis();
        next = next.multipliedBy(2).compareTo(MAX) < 0 ? next.multipliedBy(2) : MAX;
        return Duration.ofMillis(millis - random.nextLong(millis / 4 + 1));
    }

    void reset() {
        next = FIRST;
    }
}
