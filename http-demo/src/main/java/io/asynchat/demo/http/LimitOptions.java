package io.asynchat.demo.http;

import java.time.Duration;
import picocli.CommandLine.Option;

/** The flags that say what a stranger may cost. */
final class LimitOptions {
    private static final String DEFAULT = " (default: ${DEFAULT-VALUE}).";

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "10000",
            description = "The most connections at a time, 0 for any number" + DEFAULT)
    int maxConnections;

    @Option(
            names = "--max-per-address",
            paramLabel = "N",
            defaultValue = "256",
            description = "The most from one IPv4 address or IPv6 /64, 0 for any number" + DEFAULT)
    int maxPerAddress;

    @Option(
            names = "--max-request-line",
            paramLabel = "OCTETS",
            defaultValue = "8192",
            description = "The longest request line" + DEFAULT)
    int requestLine;

    @Option(
            names = "--max-head",
            paramLabel = "OCTETS",
            defaultValue = "32768",
            description = "The largest head of a request" + DEFAULT)
    int head;

    @Option(
            names = "--max-fields",
            paramLabel = "N",
            defaultValue = "100",
            description = "The most field lines in a head" + DEFAULT)
    int fields;

    @Option(
            names = "--max-body",
            paramLabel = "OCTETS",
            defaultValue = "1048576",
            description = "The largest body of a request" + DEFAULT)
    int body;

    @Option(
            names = "--max-bodies",
            paramLabel = "OCTETS",
            defaultValue = "16777216",
            description = "The most that is held of all bodies at a time" + DEFAULT)
    int held;

    @Option(
            names = "--max-form-fields",
            paramLabel = "N",
            defaultValue = "256",
            description = "The most fields in a form" + DEFAULT)
    int formFields;

    @Option(
            names = "--head-timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "For a head, from its first octet; for the first, from the accept" + DEFAULT)
    Duration headTimeout = Limits.DEFAULT.headTime();

    @Option(
            names = "--body-timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "For a body, and a second more for each KiB of it" + DEFAULT)
    Duration bodyTimeout = Limits.DEFAULT.bodyTime();

    @Option(
            names = "--idle-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "For a connection between two requests" + DEFAULT)
    Duration idleTimeout = Limits.DEFAULT.idleTime();

    @Option(
            names = "--write-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "For a client that takes nothing of its answer" + DEFAULT)
    Duration writeTimeout = Duration.ZERO;

    @Option(
            names = "--drain-timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "For requests under way when the server is told to end" + DEFAULT)
    Duration drainTimeout = Duration.ZERO;

    Limits limits() {
        return new Limits(
                positive(requestLine, "--max-request-line"),
                positive(head, "--max-head"),
                positive(fields, "--max-fields"),
                notNegative(body, "--max-body"),
                positive(formFields, "--max-form-fields"),
                notNegative(held, "--max-bodies"),
                headTimeout,
                bodyTimeout,
                idleTimeout);
    }

    static int positive(int value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
        return value;
    }

    static int notNegative(int value, String name) {
        if (value < 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 0)");
        }
        return value;
    }
}
