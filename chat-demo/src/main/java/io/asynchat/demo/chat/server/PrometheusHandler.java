package io.asynchat.demo.chat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Serves metrics at {@code /metrics}, and at {@code /healthz} whether the chat delivers: one request a connection, HTTP/1.0. */
public final class PrometheusHandler extends AsyncChatHandler {
    private static final Pattern REQUEST = Pattern.compile("(?s)GET (/[^ ?]*)[ ?].*");
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Supplier<String> metrics;
    private final BooleanSupplier healthy;

    /** Creates a handler; both are asked with each request. */
    public PrometheusHandler(Supplier<String> metrics, BooleanSupplier healthy) {
        this.metrics = metrics;
        this.healthy = healthy;
        setTerminator(Terminator.BLANK_LINE.atMost(8 << 10));
    }

    @Override
    protected void handleConnect() {
        setTimeout(TIMEOUT);
    }

    @Override
    protected void foundTerminator() {
        Matcher request = REQUEST.matcher(takeText(UTF_8));
        switch (request.matches() ? request.group(1) : "") {
            case "/", "/metrics" -> respond("200 OK", metrics.get());
            case "/healthz" -> {
                if (healthy.getAsBoolean()) {
                    respond("200 OK", "ok\n");
                } else {
                    respond("503 Service Unavailable", "no event has come through for 4 s\n");
                }
            }
            default -> respond("404 Not Found", "The metrics are at /metrics, the health at /healthz\n");
        }
    }

    private void respond(String status, String text) {
        byte[] body = text.getBytes(UTF_8);
        push("HTTP/1.0 " + status + "\r\n", UTF_8);
        push("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n", UTF_8);
        push("Content-Length: " + body.length + "\r\n\r\n", UTF_8);
        push(body);
        closeWhenDone(TIMEOUT);
    }
}
