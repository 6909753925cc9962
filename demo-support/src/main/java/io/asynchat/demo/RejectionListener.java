package io.asynchat.demo;

import io.netty.channel.Channel;

/**
 * Is notified of each request, line or connection that a server rejects.
 *
 * <p><b>Thread:</b> the event loops of the channels.
 */
@FunctionalInterface
public interface RejectionListener {

    /** Called once for each rejection; the name of the constant is that of the log and of the metrics. */
    void rejected(Channel channel, Enum<?> reason);
}
