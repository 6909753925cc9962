package io.asynchat.demo.chat;

import io.asynchat.demo.RateLimitedLogger;
import io.netty.channel.Channel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Says why something is refused, at most once a second for each reason, and counts all. Any thread. */
final class Refusals {
    private final Metrics metrics;
    private final Map<Refusal, RateLimitedLogger> logs = new ConcurrentHashMap<>();

    Refusals(Metrics metrics) {
        this.metrics = metrics;
    }

    void refused(Channel channel, Refusal refusal) {
        metrics.refused(refusal.name());
        logs.computeIfAbsent(refusal, first -> new RateLimitedLogger(ChatSession.class))
                .warn(channel.eventLoop().ticker(), "refused " + channel.remoteAddress(), refusal.name());
    }
}
