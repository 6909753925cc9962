package io.asynchat;

import static io.asynchat.EmbeddedInput.buffer;
import static io.asynchat.EmbeddedInput.receive;
import static io.asynchat.Terminator.LF;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.asynchat.testkit.NoLeaks;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is noticed of a peer while nothing is delivered: a little is read ahead. */
@ExtendWith(NoLeaks.class)
class ReadAheadTest {
    private static final int READ_AHEAD = 16 << 10;
    private static final int MAX_BUFFERS = 64;

    private final RecordingHandler handler = new RecordingHandler(LF);
    private final TestSocket socket = TestSocket.open();

    /** Why nothing is delivered although it may be read. */
    enum Wait {
        PAUSED {
            @Override
            void begin(RecordingHandler handler, EmbeddedChannel channel) {
                handler.pause();
            }
        },
        RATE_EXCEEDED {
            @Override
            void begin(RecordingHandler handler, EmbeddedChannel channel) {
                handler.setRateLimit(RateLimit.perSecond(1).burst(1).perTurn(1));
                receive(channel, "\n\n");
            }
        };

        abstract void begin(RecordingHandler handler, EmbeddedChannel channel);
    }

    private EmbeddedChannel channel(Wait wait) {
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        channel.freezeTime();
        wait.begin(handler, channel);
        return channel;
    }

    @ParameterizedTest
    @EnumSource
    void channelIsReadUntilSixteenKibibytesAreUnread(Wait wait) {
        EmbeddedChannel channel = channel(wait);
        int unread = wait == Wait.PAUSED ? 0 : 1; // a line waits

        receive(channel, "x".repeat(READ_AHEAD - unread - 1));
        assertThat(channel.config().isAutoRead()).isTrue();
        receive(channel, "x");
        assertThat(channel.config().isAutoRead()).isFalse();
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @EnumSource
    void channelIsReadUntilSixtyFourBuffersAreUnread(Wait wait) {
        EmbeddedChannel channel = channel(wait);

        int read = 0;
        while (channel.config().isAutoRead() && read < 2 * MAX_BUFFERS) {
            receive(channel, "x");
            read++;
        }
        assertThat(read).isBetween(MAX_BUFFERS - 1, MAX_BUFFERS + 1);
        channel.finishAndReleaseAll();
    }

    @Test
    void readAheadCanBeSetAndSwitchedOff() {
        EmbeddedChannel channel = channel(Wait.PAUSED);
        handler.setReadAhead(0);
        assertThat(channel.config().isAutoRead()).isFalse();
        handler.setReadAhead(2);
        assertThat(channel.config().isAutoRead()).isTrue();
        receive(channel, "a");
        assertThat(channel.config().isAutoRead()).isTrue();
        receive(channel, "\n");
        assertThat(channel.config().isAutoRead()).isFalse();

        handler.resume();

        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(handler.events).containsExactly("connect", "a", "found");
        assertThatThrownBy(() -> handler.setReadAhead(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("read-ahead: -1 (expected: >= 0)");
        channel.finishAndReleaseAll();
    }

    @Test
    void readAheadStopsWhileUnwritableOrClosing() {
        EmbeddedChannel channel = channel(Wait.PAUSED);
        assertThat(channel.config().isAutoRead()).isTrue();
        socket.writable(false);
        assertThat(channel.config().isAutoRead()).isFalse();
        socket.writable(true);
        assertThat(channel.config().isAutoRead()).isTrue();

        handler.pushWithProducer(new TestProducer("a"));
        socket.writable(false);
        handler.closeWhenDone();
        assertThat(channel.config().isAutoRead()).isFalse();
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @EnumSource
    void resetIsNoticed(Wait wait) {
        EmbeddedChannel channel = channel(wait);
        receive(channel, "unread\n");
        handler.events.clear();

        channel.pipeline().fireExceptionCaught(new IOException("reset"));
        channel.runPendingTasks();

        assertThat(handler.events).containsExactly("error", "close");
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @EnumSource
    void endIsNoticedAndReportedBehindTheUnreadBytes(Wait wait) {
        EmbeddedChannel channel = channel(wait);
        receive(channel, "a\n");
        handler.events.clear();
        EmbeddedInput.endInput(channel);
        assertThat(handler.events).isEmpty();

        handler.resume();
        for (int i = 0; i < 5; i++) {
            channel.advanceTimeBy(10, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }

        assertThat(handler.events).endsWith("a", "found", "end", "close");
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @EnumSource
    void lossOfTheConnectionIsReportedAtOnce(Wait wait) {
        EmbeddedChannel channel = channel(wait);
        receive(channel, "unread\n");

        EmbeddedInput.disconnect(channel);

        if (wait == Wait.PAUSED) {
            assertThat(handler.events).endsWith("close").doesNotContain("unread");
        } else { // a rate limit drops no frame
            assertThat(handler.events).endsWith("unread", "found", "end", "close");
        }
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @EnumSource
    void idleTimeStopsWhenTheReadAheadIsFull(Wait wait) {
        for (boolean full : new boolean[] {false, true}) {
            RecordingHandler patient = new RecordingHandler(LF);
            patient.on("error", () -> {});
            EmbeddedChannel channel = new EmbeddedChannel(new IdleTimeoutHandler(Duration.ofSeconds(10)), patient);
            channel.freezeTime();
            wait.begin(patient, channel);
            channel.writeInbound(buffer("x".repeat(full ? READ_AHEAD : 1)));
            channel.advanceTimeBy(10, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();

            assertThat(patient.errors).hasSize(full ? 0 : 1);
            channel.finishAndReleaseAll();
        }
    }

    @Test
    void resetOfAPeerOverTcpIsNoticed() throws Exception {
        handler.on("found", handler::pause);
        try (Loopback loopback = new Loopback(handler)) {
            loopback.peer().getOutputStream().write("a\nunread\n".getBytes(US_ASCII));
            await().until(() -> handler.events.contains("found"));
            loopback.peer().setSoLinger(true, 0);
            loopback.peer().close();

            await().until(() -> !loopback.channel().isOpen());
            await().until(() -> handler.events.contains("close"));
        }
        assertThat(handler.events).containsExactly("connect", "a", "found", "error", "close");
    }

    @Test
    void framesWaitingForTheRateAreDroppedAfterALocalClose() throws Exception {
        RecordingHandler limited = new RecordingHandler(LF);
        limited.setRateLimit(RateLimit.perSecond(1).burst(1).perTurn(1));
        List<Channel> accepted = new CopyOnWriteArrayList<>();
        CountDownLatch closed = new CountDownLatch(1);
        limited.on("close", closed::countDown);
        try (AsyncChatServer server = AsyncChatServer.builder(() -> limited)
                        .beforeTls(channel -> {
                            accepted.add(channel);
                            channel.pipeline().addLast("first", new ChannelInboundHandlerAdapter());
                        })
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Socket peer = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            peer.getOutputStream().write("a\nb\nc\n".getBytes(US_ASCII));
            await().until(() -> limited.events.contains("found"));

            accepted.get(0).pipeline().context("first").close(); // as a handler before this one would
            assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();

            assertThat(limited.events).startsWith("connect", "a", "found").doesNotContain("b", "c");
        }
    }
}
