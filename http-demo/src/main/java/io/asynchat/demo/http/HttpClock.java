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

/** The time as HTTP writes it, IMF-fixdate, formatted once a second on each event loop. */
final class HttpClock {
    /** How long an IMF-fixdate is, always. */
    static final int LENGTH = "Sun, 06 Nov 1994 08:49:37 GMT".length();

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private final InstantSource time;
    private final FastThreadLocal<Now> now = new FastThreadLocal<>() {
        @Override
        protected Now initialValue() {
            return new Now();
        }
    };

    HttpClock(InstantSource time) {
        this.time = time;
    }

    private static final class Now {
        private long second = Long.MIN_VALUE; // that the text is of
        private byte[] text = {};
    }

    long millis() {
        return time.millis();
    }

    /** The present second; not to be written into. */
    byte[] date() {
        long second = Math.floorDiv(time.millis(), 1_000L);
        Now now = this.now.get();
        if (now.second != second) {
            now.second = second;
            now.text = format(Instant.ofEpochSecond(second)).getBytes(US_ASCII);
        }
        return now.text;
    }

    static String format(Instant instant) {
        return FORMAT.format(instant);
    }

    /** What a date means, in each of the three forms of RFC 9110, 5.6.7; null if it is none. */
    static @Nullable Instant parse(String date) {
        Date parsed = DateFormatter.parseHttpDate(date);
        return parsed == null ? null : parsed.toInstant();
    }
}
