package io.asynchat.demo.chat;

import io.asynchat.demo.chat.server.Limits;
import io.asynchat.demo.cli.DurationConverter;
import io.asynchat.demo.cli.IntRange;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The flags that limit what a session may cost. */
final class LimitOptions {
    private static final String DEFAULT = " (default: ${DEFAULT-VALUE}).";

    @Option(
            names = "--max-line",
            paramLabel = "BYTES",
            converter = IntRange.Positive.class,
            description = "The maximum length of a line" + DEFAULT)
    private int line = Limits.DEFAULT.line(); // set by picocli, as all below

    @Option(
            names = "--max-queue",
            paramLabel = "BYTES",
            converter = IntRange.NotNegative.class,
            description = "Close a session for which more than this waits to be sent, 0 for any amount" + DEFAULT)
    private int queue = Limits.DEFAULT.queue();

    @Option(
            names = "--rate",
            paramLabel = "N",
            converter = IntRange.NotNegative.class,
            description = "The maximum number of lines of a session per second; more wait. 0 for any number" + DEFAULT)
    private int rate = Limits.DEFAULT.rate();

    @Option(
            names = "--burst",
            paramLabel = "N",
            converter = IntRange.Positive.class,
            description = "The maximum number of lines of a session at once, before --rate applies" + DEFAULT)
    private int burst = Limits.DEFAULT.burst();

    @Option(
            names = "--lines-per-turn",
            paramLabel = "N",
            converter = IntRange.Positive.class,
            description = "The maximum number of lines of a session before other sessions are served" + DEFAULT)
    private int linesPerTurn = Limits.DEFAULT.linesPerTurn();

    @Option(
            names = "--idle-timeout",
            paramLabel = "TIME",
            defaultValue = "10m",
            converter = DurationConverter.OrZero.class,
            description = "Close a session that sends nothing for this long, 0 for never" + DEFAULT)
    private Duration idleTimeout = Duration.ZERO;

    /** Returns the limits of sessions; the drain timeout is an option of all servers. */
    Limits limits(Duration drainTimeout) {
        return new Limits(line, queue == 0 ? Integer.MAX_VALUE : queue, linesPerTurn, rate, burst, drainTimeout);
    }

    Duration idleTimeout() {
        return idleTimeout;
    }
}
