package io.asynchat;

import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A real connection over NIO: handlers at one end, a plain blocking socket at the other. Closed, it leaves no thread. */
final class Loopback implements AutoCloseable {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Socket peer = new Socket();
    private final Channel channel;

    Loopback(ChannelHandler... handlers) throws Exception {
        CompletableFuture<Channel> accepted = new CompletableFuture<>();
        Channel listener = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel child) {
                        child.pipeline().addLast(handlers);
                        accepted.complete(child);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        peer.setReceiveBufferSize(1 << 16);
        peer.setSoTimeout(20_000);
        peer.connect(listener.localAddress() instanceof InetSocketAddress there ? there : null);
        channel = accepted.get(20, TimeUnit.SECONDS);
        listener.close().sync();
    }

    Socket peer() {
        return peer;
    }

    Channel channel() {
        return channel;
    }

    byte[] read(int bytes) throws IOException {
        return peer.getInputStream().readNBytes(bytes);
    }

    @Override
    public void close() throws IOException {
        peer.close();
        channel.close().syncUninterruptibly();
        await().until(() -> channel.pipeline().first() == null); // handlers on other executors leave last
        loops.shutdownGracefully(0, 20, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
