package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Responds to requests, and rejects one, before the server listens: the first request loads some hundred classes, which takes
 * a second on a busy machine.
 */
final class WarmUp {
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String POST =
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    + "Content-Length: 8\r\n\r\nname=Bob";
    private static final String MALFORMED = "?\r\n";

    private WarmUp() {}

    /** Returns when all responses have been written; logs nothing. */
    static void of(Limits limits, Router router, HttpClock clock) {
        ServerContext server =
                new ServerContext(limits, router, clock, null, (channel, reason) -> {}, new AtomicLong());
        EmbeddedChannel channel = new EmbeddedChannel(new HttpHandler(server));
        channel.writeInbound(Unpooled.copiedBuffer(GET + POST + MALFORMED, US_ASCII));
        channel.finishAndReleaseAll();
    }
}
