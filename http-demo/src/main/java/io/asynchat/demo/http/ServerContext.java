package io.asynchat.demo.http;

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
        RejectionLog rejections,
        AtomicLong held) {

    ServerContext(Limits limits, Router router, HttpClock clock, @Nullable AccessLog log) {
        this(limits, router, clock, log, new RejectionLog(), new AtomicLong());
    }
}
