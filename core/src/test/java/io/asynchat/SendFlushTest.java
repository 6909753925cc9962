package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.RecordingTail;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One flush a turn of the event loop, in callbacks and outside; and what a close hands over first: W5, W13. */
@ExtendWith(NoLeaks.class)
@SuppressWarnings("deprecation") // of addLast with an executor, which users still have
class SendFlushTest {
    private final TestSocket socket = TestSocket.open();
    private final RecordingHandler handler = new RecordingHandler(Terminator.LF) {
        @Override
        protected void handleTimeout() {
            push("t1 ", US_ASCII);
            push("t2 ", US_ASCII);
        }
    };
    private final EmbeddedChannel channel = new EmbeddedChannel(socket, handler);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void pushesOfAllCallbacksOfOneReadAreFlushedOnce() {
        handler.on("data", () -> handler.push("d", US_ASCII));
        handler.on("found", () -> handler.push("f", US_ASCII));

        channel.writeInbound(ascii("a\nb\n"), ascii("c\n"));

        assertThat(socket.text()).isEqualTo("dfdfdf");
        assertThat(socket.flushes()).isEqualTo(1);
    }

    @Test
    void pushesOfAReadAreSentBeforeHandlersBehindSeeItsEnd() {
        handler.on("found", () -> handler.push("pong", US_ASCII));
        List<String> sent = new ArrayList<>();
        channel.pipeline().addLast(new RecordingTail().on("read complete", ctx -> sent.add(socket.text())));

        channel.writeInbound(ascii("ping\n"));

        assertThat(sent).containsExactly("pong");
    }

    @Test
    void pushesOutsideCallbacksWaitForTheEndOfTheTurn() {
        for (int i = 0; i < 100; i++) {
            handler.push("x", US_ASCII);
        }
        assertThat(socket.flushes()).isZero();
        assertThat(socket.isEmpty()).isTrue();

        channel.runPendingTasks();

        assertThat(socket.flushes()).isEqualTo(1);
        assertThat(socket.sent()).hasSize(100);
        handler.push("y", US_ASCII);
        channel.runPendingTasks();
        assertThat(socket.flushes()).isEqualTo(2);
    }

    @Test
    void pushesOutsideAndInACallbackOfOneTurnKeepTheirOrder() {
        handler.on("found", () -> handler.push("2", US_ASCII));
        handler.push("1", US_ASCII);

        channel.pipeline().fireChannelRead(ascii("\n"));
        handler.push("3", US_ASCII);
        channel.pipeline().fireChannelReadComplete();
        channel.runPendingTasks();

        assertThat(socket.text()).isEqualTo("123");
        assertThat(socket.flushes()).isEqualTo(1);
    }

    @Test
    void pushesOfATimeoutAreFlushedOnce() {
        channel.freezeTime();
        handler.setTimeout(Duration.ofSeconds(1));

        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();

        assertThat(socket.text()).isEqualTo("t1 t2 ");
        assertThat(socket.flushes()).isEqualTo(1);
    }

    @Test
    void producerAndPushesOfOneTurnAreFlushedOnce() {
        handler.push("1 ", US_ASCII);
        handler.pushWithProducer(new TestProducer("p1 ", "p2 "));
        handler.push("2 ", US_ASCII);
        channel.runPendingTasks();

        assertThat(socket.text()).isEqualTo("1 p1 p2 2 ");
        assertThat(socket.flushes()).isEqualTo(1);
    }

    @Test
    void closeWhenDoneOutsideACallbackFlushesEarlierPushes() {
        ChannelFuture one = handler.push("1", US_ASCII);
        ChannelFuture two = handler.push("2", US_ASCII);

        handler.closeWhenDone();

        assertThat(one.isSuccess() && two.isSuccess()).isTrue();
        assertThat(socket.text()).isEqualTo("12");
        assertThat(socket.flushes()).isEqualTo(1);
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void closeWhenDoneInACallbackFlushesEarlierPushes() {
        handler.push("1", US_ASCII);
        handler.on("found", () -> {
            handler.push("2", US_ASCII);
            handler.closeWhenDone();
            handler.push("3", US_ASCII);
        });

        channel.writeInbound(ascii("\nnever\n"));

        assertThat(socket.text()).isEqualTo("12");
        assertThat(channel.isOpen()).isFalse();
        assertThat(handler.events).containsExactly("connect", "found", "close");
    }

    @Test
    void closeThroughThePipelineFlushesEarlierPushes() {
        ChannelFuture pushed = handler.push("1", US_ASCII);

        channel.pipeline().close();

        assertThat(pushed.isSuccess()).isTrue();
        assertThat(socket.text()).isEqualTo("1");
        assertThat(socket.flushes()).isEqualTo(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void closeThroughThePipelineInACallbackFlushesEarlierPushes() {
        handler.on("found", () -> {
            handler.push("1", US_ASCII);
            channel.pipeline().close();
        });

        channel.writeInbound(ascii("\nnever\n"));

        assertThat(socket.text()).isEqualTo("1");
        assertThat(handler.events).containsExactly("connect", "found", "close");
    }

    @Test
    void closeSendsPushesBeforeTheFirstProducerAndAsksNone() {
        TestProducer producer = new TestProducer("p");
        handler.push("1", US_ASCII);
        ChannelFuture produced = handler.pushWithProducer(producer);
        ChannelFuture behind = handler.push("2", US_ASCII);

        handler.close();

        assertThat(socket.text()).isEqualTo("1");
        assertThat(producer.asked()).isZero();
        assertThat(producer.closed()).isEqualTo(1);
        assertThat(produced.cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(behind.cause()).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void removalFlushesEarlierPushes() {
        ChannelFuture pushed = handler.push("1", US_ASCII);

        channel.pipeline().remove(handler);

        assertThat(pushed.isSuccess()).isTrue();
        assertThat(socket.text()).isEqualTo("1");
        assertThat(socket.flushes()).isEqualTo(1);
    }

    @Test
    void pushOnAnotherExecutorIsFlushedOnceATurnThere() {
        ManualExecutor executor = new ManualExecutor();
        TestSocket far = TestSocket.open();
        RecordingHandler other = new RecordingHandler(Terminator.LF);
        EmbeddedChannel line = new EmbeddedChannel(far);
        line.pipeline().addLast(executor, other);
        executor.runAll();

        other.push("1", US_ASCII);
        other.push("2", US_ASCII);
        other.push("3", US_ASCII);
        assertThat(far.flushes()).isZero();
        executor.runAll();

        assertThat(far.text()).isEqualTo("123");
        assertThat(far.flushes()).isEqualTo(1);
        line.close();
        executor.runAll();
        line.finishAndReleaseAll();
    }

    private static ByteBuf ascii(String text) {
        return ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, text);
    }
}
