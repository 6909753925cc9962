package io.asynchat.demo.chat.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import jdk.net.ExtendedSocketOptions;

/**
 * TCP's keep-alive: the kernel probes a silent peer after 15 seconds and resets the connection after 30 if it does not answer,
 * so that the name of a user whose machine is gone becomes free. Where the times cannot be set, the system's are used.
 */
final class KeepAlive {
    private static final int IDLE_SECONDS = 15;
    private static final int INTERVAL_SECONDS = 5;
    private static final int PROBES = 3;

    private KeepAlive() {}

    static void enable(Channel channel) {
        if (channel instanceof NioSocketChannel) {
            set(channel, ChannelOption.SO_KEEPALIVE, true);
            set(channel, NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), IDLE_SECONDS);
            set(channel, NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), INTERVAL_SECONDS);
            set(channel, NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), PROBES);
        } else if (channel instanceof EpollSocketChannel) {
            set(channel, ChannelOption.SO_KEEPALIVE, true);
            set(channel, EpollChannelOption.TCP_KEEPIDLE, IDLE_SECONDS);
            set(channel, EpollChannelOption.TCP_KEEPINTVL, INTERVAL_SECONDS);
            set(channel, EpollChannelOption.TCP_KEEPCNT, PROBES);
        }
    }

    /** Sets an option if the system has it and the peer has not closed the connection meanwhile. */
    private static <T> void set(Channel channel, ChannelOption<T> option, T value) {
        try {
            channel.config().setOption(option, value);
        } catch (RuntimeException closedOrUnsupported) {
            // the next read reports a closed connection
        }
    }
}
