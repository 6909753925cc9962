package io.asynchat.demo.http;

import io.asynchat.demo.cli.IntRange;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The flags that limit what a request may cost. */
final class LimitOptions {
    private static final String DEFAULT = " (default: ${DEFAULT-VALUE}).";

    @Option(
            names = "--max-request-line",
            paramLabel = "OCTETS",
            converter = IntRange.Positive.class,
            description = "The maximum length of a request line" + DEFAULT)
    private int requestLine = Limits.DEFAULT.requestLine(); // set by picocli, as all below

    @Option(
            names = "--max-head",
            paramLabel = "OCTETS",
            converter = IntRange.Positive.class,
            description = "The maximum length of a request's head" + DEFAULT)
    private int head = Limits.DEFAULT.head();

    @Option(
            names = "--max-fields",
            paramLabel = "N",
            converter = IntRange.Positive.class,
            description = "The maximum number of field lines in a head" + DEFAULT)
    private int fields = Limits.DEFAULT.fields();

    @Option(
            names = "--max-body",
            paramLabel = "OCTETS",
            converter = IntRange.NotNegative.class,
            description = "The maximum length of a request's body" + DEFAULT)
    private int body = (int) Limits.DEFAULT.body();

    @Option(
            names = "--max-bodies",
            paramLabel = "OCTETS",
            converter = IntRange.NotNegative.class,
            description = "The maximum length of all bodies that are held at a time" + DEFAULT)
    private int held = (int) Limits.DEFAULT.held();

    @Option(
            names = "--max-form-fields",
            paramLabel = "N",
            converter = IntRange.Positive.class,
            description = "The maximum number of fields in a form" + DEFAULT)
    private int formFields = Limits.DEFAULT.formFields();

    @Option(
            names = "--head-timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "The maximum time for a head, from its first octet; for the first, from the accept" + DEFAULT)
    private Duration headTimeout = Duration.ZERO;

    @Option(
            names = "--body-timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "The maximum time for a body, and a second more for each KiB of it" + DEFAULT)
    private Duration bodyTimeout = Duration.ZERO;

    @Option(
            names = "--idle-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "The maximum time between two requests of a connection" + DEFAULT)
    private Duration idleTimeout = Duration.ZERO;

    Limits limits() {
        return new Limits(requestLine, head, fields, body, formFields, held, headTimeout, bodyTimeout, idleTimeout);
    }
}
