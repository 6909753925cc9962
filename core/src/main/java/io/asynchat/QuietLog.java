package io.asynchat;

import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs at most one line a second, and how many it left out: what a stranger causes must not fill the disk.
 *
 * <p><b>Thread:</b> any.
 */
public final class QuietLog {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Logger log;
    private final AtomicLong last = new AtomicLong(); // when a line was logged
    private final AtomicLong leftOut = new AtomicLong(); // since then
    private volatile boolean spoken; // ever

    /** Logs warnings under the name of that class. */
    public QuietLog(Class<?> source) {
        log = LoggerFactory.getLogger(source);
    }

    /** Logs {@code what: why}, or counts it. */
    public void warn(Ticker clock, String what, String why) {
        long before = last.get();
        long now = clock.nanoTime();
        if ((spoken && now - before < SECOND) || !last.compareAndSet(before, now)) {
            leftOut.incrementAndGet();
            return;
        }
        spoken = true;
        long others = leftOut.getAndSet(0);
        if (others == 0) {
            log.warn("{}: {}", what, why);
        } else {
            log.warn("{}: {} (and {} more like it before)", what, why, others);
        }
    }
}
