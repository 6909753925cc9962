package io.asynchat.demo.http;

import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says why requests are refused, at most once a second and with a count of the rest: strangers decide how often. */
class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger(HttpHandler.class);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLong last = new AtomicLong(System.nanoTime() - SECOND);
    private final AtomicLong leftOut = new AtomicLong();

    void refused(Channel channel, Refusal refusal) {
        long before = last.get();
        long now = System.nanoTime();
        if (now - before >= SECOND && last.compareAndSet(before, now)) {
            LOG.info("refused {}: {} (and {} before)", channel.remoteAddress(), refusal, leftOut.getAndSet(0));
        } else {
            leftOut.incrementAndGet();
        }
    }
}
