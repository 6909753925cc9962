package io.asynchat.demo.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Answers and refuses once before anybody asks: the first time loads some hundred classes, which takes a second on a busy
 * machine, and whoever came first would wait for it.
 */
final class WarmUp {
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String POST =
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    + "Content-Length: 8\r\n\r\nname=Bob";
    private static final String NO_REQUEST = "?\r\n";

    private WarmUp() {}

    /** Returns when all has been answered; logs nothing. */
    static void of(Limits limits, Router site, HttpClock clock) {
        RejectionLog silent = new RejectionLog() {
            @Override
            void refused(Channel channel, RequestRejectReason refusal) {
                // by nobody's fault
            }
        };
        ServerContext server = new ServerContext(limits, site, clock, null, silent, new AtomicLong());
        EmbeddedChannel channel = new EmbeddedChannel(new HttpHandler(server));
        channel.writeInbound(Unpooled.copiedBuffer(GET + POST + NO_REQUEST, US_ASCII));
        channel.finishAndReleaseAll();
    }
}
