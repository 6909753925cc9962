package io.asynchat.demo;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** The address of a connection's client, which is not that of its peer if a load balancer is between them. */
public final class ClientAddress {
    private static final AttributeKey<InetSocketAddress> PROXIED = AttributeKey.valueOf(ClientAddress.class, "PROXIED");

    private ClientAddress() {}

    /** Returns the address that a PROXY protocol header has named, else the channel's remote address. */
    public static @Nullable SocketAddress of(Channel channel) {
        InetSocketAddress proxied =
                channel.hasAttr(PROXIED) ? channel.attr(PROXIED).get() : null;
        return proxied == null ? channel.remoteAddress() : proxied;
    }

    static void set(Channel channel, InetSocketAddress client) {
        channel.attr(PROXIED).set(client);
    }
}
