package io.asynchat.demo.http;

import io.asynchat.demo.RejectionListener;
import io.asynchat.demo.RejectionLog;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The state that all connections of a server share.
 *
 * @param log null if no access log is written
 * @param held octets of the request bodies in memory
 */
record ServerContext(
        Limits limits,
        Router router,
        HttpClock clock,
        @Nullable AccessLog log,
        RejectionListener rejections,
        AtomicLong held) {

    ServerContext(Limits limits, Router router, HttpClock clock, @Nullable AccessLog log) {
        this(limits, router, clock, log, new RejectionLog(HttpHandler.class), new AtomicLong());
    }
}
