package io.asynchat.demo.http;

import io.asynchat.demo.RateLimitedLogger;
import io.asynchat.demo.codec.http.RequestRejectReason;
import io.netty.channel.Channel;

/** Logs the reasons of rejections, at most one line a second. */
class RejectionLog {
    private final RateLimitedLogger log = new RateLimitedLogger(HttpHandler.class);

    void rejected(Channel channel, RequestRejectReason reason) {
        log.warn(channel.eventLoop().ticker(), "rejected " + channel.remoteAddress(), reason.name());
    }
}
