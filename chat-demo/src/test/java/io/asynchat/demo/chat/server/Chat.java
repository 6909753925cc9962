package io.asynchat.demo.chat.server;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.util.function.Supplier;

/** A chat server for tests. */
final class Chat {
    /** Without limits on the rate, for load. */
    static final Limits LIFTED = new Limits(8 << 10, 1 << 20, 64, 0, 1, Duration.ofSeconds(10));

    private Chat() {}

    static Metrics metrics() {
        return new Metrics(new SimpleMeterRegistry());
    }

    static ChatServer server(Limits limits) {
        return new ChatServer("TestChat", limits, metrics());
    }

    /** The handlers of one server. */
    static Supplier<ChannelHandler> sessions(Limits limits) {
        ChatServer server = server(limits);
        return server::newSession;
    }
}
