package io.asynchat.demo.chat.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before each attempt to connect again: a second, then twice as long each time, half a minute at most.
 *
 * <p>Each is cut short by up to a quarter, by chance, lest all clients of a server come back to it at once.
 */
final class ReconnectDelay {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final RandomGenerator chance;
    private Duration next = FIRST; // grows with each attempt

    ReconnectDelay(RandomGenerator chance) {
        this.chance = chance;
    }

    Duration next() {
        long millis = next.toMillis();
        next = next.multipliedBy(2).compareTo(LONGEST) < 0 ? next.multipliedBy(2) : LONGEST;
        return Duration.ofMillis(millis - chance.nextLong(millis / 4 + 1));
    }

    void reset() {
        next = FIRST;
    }
}
