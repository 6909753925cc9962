package io.asynchat.demo.chat;

import io.asynchat.AsyncChatServer;
import io.asynchat.demo.chat.server.Limits;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The flags that say what a stranger may cost. */
final class LimitOptions {
    private static final String DEFAULT = " (default: ${DEFAULT-VALUE}).";
    private static final String OR_NONE = ", 0 for any number" + DEFAULT;
    private static final String OR_EVER = ", 0 for ever" + DEFAULT;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "10000",
            description = "The most connections at a time" + OR_NONE)
    private int maxConnections;

    @Option(
            names = "--max-per-address",
            paramLabel = "N",
            defaultValue = "256",
            description = "The most from one IPv4 address or IPv6 /64" + OR_NONE)
    private int maxPerAddress;

    @Option(
            names = "--max-line",
            paramLabel = "BYTES",
            defaultValue = "8192",
            description = "The longest line" + DEFAULT)
    private int line;

    @Option(
            names = "--max-queue",
            paramLabel = "BYTES",
            defaultValue = "1048576",
            description = "The most that may wait to be sent to one who does not read, 0 for any number" + DEFAULT)
    private int queue;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "1000",
            description = "The most lines of a session in a second" + OR_NONE)
    private int rate;

    @Option(
            names = "--burst",
            paramLabel = "N",
            defaultValue = "2000",
            description = "The most lines of a session at once, before the rate counts" + DEFAULT)
    private int burst;

    @Option(
            names = "--lines-per-turn",
            paramLabel = "N",
            defaultValue = "64",
            description = "The most lines of a session before others have their turn" + DEFAULT)
    private int linesPerTurn;

    @Option(
            names = "--idle-timeout",
            paramLabel = "TIME",
            defaultValue = "10m",
            description = "For one who sends nothing" + OR_EVER)
    private Duration idleTimeout = Duration.ZERO;

    @Option(
            names = "--write-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "For one who takes nothing of what waits for him" + OR_EVER)
    private Duration writeTimeout = Duration.ZERO;

    @Option(
            names = "--drain-timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "For what is under way when the server is told to end" + DEFAULT)
    private Duration drainTimeout = Duration.ZERO;

    /** Refuses what makes no sense before anything is opened. */
    Limits limits() {
        return new Limits(
                positive(line, "--max-line"),
                queue == 0 ? Integer.MAX_VALUE : notNegative(queue, "--max-queue"),
                positive(linesPerTurn, "--lines-per-turn"),
                notNegative(rate, "--rate"),
                positive(burst, "--burst"),
                drainTimeout);
    }

    Duration drainTimeout() {
        return drainTimeout;
    }

    AsyncChatServer.Builder applyTo(AsyncChatServer.Builder server) {
        return server.maxConnections(maxConnections)
                .maxConnectionsPerAddress(maxPerAddress)
                .idleTimeout(idleTimeout)
                .writeStallTimeout(writeTimeout)
                .drainTimeout(drainTimeout);
    }

    private static int positive(int value, String flag) {
        if (value == 0) {
            throw new IllegalArgumentException(flag + ": 0 (expected: > 0)");
        }
        return notNegative(value, flag);
    }

    private static int notNegative(int value, String flag) {
        if (value < 0) {
            throw new IllegalArgumentException(flag + ": " + value + " (expected: >= 0)");
        }
        return value;
    }
}
