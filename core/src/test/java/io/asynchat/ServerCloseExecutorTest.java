package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.SocketPeer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A close of a server whose handlers are on executors of the user's. */
@ExtendWith(NoLeaks.class)
class ServerCloseExecutorTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final List<String> events = new CopyOnWriteArrayList<>();

    @Test
    void serversThreadsEndBehindTheHandlersOnOtherExecutors() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        Queue<Channel> channels = new ConcurrentLinkedQueue<>();
        DefaultEventExecutorGroup own = new DefaultEventExecutorGroup(1);
        AsyncChatServer server = AsyncChatServer.builder(() -> new ChannelInitializer<>() {
                    @Override
                    @SuppressWarnings("deprecation")
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(own, new RecordingEchoHandler(events));
                    }
                })
                .childInitializer(channels::add)
                .eventLoops(1)
                .bind(ANY_PORT);
        try (SocketPeer peer = SocketPeer.connect(server.address())) {
            assertThat(peer.send("hello\n").readLine()).isEqualTo("hello");
            own.submit(() -> {
                busy.await();
                return null;
            });
            Channel channel = channels.remove();
            var closed = server.closeAsync();
            channel.pipeline().firstContext().close().sync(); // not by way of the handler, which is busy
            for (int turn = 0; turn < 3; turn++) { // what the close has caused has happened
                channel.eventLoop().submit(() -> {}).sync();
                GlobalEventExecutor.INSTANCE.submit(() -> {}).sync();
            }

            assertThat(channel.eventLoop().isShuttingDown()).isFalse();
            busy.countDown();
            closed.sync();
            assertThat(channel.pipeline().first()).isNull();
            own.submit(() -> {}).sync(); // it lives
        }
        own.shutdownGracefully(0, 20, TimeUnit.SECONDS).sync();
    }

    @Test
    void closeDoesNotWaitForHandlersThatAreNeverRemovedBecauseAnExecutorHasEnded() throws Exception {
        DefaultEventExecutorGroup ended = new DefaultEventExecutorGroup(1);
        DefaultEventExecutorGroup alive = new DefaultEventExecutorGroup(1);
        AsyncChatServer server = AsyncChatServer.builder(() -> new ChannelInitializer<>() {
                    @Override
                    @SuppressWarnings("deprecation")
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(ended, new ChannelInboundHandlerAdapter());
                        channel.pipeline().addLast(alive, new RecordingEchoHandler(events));
                    }
                })
                .drainTimeout(Duration.ZERO)
                .bind(ANY_PORT);
        try (SocketPeer peer = SocketPeer.connect(server.address())) {
            assertThat(peer.send("hello\n").readLine()).isEqualTo("hello");
            ended.shutdownGracefully(0, 20, TimeUnit.SECONDS).sync();
            server.close();

            assertThat(peer.readAll()).isEmpty();
            alive.submit(() -> {}).sync();
        }
        alive.shutdownGracefully(0, 20, TimeUnit.SECONDS).sync();
    }
}
