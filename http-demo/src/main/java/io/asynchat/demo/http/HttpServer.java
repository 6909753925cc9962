package io.asynchat.demo.http;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of one server share.
 *
 * @param log null: none is kept
 * @param held octets of the bodies that are held
 */
record HttpServer(
        Limits limits, Site site, HttpClock clock, @Nullable AccessLog log, RefusalLog refusals, AtomicLong held) {

    HttpServer(Limits limits, Site site, HttpClock clock, @Nullable AccessLog log) {
        this(limits, site, clock, log, new RefusalLog(), new AtomicLong());
    }
}
