package io.asynchat.demo.http;

import io.asynchat.QuietLog;
import io.netty.channel.Channel;

/** Says why requests are refused, one line a second at most. */
class RefusalLog {
    private final QuietLog log = new QuietLog(HttpHandler.class);

    void refused(Channel channel, Refusal refusal) {
        log.warn(channel.eventLoop().ticker(), "refused " + channel.remoteAddress(), refusal.name());
    }
}
