package io.asynchat.demo.chat.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asynchat.AsyncChatServer;
import io.asynchat.IdleTimeoutHandler;
import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Peers that send nothing, and an event loop that brings nothing. */
@Tag("internal")
@ExtendWith(NoLeaks.class)
class SilentPeerTest {
    private static EmbeddedChannel session(ChatServer server) {
        return new EmbeddedChannel(new IdleTimeoutHandler(Duration.ofSeconds(3)), server.newSession());
    }

    private static void settle(EmbeddedChannel channel, int seconds) {
        for (int i = 0; i < seconds; i++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runPendingTasks();
            channel.runScheduledPendingTasks();
        }
    }

    private static String sent(EmbeddedChannel channel) {
        StringBuilder sent = new StringBuilder();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            sent.append(out.toString(UTF_8));
            out.release();
        }
        return sent.toString();
    }

    @Test
    void quietReaderThatIsLoggedInStays() {
        EmbeddedChannel anna = session(Chat.server(Limits.DEFAULT));
        anna.writeInbound(ByteBufAllocator.DEFAULT.buffer().writeBytes("login anna\n".getBytes(UTF_8)));
        settle(anna, 60);
        assertThat(sent(anna)).isEqualTo("Welcome to TestChat\n");
        assertThat(anna.isOpen()).isTrue();
        anna.finishAndReleaseAll();
    }

    @Test
    void silentPeerThatIsNotLoggedInIsClosed() {
        EmbeddedChannel stranger = session(Chat.server(Limits.DEFAULT));
        settle(stranger, 5);
        assertThat(sent(stranger)).isEqualTo("Welcome to TestChat\nNothing was heard of you for too long.\n");
        assertThat(stranger.isOpen()).isFalse();
        stranger.finishAndReleaseAll();
    }

    @Test
    void connectionsAreProbedByKeepAlive() throws IOException {
        AtomicReference<Channel> accepted = new AtomicReference<>();
        try (AsyncChatServer server = AsyncChatServer.builder(Chat.sessions(Limits.DEFAULT))
                        .childInitializer(accepted::set)
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Socket peer = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            assertThat(peer.getInputStream().read()).isEqualTo('W');
            await().untilAsserted(() -> assertThat(accepted.get().config().getOption(ChannelOption.SO_KEEPALIVE))
                    .isTrue());
            assertThat(accepted.get().config().getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE)))
                    .isEqualTo(15);
        }
    }

    @Test
    void serverIsHealthyWhileEventsComeThrough() {
        StuckLog log = new StuckLog();
        ChatServer server = new ChatServer("TestChat", Limits.DEFAULT, Chat.metrics(), log, reason -> {});
        assertThat(server.isDelivering()).isTrue();
        EmbeddedChannel anna = new EmbeddedChannel(server.newSession());
        settle(anna, 10);
        assertThat(server.isDelivering()).isTrue();
        log.stuck = true;
        settle(anna, 5);
        assertThat(server.isDelivering()).isFalse();
        anna.finishAndReleaseAll();
    }
}
