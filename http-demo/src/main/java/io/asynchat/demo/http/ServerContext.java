package io.asynchat.demo.http;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of one server share.
 *
 * @param log null: none is kept
 * @param held octets of the bodies that are held
 */
record ServerContext(
        Limits limits,
        Router site,
        HttpClock clock,
        @Nullable AccessLog log,
        RejectionLog refusals,
        AtomicLong held) {

    ServerContext(Limits limits, Router site, HttpClock clock, @Nullable AccessLog log) {
        this(limits, site, clock, log, new RejectionLog(), new AtomicLong());
    }
}
