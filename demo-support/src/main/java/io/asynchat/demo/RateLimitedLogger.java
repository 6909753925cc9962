package io.asynchat.demo;

import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs at most one line a second, and the number of lines it left out: peers must not be able to fill the disk.
 *
 * <p><b>Thread:</b> any.
 */
public final class RateLimitedLogger {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Logger log;
    private final AtomicLong last = new AtomicLong(); // when a line was logged
    private final AtomicLong leftOut = new AtomicLong(); // since then
    private volatile boolean logged; // ever

    /** Logs warnings under the name of that class. */
    public RateLimitedLogger(Class<?> source) {
        log = LoggerFactory.getLogger(source);
    }

    /** Logs {@code what: why}, or counts it. */
    public void warn(Ticker clock, String what, String why) {
        long before = last.get();
        long now = clock.nanoTime();
        if ((logged && now - before < SECOND) || !last.compareAndSet(before, now)) {
            leftOut.incrementAndGet();
            return;
        }
        logged = true;
        long others = leftOut.getAndSet(0);
        if (others == 0) {
            log.warn("{}: {}", what, why);
        } else {
            log.warn("{}: {} (and {} more like it before)", what, why, others);
        }
    }
}
