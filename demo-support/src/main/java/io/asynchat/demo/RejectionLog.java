package io.asynchat.demo;

import io.netty.channel.Channel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Logs rejections with the client's address, at most one a second for each reason, and passes all reasons to a counter.
 *
 * <p><b>Thread:</b> any.
 */
public final class RejectionLog implements RejectionListener {
    private final Class<?> source;
    private final Consumer<? super String> counter;
    private final Map<Enum<?>, RateLimitedLogger> logs = new ConcurrentHashMap<>();

    /** Logs warnings under the name of that class. */
    public RejectionLog(Class<?> source) {
        this(source, reason -> {});
    }

    /**
     * Logs warnings under the name of that class.
     *
     * @param counter called with the name of each reason, on any thread
     */
    public RejectionLog(Class<?> source, Consumer<? super String> counter) {
        this.source = source;
        this.counter = counter;
    }

    @Override
    public void rejected(Channel channel, Enum<?> reason) {
        counter.accept(reason.name());
        logs.computeIfAbsent(reason, first -> new RateLimitedLogger(source))
                .warn(channel.eventLoop().ticker(), "rejected " + ClientAddress.of(channel), reason.name());
    }
}
