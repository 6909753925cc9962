package io.asynchat.demo.chat.server;

import io.asynchat.RateLimit;
import java.time.Duration;

/**
 * What a session may cost.
 *
 * @param line bytes of a line without its end
 * @param queue bytes that may wait to be sent to it
 * @param linesPerTurn of the event loop
 * @param rate lines in a second, after a burst; 0 for any number
 * @param burst lines that may come at once
 * @param drainTimeout how long the lines that had come are handled when the server closes
 */
public record Limits(int line, int queue, int linesPerTurn, int rate, int burst, Duration drainTimeout) {
    /** The defaults. */
    public static final Limits DEFAULT = new Limits(8 << 10, 1 << 20, 64, 1_000, 2_000, Duration.ofSeconds(10));

    /** Returns the limit of the rate of lines. */
    public RateLimit rateLimit() {
        return new RateLimit(rate, burst, linesPerTurn);
    }
}
