package io.asynchat.testkit;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Connects real clients to a real server over a {@link FaultyLink}.
 *
 * <pre>{@code
 * try (FaultyProxy proxy = new FaultyLink().trickles(3).proxyTo(server)) {
 *     new Conversation().sends("hello").receives("hello").playAgainst(proxy.address());
 * }
 * }</pre>
 *
 * <p><em>Thread:</em> uses an event loop of its own until {@link #close}.
 */
public final class FaultyProxy implements AutoCloseable {

    final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()); // a test occupies it

    private final ChannelGroup connections = new DefaultChannelGroup(loop.next());
    private final Channel listener;

    FaultyProxy(InetSocketAddress server, FaultyLink link) {
        listener = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.AUTO_READ, false) // until the connection to the server is established
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        connect(client, server, link);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    private void connect(Channel client, InetSocketAddress server, FaultyLink link) {
        connections.add(client);
        ChannelFuture connected = new Bootstrap()
                .group(client.eventLoop())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(new ProxyBridge(client))
                .connect(server);
        connections.add(connected.channel());
        client.pipeline().addLast(link.handler(), new ProxyBridge(connected.channel()));
        connected.addListener(done -> {
            if (done.isSuccess()) {
                client.config().setAutoRead(true);
            } else {
                client.close();
            }
        });
    }

    /** Returns the address that clients connect to. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Closes all connections, and waits until they are closed. */
    @Override
    public synchronized void close() {
        if (!loop.isShuttingDown()) {
            // An event loop that is shut down while it runs tasks may end without closing its channels.
            loop.submit(this::closeChannels).syncUninterruptibly();
        }
        loop.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Not through the handlers: the link's would wait for data in flight. */
    private void closeChannels() {
        listener.unsafe().close(listener.unsafe().voidPromise());
        for (Channel connection : connections) {
            connection.unsafe().close(connection.unsafe().voidPromise());
        }
    }
}
