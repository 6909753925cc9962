package io.asynchat.demo.chat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What the operator sees. What every line touches is a counter; what must be looked for is sampled once a second. */
final class Metrics {
    private static final long SAMPLE = TimeUnit.SECONDS.toNanos(1);

    private final MeterRegistry registry;
    private final Counter messages;
    private final Counter deliveries;
    private final AtomicInteger connected = new AtomicInteger();
    private final AtomicInteger loggedIn = new AtomicInteger();
    private final Map<Wing, Long> unsent = new ConcurrentHashMap<>(); // as of the last sample

    Metrics(MeterRegistry registry) {
        this.registry = registry;
        messages = registry.counter("chat.messages");
        deliveries = registry.counter("chat.deliveries");
        Gauge.builder("chat.sessions", connected::get).tag("state", "connected").register(registry);
        Gauge.builder("chat.sessions", loggedIn::get).tag("state", "logged in").register(registry);
        Gauge.builder(
                        "chat.queue",
                        unsent,
                        all -> all.values().stream().mapToLong(bytes -> bytes).sum())
                .baseUnit("bytes")
                .register(registry);
    }

    void connected() {
        connected.incrementAndGet();
    }

    void disconnected() {
        connected.decrementAndGet();
    }

    void loggedIn(int now) {
        loggedIn.set(now);
    }

    void said() {
        messages.increment();
    }

    void delivered(int lines, int members) {
        deliveries.increment((double) lines * members);
    }

    void refused(String reason) {
        registry.counter("chat.refusals", "reason", reason).increment();
    }

    /** Samples a loop from now on: how late a task comes that is due, and what its sessions have not been sent yet. */
    synchronized void watch(EventLoop loop, Wing wing) {
        Timer lag = registry.timer("chat.event.loop.lag", Tags.of("loop", String.valueOf(unsent.size())));
        unsent.put(wing, 0L);
        sample(loop, wing, lag, loop.ticker().nanoTime());
    }

    private void sample(EventLoop loop, Wing wing, Timer lag, long due) {
        long now = loop.ticker().nanoTime();
        lag.record(Math.max(0, now - due), TimeUnit.NANOSECONDS);
        unsent.put(wing, wing.unsentBytes());
        loop.schedule(() -> sample(loop, wing, lag, now + SAMPLE), SAMPLE, TimeUnit.NANOSECONDS);
    }
}
