package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How much may wait for a peer that does not read: W11. */
@ExtendWith(NoLeaks.class)
class SendLimitTest {
    private final TestSocket socket = TestSocket.stalled();
    private final RecordingHandler handler = new RecordingHandler(Terminator.none());
    private final EmbeddedChannel channel = new EmbeddedChannel(socket, handler);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void pushAboveTheSendLimitFailsAndCloses() {
        assertThat(handler.push(zeros(1 << 20)).isDone()).isFalse();
        channel.runPendingTasks();
        assertThat(handler.push(zeros(1)).isDone()).isFalse(); // found no more than that
        channel.runPendingTasks();
        ByteBuf tooMuch = zeros(1);

        ChannelFuture refused = handler.push(tooMuch);

        assertThat(refused.cause())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("push: 1048577 bytes wait to be sent (expected: at most 1048576)");
        assertThat(tooMuch.refCnt()).isZero();
        assertThat(handler.events).containsExactly("connect", "slow", "close");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void producerIsAcceptedAboveTheLimit() {
        handler.setSendLimit(7);
        handler.push(zeros(8));
        channel.runPendingTasks();

        ChannelFuture later = handler.pushWithProducer(new TestProducer("x"));
        channel.runPendingTasks();
        assertThat(later.isDone()).isFalse();
        assertThat(handler.events).containsExactly("connect");
        socket.openUp();
        channel.runPendingTasks();

        assertThat(later.isSuccess()).isTrue();
    }

    @Test
    void closeOfASlowReaderIsLoggedWithTheLimit() {
        handler.setSendLimit(7);
        handler.push(zeros(8));
        channel.runPendingTasks();
        try (LogLines log = new LogLines(AsyncChatHandler.class, Level.DEBUG)) {
            handler.push(zeros(1));

            assertThat(log.lines()).singleElement().asString().endsWith(": closing, 8 bytes wait to be sent (limit 7)");
        }
    }

    @Test
    void waitingBytesCountUntilTheyAreSent() {
        assertThat(new RecordingHandler().unsentBytes()).isZero();

        handler.push(zeros(3));
        handler.push(zeros(4));
        assertThat(handler.unsentBytes()).isEqualTo(7);
        channel.runPendingTasks();
        assertThat(handler.unsentBytes()).isEqualTo(7);

        socket.take(3);
        assertThat(handler.unsentBytes()).isEqualTo(4);
        socket.openUp();
        assertThat(handler.unsentBytes()).isZero();
    }

    @Test
    void sendLimitCanBeSet() {
        handler.setSendLimit(2);
        handler.on("slow", () -> {});

        handler.push("abc", US_ASCII);
        channel.runPendingTasks();
        ChannelFuture refused = handler.push("d", US_ASCII);
        socket.openUp();
        channel.runPendingTasks();
        ChannelFuture taken = handler.push("e", US_ASCII);
        channel.runPendingTasks();

        assertThat(refused.cause()).isNotNull();
        assertThat(taken.isSuccess()).isTrue();
        assertThat(socket.text()).isEqualTo("abce");
        assertThat(channel.isOpen()).isTrue();
        assertThatThrownBy(() -> handler.setSendLimit(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("send limit: -1 (expected: >= 0)");
    }

    @Test
    void pushInHandleSlowReaderIsRefusedWithoutAnotherCall() {
        handler.setSendLimit(0);
        ChannelFuture[] lastWord = new ChannelFuture[1];
        handler.on("slow", () -> {
            lastWord[0] = handler.push("too slow", US_ASCII);
            handler.closeWhenDone();
        });
        handler.push("a", US_ASCII);
        channel.runPendingTasks();
        handler.push("b", US_ASCII);
        socket.openUp();

        assertThat(lastWord[0].cause()).isInstanceOf(IllegalStateException.class);
        assertThat(handler.events).containsExactly("connect", "slow", "close");
        assertThat(socket.text()).isEqualTo("a");
    }

    @Test
    void handleSlowReaderMayRaiseTheLimit() {
        handler.setSendLimit(0);
        handler.on("slow", () -> {
            handler.setSendLimit(100);
            handler.push("too slow", US_ASCII);
            handler.closeWhenDone();
        });
        handler.push("a", US_ASCII);
        channel.runPendingTasks();
        handler.push("b", US_ASCII);
        socket.openUp();

        assertThat(socket.text()).isEqualTo("atoo slow");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void everyRefusedPushIsReported() {
        handler.setSendLimit(0);
        handler.on("slow", () -> {});
        handler.push("a", US_ASCII);
        channel.runPendingTasks();
        handler.push("b", US_ASCII);
        handler.push("c", US_ASCII);

        assertThat(handler.events).containsExactly("connect", "slow", "slow");
    }

    @Test
    void errorInHandleSlowReaderIsReported() {
        handler.setSendLimit(0);
        RuntimeException fault = new IllegalStateException("planted");
        handler.on("slow", () -> {
            throw fault;
        });
        handler.push("a", US_ASCII);
        channel.runPendingTasks();
        handler.push("b", US_ASCII);

        assertThat(handler.errors).containsExactly(fault);
        assertThat(handler.events).containsExactly("connect", "slow", "error", "close");
    }

    @Test
    void producersDoNotCount() {
        handler.setSendLimit(0);
        handler.pushWithProducer(new TestProducer("a", "b"));
        handler.pushWithProducer(new TestProducer("c"));
        channel.runPendingTasks();
        ChannelFuture future = handler.push("d", US_ASCII);
        channel.runPendingTasks();
        socket.openUp();

        assertThat(future.isSuccess()).isTrue();
        assertThat(socket.text()).isEqualTo("abcd");
    }

    @Test
    void discardedOrCancelledPushesDoNotCount() {
        handler.setSendLimit(0);
        socket.writable(false);
        handler.pushWithProducer(new TestProducer("a"));
        handler.push("b", US_ASCII).cancel(false);
        channel.runPendingTasks();
        ChannelFuture afterCancel = handler.push("c", US_ASCII);
        assertThat(afterCancel.isDone()).isFalse();
        channel.runPendingTasks();
        handler.discardBuffers();
        channel.runPendingTasks();
        ChannelFuture afterDiscard = handler.push("d", US_ASCII);
        channel.runPendingTasks();
        socket.openUp();

        assertThat(afterCancel.cause()).isNotNull();
        assertThat(afterDiscard.isSuccess()).isTrue();
        assertThat(handler.events).containsExactly("connect");
    }

    @Test
    void pushesBeforeConnectCount() {
        RecordingHandler early = new RecordingHandler(Terminator.none());
        ConnectingChannel connecting = new ConnectingChannel(early);
        early.on("slow", () -> {});
        early.setSendLimit(0);
        early.push("a", US_ASCII);
        connecting.runPendingTasks();

        assertThat(early.push("b", US_ASCII).cause()).isInstanceOf(IllegalStateException.class);
        connecting.finishAndReleaseAll();
    }

    private static ByteBuf zeros(int length) {
        return ByteBufAllocator.DEFAULT.buffer(length).writeZero(length);
    }
}
