package io.asynchat.demo.chat.server;

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
import java.util.function.LongSupplier;

/** What the operator sees. What every line touches is a counter; what must be looked for is sampled once a second. */
public final class Metrics {
    private static final long SAMPLE = TimeUnit.SECONDS.toNanos(1);

    private final MeterRegistry registry;
    private final Counter messages;
    private final Counter deliveries;
    private final AtomicInteger connected = new AtomicInteger();
    private final AtomicInteger loggedIn = new AtomicInteger();
    private final Map<LongSupplier, Long> unsent = new ConcurrentHashMap<>(); // as of the last sample

    /** Registers the meters. */
    public Metrics(MeterRegistry registry) {
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

    public void rejected(String reason) {
        registry.counter("chat.refusals", "reason", reason).increment();
    }

    /** Samples a loop from now on: how late a task comes that is due, and what its sessions have not been sent yet. */
    synchronized void watch(EventLoop loop, LongSupplier unsentBytes) {
        Timer lag = registry.timer("chat.event.loop.lag", Tags.of("loop", String.valueOf(unsent.size())));
        unsent.put(unsentBytes, 0L);
        sample(loop, unsentBytes, lag, loop.ticker().nanoTime());
    }

    private void sample(EventLoop loop, LongSupplier unsentBytes, Timer lag, long due) {
        long now = loop.ticker().nanoTime();
        lag.record(Math.max(0, now - due), TimeUnit.NANOSECONDS);
        unsent.put(unsentBytes, unsentBytes.getAsLong());
        loop.schedule(() -> sample(loop, unsentBytes, lag, now + SAMPLE), SAMPLE, TimeUnit.NANOSECONDS);
    }
}
