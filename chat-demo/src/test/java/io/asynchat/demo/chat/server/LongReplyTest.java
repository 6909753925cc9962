package io.asynchat.demo.chat.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A reply that the server makes long is sent as the peer reads, and closes no connection. */
@Tag("internal")
@ExtendWith(NoLeaks.class)
class LongReplyTest {
    private static final int LIMIT = 32 << 10;

    /** A peer that reads when the test says so. */
    private static final class SlowPeer extends ChannelOutboundHandlerAdapter {
        private final Deque<ByteBuf> written = new ArrayDeque<>();
        private final Deque<ChannelPromise> promises = new ArrayDeque<>();

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            written.add((ByteBuf) message);
            promises.add(promise);
        }

        String read() {
            StringBuilder text = new StringBuilder();
            while (!written.isEmpty()) {
                ByteBuf bytes = written.remove();
                text.append(bytes.toString(UTF_8));
                bytes.release();
                promises.remove().setSuccess();
            }
            return text.toString();
        }
    }

    @Test
    void historyAndNamesAboveTheSendLimitAreSentAsThePeerReads() {
        Limits limits = new Limits(8 << 10, LIMIT, 64, 0, 1, Duration.ofSeconds(10));
        SlowPeer peer = new SlowPeer();
        EmbeddedChannel anna = new EmbeddedChannel(peer, Chat.server(limits).newSession());
        receive(anna, "login anna\n");
        for (int i = 0; i < 50; i++) {
            receive(anna, "say " + "x".repeat(8_000) + "\n");
            peer.read();
        }
        receive(anna, "history\nhistory\nhistory\nsay end\n");
        StringBuilder all = new StringBuilder();
        for (String text = peer.read(); !text.isEmpty(); text = peer.read()) {
            all.append(text);
            anna.runPendingTasks();
        }
        assertThat(all.toString().lines().filter(line -> line.length() > 8_000)).hasSize(150);
        assertThat(all).endsWith("anna : end\n");
        assertThat(anna.isOpen()).isTrue();
        anna.finishAndReleaseAll();
        peer.read();
    }

    private static void receive(EmbeddedChannel channel, String lines) {
        channel.writeInbound(ByteBufAllocator.DEFAULT.buffer().writeBytes(lines.getBytes(UTF_8)));
        for (int pass = 0; pass < 5; pass++) {
            channel.runPendingTasks();
            channel.runScheduledPendingTasks();
        }
    }
}
