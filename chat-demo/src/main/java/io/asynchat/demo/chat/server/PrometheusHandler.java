package io.asynchat.demo.chat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asynchat.demo.codec.http.GetHandler;
import io.asynchat.demo.codec.http.HttpStatus;
import io.asynchat.demo.codec.http.RequestHead;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Serves metrics at {@code /metrics}, and at {@code /healthz} whether the chat delivers. */
public final class PrometheusHandler extends GetHandler {
    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Supplier<String> metrics;
    private final BooleanSupplier healthy;

    /** Creates a handler; both are asked with each request. */
    public PrometheusHandler(Supplier<String> metrics, BooleanSupplier healthy) {
        this.metrics = metrics;
        this.healthy = healthy;
    }

    @Override
    protected void handleGet(RequestHead head) {
        switch (head.path()) {
            case "/", "/metrics" -> respond(HttpStatus.OK, TYPE, metrics.get().getBytes(UTF_8));
            case "/healthz" -> {
                if (healthy.getAsBoolean()) {
                    respond(HttpStatus.OK, "ok\n");
                } else {
                    respond(HttpStatus.UNAVAILABLE, "no event has come through for 4 s\n");
                }
            }
            default -> respond(HttpStatus.NOT_FOUND, "The metrics are at /metrics, the health at /healthz\n");
        }
    }
}
