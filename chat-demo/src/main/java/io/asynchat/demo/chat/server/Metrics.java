package io.asynchat.demo.chat.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * The metrics of a chat.
 *
 * <p><b>Thread:</b> any. What every line changes is a counter; what must be collected from the sessions is sampled once a second.
 */
public final class Metrics {
    private static final long SAMPLE = TimeUnit.SECONDS.toNanos(1);

    private final MeterRegistry registry;
    private final Counter messages;
    private final Counter deliveries;
    private final Counter applied;
    private final Counter rebuilds;
    private final Timer logLag;
    private final AtomicInteger connected = new AtomicInteger();
    private final AtomicInteger loggedIn = new AtomicInteger();
    private final AtomicInteger web = new AtomicInteger();
    private final Map<LongSupplier, Long> unsent = new ConcurrentHashMap<>(); // as of the last sample

    /** Registers the meters. */
    public Metrics(MeterRegistry registry) {
        this.registry = registry;
        messages = Counter.builder("chat.messages")
                .description("Lines said in rooms, by say and me.")
                .register(registry);
        deliveries = Counter.builder("chat.deliveries")
                .description("Messages to rooms times the members that they were sent to.")
                .register(registry);
        applied = Counter.builder("chat.events.applied")
                .description("Events of the log that were applied: logins, lines, joins, leaves.")
                .register(registry);
        rebuilds = Counter.builder("chat.log.rebuilds")
                .description(
                        "Times that the state was taken from a snapshot because entries of the log were lost or missed.")
                .register(registry);
        logLag = Timer.builder("chat.log.lag")
                .description("Seconds from appending a heartbeat to the log until it comes back, every 2 seconds.")
                .register(registry);
        sessions("connected", connected);
        sessions("logged in", loggedIn);
        sessions("web", web);
        Gauge.builder("chat.queue", unsent, Metrics::sum)
                .description("Bytes that wait to be sent to sessions, sampled once a second.")
                .baseUnit("bytes")
                .register(registry);
    }

    private void sessions(String state, AtomicInteger number) {
        Gauge.builder("chat.sessions", number::get)
                .description("Sessions that are connected, those of them that are logged in, and those of pages.")
                .tag("state", state)
                .register(registry);
    }

    private static double sum(Map<LongSupplier, Long> bytes) {
        return bytes.values().stream().mapToLong(each -> each).sum();
    }

    void applied(int events) {
        applied.increment(events);
    }

    void rebuilt() {
        rebuilds.increment();
    }

    /** Records the time from appending a heartbeat to reading it back, in nanoseconds. */
    void heartbeat(long nanos) {
        logLag.record(nanos, TimeUnit.NANOSECONDS);
    }

    void connected() {
        connected.incrementAndGet();
    }

    void disconnected() {
        connected.decrementAndGet();
    }

    /** A page has opened a session. */
    public void webOpened() {
        web.incrementAndGet();
    }

    public void webClosed() {
        web.decrementAndGet();
    }

    void loggedIn() {
        loggedIn.incrementAndGet();
    }

    void loggedOut() {
        loggedIn.decrementAndGet();
    }

    void said() {
        messages.increment();
    }

    void delivered(int lines, int members) {
        deliveries.increment((double) lines * members);
    }

    /** Counts a rejection by its reason. */
    public void rejected(String reason) {
        Counter.builder("chat.refusals")
                .description("Connections, sessions, names and lines that were rejected, by reason.")
                .tag("reason", reason)
                .register(registry)
                .increment();
    }

    /** Samples an event loop from now on: how late a task runs that is due, and what its sessions have not been sent yet. */
    synchronized void watch(EventLoop loop, LongSupplier unsentBytes) {
        Timer lag = Timer.builder("chat.event.loop.lag")
                .description("How many seconds late an event loop ran a task that was due, sampled once a second.")
                .tag("loop", String.valueOf(unsent.size()))
                .register(registry);
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
