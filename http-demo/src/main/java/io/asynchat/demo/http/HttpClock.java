package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.handler.codec.DateFormatter;
import io.netty.util.concurrent.FastThreadLocal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The time, and dates in the form of HTTP, IMF-fixdate: the present one is formatted once a second on each event loop. */
final class HttpClock {
    /** The length of every IMF-fixdate. */
    static final int LENGTH = "Sun, 06 Nov 1994 08:49:37 GMT".length();

    private static final int MAX_LENGTH = "Wednesday, 09-Nov-94 08:49:37 GMT".length();

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private final InstantSource time;
    private final FastThreadLocal<CachedDate> cachedDate = new FastThreadLocal<>() {
        @Override
        protected CachedDate initialValue() {
            return new CachedDate();
        }
    };

    HttpClock(InstantSource time) {
        this.time = time;
    }

    private static final class CachedDate {
        private long second = Long.MIN_VALUE; // of the text
        private byte[] text = {};
    }

    /** Returns milliseconds since the epoch. */
    long millis() {
        return time.millis();
    }

    /** Returns the date of a response; the array must not be written to. */
    byte[] date(long millis) {
        long second = Math.floorDiv(millis, 1_000L);
        CachedDate date = cachedDate.get();
        if (date.second != second) {
            date.second = second;
            date.text = format(Instant.ofEpochSecond(second)).getBytes(US_ASCII);
        }
        return date.text;
    }

    static String format(Instant instant) {
        return FORMAT.format(instant);
    }

    /** Parses a date in any of the three forms of RFC 9110, 5.6.7; null if it is none, or a list. */
    static @Nullable Instant parse(String date) {
        Date parsed = date.length() > MAX_LENGTH ? null : DateFormatter.parseHttpDate(date);
        return parsed == null ? null : parsed.toInstant();
    }
}
