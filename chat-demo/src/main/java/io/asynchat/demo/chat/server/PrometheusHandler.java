package io.asynchat.demo.chat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.AsyncChatHandler;
import io.asynchat.Terminator;
import java.time.Duration;
import java.util.function.Supplier;

/** Gives Prometheus what it asks for: one request a connection, which is all that HTTP/1.0 takes. */
public final class PrometheusHandler extends AsyncChatHandler {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final Supplier<String> text;

    /** Serves this text, which is asked for with each request. */
    public PrometheusHandler(Supplier<String> text) {
        this.text = text;
        setTerminator(Terminator.BLANK_LINE.atMost(8 << 10));
    }

    @Override
    protected void handleConnect() {
        setTimeout(SOON);
    }

    @Override
    protected void foundTerminator() {
        boolean known = takeText(UTF_8).matches("(?s)GET /(metrics)?[ ?].*");
        byte[] body = (known ? text.get() : "The metrics are at /metrics\n").getBytes(UTF_8);
        push("HTTP/1.0 " + (known ? "200 OK" : "404 Not Found") + "\r\n", UTF_8);
        push("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n", UTF_8);
        push("Content-Length: " + body.length + "\r\n\r\n", UTF_8);
        push(body);
        closeWhenDone(SOON);
    }
}
