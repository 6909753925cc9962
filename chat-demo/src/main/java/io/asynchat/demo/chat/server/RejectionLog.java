package io.asynchat.demo.chat.server;

import io.asynchat.demo.RateLimitedLogger;
import io.netty.channel.Channel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Logs rejections, at most one a second for each reason, and counts all.
 *
 * <p><b>Thread:</b> any.
 */
final class RejectionLog {
    private final Metrics metrics;
    private final Map<RejectReason, RateLimitedLogger> logs = new ConcurrentHashMap<>();

    RejectionLog(Metrics metrics) {
        this.metrics = metrics;
    }

    void rejected(Channel channel, RejectReason reason) {
        metrics.rejected(reason.name());
        logs.computeIfAbsent(reason, first -> new RateLimitedLogger(Session.class))
                .warn(channel.eventLoop().ticker(), "rejected " + channel.remoteAddress(), reason.name());
    }
}
