package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.races.Loop;
import io.asynchat.races.Peer;
import io.asynchat.races.Race;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalServerChannel;
import io.netty.util.concurrent.Promise;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pastalab.fray.junit.junit5.FrayTestExtension;
import org.pastalab.fray.junit.junit5.annotations.ConcurrencyTest;

/** The end of a server, while connections come. */
@ExtendWith(FrayTestExtension.class)
class ServerRaceTest {
    private static final int SCHEDULES = 100;

    private final AtomicInteger open = new AtomicInteger();
    private final ServerConnections connections = new ServerConnections(
            new ServerConnections.Limits(0, 0),
            new ServerConnections.Events(
                    reason -> {}, opened -> open.incrementAndGet(), closed -> open.decrementAndGet()));

    /** Sends each line back. */
    private static final class Echo extends AsyncChatHandler {
        Echo() {
            setTerminator(Terminator.LF);
        }

        @Override
        protected void foundTerminator() {
            push(takeText(US_ASCII) + "\n", US_ASCII);
        }
    }

    private Channel listen(Loop accepting, Loop serving, LocalAddress address) throws InterruptedException {
        return new ServerBootstrap()
                .group(accepting.executor(), serving.executor())
                .channel(LocalServerChannel.class)
                .handler(connections)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Echo());
                    }
                })
                .bind(address)
                .sync()
                .channel();
    }

    @ConcurrencyTest(iterations = SCHEDULES)
    void eachConnectionIsClosedWhenTheServerHasEnded() throws Exception {
        try (Loop accepting = new Loop();
                Loop serving = new Loop();
                Loop clients = new Loop()) {
            LocalAddress address = new LocalAddress(ServerRaceTest.class);
            Channel listener = listen(accepting, serving, address);
            ChannelHandlerContext registry = listener.pipeline().context(connections);
            Promise<Void> drained = accepting.executor().newPromise();
            Peer early = new Peer();
            clients.connect(early, address).sync();
            Peer late = new Peer();
            ChannelFuture[] connected = new ChannelFuture[1];
            Race.of(
                    () -> early.send("early\n"),
                    () -> connected[0] = clients.connect(late, address),
                    () -> accepting
                            .executor()
                            .execute(() -> connections.close(registry, TimeUnit.MINUTES.toNanos(1), drained)));
            drained.sync();
            assertThat(open).hasValue(0);
            assertThat(early.receivedUntilClose()).isIn("", "early\n");
            connected[0].await();
            if (connected[0].isSuccess()) {
                late.receivedUntilClose();
            }
        }
    }
}
