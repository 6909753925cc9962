package io.asynchat;

import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * Logs at most one line a second, and how many it left out: what a stranger causes must not fill the disk.
 *
 * <p><b>Thread:</b> one.
 */
final class QuietLog {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Logger log;
    private boolean spoken; // ever
    private long last; // when a line was logged
    private long leftOut; // since then

    QuietLog(Logger log) {
        this.log = log;
    }

    void warn(Ticker clock, String what, String why) {
        long now = clock.nanoTime();
        if (spoken && now - last < SECOND) {
            leftOut++;
            return;
        }
        if (leftOut == 0) {
            log.warn("{}: {}", what, why);
        } else {
            log.warn("{}: {} (and {} more like it before)", what, why, leftOut);
        }
        spoken = true;
        last = now;
        leftOut = 0;
    }
}
