package io.asynchat.demo.http;

import io.asynchat.demo.RateLimitedLogger;
import io.asynchat.demo.codec.http.RequestRejectReason;
import io.netty.channel.Channel;

/** Says why requests are refused, one line a second at most. */
class RejectionLog {
    private final RateLimitedLogger log = new RateLimitedLogger(HttpHandler.class);

    void refused(Channel channel, RequestRejectReason refusal) {
        log.warn(channel.eventLoop().ticker(), "refused " + channel.remoteAddress(), refusal.name());
    }
}
