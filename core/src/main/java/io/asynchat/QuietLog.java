package io.asynchat;

import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/** Logs at most one line a second, and how many it left out: what a stranger causes must not fill the disk. */
final class QuietLog {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Logger log;
    private final Ticker ticker;
    private long last; // when a line was logged
    private long leftOut; // since then

    QuietLog(Logger log, Ticker ticker) {
        this.log = log;
        this.ticker = ticker;
        this.last = ticker.nanoTime() - SECOND;
    }

    /** On one thread only. */
    void warn(String what, Object of) {
        long now = ticker.nanoTime();
        if (now - last < SECOND) {
            leftOut++;
        } else if (leftOut == 0) {
            log.warn("{}: {}", what, of);
            last = now;
        } else {
            log.warn("{}: {} (and {} more like it before)", what, of, leftOut);
            last = now;
            leftOut = 0;
        }
    }
}
