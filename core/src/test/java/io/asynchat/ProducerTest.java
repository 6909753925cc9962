package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a producer that fails, is cancelled, or meddles, and of its future: W8. */
@ExtendWith(NoLeaks.class)
class ProducerTest {
    private final IOException fault = new IOException("planted");

    private final TestSocket socket = TestSocket.open();
    private final RecordingHandler handler = new RecordingHandler(Terminator.none());
    private final EmbeddedChannel channel = new EmbeddedChannel(socket, handler);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void throwingProducerIsClosedOnceAndReported() {
        handler.on("error", () -> {});
        TestProducer producer = TestProducer.failing(fault, "a");

        ChannelFuture future = handler.pushWithProducer(producer);
        handler.push("b", US_ASCII);
        channel.runPendingTasks();

        assertThat(future.cause()).isSameAs(fault);
        assertThat(producer.asked()).isEqualTo(2);
        assertThat(producer.closed()).isEqualTo(1);
        assertThat(handler.errors).containsExactly(fault);
        assertThat(socket.text()).isEqualTo("ab");
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void throwingProducerClosesTheChannelByDefault() {
        TestProducer next = new TestProducer("b");
        socket.writable(false);
        handler.pushWithProducer(TestProducer.failing(new StackOverflowError("planted"), "a"));
        ChannelFuture future = handler.pushWithProducer(next);

        socket.writable(true);

        assertThat(channel.isOpen()).isFalse();
        assertThat(handler.events).containsExactly("connect", "error", "close");
        assertThat(future.cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(next.closed()).isEqualTo(1);
        assertThat(next.asked()).isZero();
    }

    @Test
    void errorInCloseFailsTheFuture() {
        handler.on("error", () -> {});
        TestProducer producer = new TestProducer("a").whenClosed(() -> TestProducer.throwIt(fault));

        ChannelFuture future = handler.pushWithProducer(producer);
        channel.runPendingTasks();

        assertThat(socket.text()).isEqualTo("a");
        assertThat(future.cause()).isSameAs(fault);
        assertThat(handler.errors).containsExactly(fault);
        assertThat(producer.closed()).isEqualTo(1);
    }

    @Test
    void errorInCloseIsSuppressedAfterAnEarlierFailure() {
        IOException second = new IOException("second");
        TestProducer producer = TestProducer.failing(fault).whenClosed(() -> TestProducer.throwIt(second));

        ChannelFuture future = handler.pushWithProducer(producer);
        channel.runPendingTasks();

        assertThat(future.cause()).isSameAs(fault).hasSuppressedException(second);
    }

    @Test
    void sameErrorMayBeThrownTwice() {
        IOException same = new IOException("same");
        TestProducer producer = TestProducer.failing(same).whenClosed(() -> TestProducer.throwIt(same));

        ChannelFuture future = handler.pushWithProducer(producer);
        channel.runPendingTasks();

        assertThat(future.cause()).isSameAs(same).hasNoSuppressedExceptions();
        assertThat(handler.errors).containsExactly(same);
    }

    @Test
    void failedWriteOfAPieceEndsItsProducer() {
        TestSocket stalled = TestSocket.stalled();
        RecordingHandler sender = new RecordingHandler(Terminator.none());
        EmbeddedChannel line = new EmbeddedChannel(stalled, sender);
        TestProducer producer = new TestProducer("a", "b", "c");
        producer.first(() -> line.unsafe().outboundBuffer().setUserDefinedWritability(1, producer.asked() == 0));
        ChannelFuture future = sender.pushWithProducer(producer);
        line.runPendingTasks();

        stalled.failFirst(fault);
        stalled.openUp();
        stalled.writable(true);

        assertThat(future.cause()).isSameAs(fault);
        assertThat(producer.asked()).isEqualTo(1);
        assertThat(producer.closed()).isEqualTo(1);
        line.finishAndReleaseAll();
    }

    @Test
    void failedWriteOfTheLastPieceFailsTheFuture() {
        TestSocket stalled = TestSocket.stalled();
        RecordingHandler sender = new RecordingHandler(Terminator.none());
        EmbeddedChannel line = new EmbeddedChannel(stalled, sender);
        TestProducer producer = new TestProducer("a", "b");
        ChannelFuture future = sender.pushWithProducer(producer);
        line.runPendingTasks();
        assertThat(producer.closed()).isEqualTo(1);
        assertThat(future.isDone()).isFalse();

        stalled.failFirst(fault);
        stalled.openUp();

        assertThat(future.cause()).isSameAs(fault);
        assertThat(producer.closed()).isEqualTo(1);
        line.finishAndReleaseAll();
    }

    @Test
    void futureSucceedsWhenTheLastByteIsWritten() {
        TestSocket stalled = TestSocket.stalled();
        RecordingHandler sender = new RecordingHandler(Terminator.none());
        EmbeddedChannel line = new EmbeddedChannel(stalled, sender);
        ChannelFuture future = sender.pushWithProducer(new TestProducer("ab", "c"));
        line.runPendingTasks();
        stalled.take(2);
        assertThat(future.isDone()).isFalse();

        stalled.take(1);

        assertThat(future.isSuccess()).isTrue();
        line.finishAndReleaseAll();
    }

    @Test
    void cancelledPushIsNotSent() {
        socket.writable(false);
        handler.pushWithProducer(new TestProducer("a"));
        ByteBuf data = ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, "b");
        ChannelFuture future = handler.push(data);
        handler.push("c", US_ASCII);

        assertThat(future.cancel(false)).isTrue();
        socket.writable(true);

        assertThat(socket.text()).isEqualTo("ac");
        assertThat(data.refCnt()).isZero();
    }

    @Test
    void pushInFlightCannotBeCancelled() {
        TestSocket stalled = TestSocket.stalled();
        RecordingHandler sender = new RecordingHandler(Terminator.none());
        EmbeddedChannel line = new EmbeddedChannel(stalled, sender);
        ChannelFuture future = sender.push("a", US_ASCII);
        line.runPendingTasks();

        assertThat(future.cancel(false)).isFalse();
        stalled.openUp();

        assertThat(stalled.text()).isEqualTo("a");
        line.finishAndReleaseAll();
    }

    @Test
    void cancelledProducerEndsAtItsPosition() {
        TestProducer producer = new TestProducer("a", "b");
        producer.first(() -> channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false));
        ChannelFuture future = handler.pushWithProducer(producer);
        handler.push("c", US_ASCII);
        channel.runPendingTasks();

        assertThat(future.cancel(false)).isTrue();
        socket.writable(true);

        assertThat(socket.text()).isEqualTo("ac");
        assertThat(producer.asked()).isEqualTo(1);
        assertThat(producer.closed()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"discard", "close", "remove", "throw"})
    void producerThatCancelsItselfIsClosedOnceAndItsPieceDropped(String how) {
        handler.on("error", () -> {});
        TestProducer producer = new TestProducer("a");
        producer.first(() -> {
            switch (how) {
                case "discard" -> handler.discardBuffers();
                case "close" -> handler.close();
                case "remove" -> channel.pipeline().remove(handler);
                default -> {
                    handler.discardBuffers();
                    throw fault;
                }
            }
        });

        ChannelFuture future = handler.pushWithProducer(producer);
        channel.runPendingTasks();

        assertThat(future.isSuccess()).isFalse();
        assertThat(future.isDone()).isTrue();
        assertThat(socket.sent()).isEmpty();
        assertThat(producer.asked()).isEqualTo(1);
        assertThat(producer.closed()).isEqualTo(1);
    }

    @Test
    void emptyProducersInARowDoNotRecurse() {
        socket.writable(false);
        for (int i = 0; i < 10_000; i++) {
            handler.pushWithProducer(new TestProducer());
        }
        handler.push("a", US_ASCII);

        socket.writable(true);

        assertThat(socket.text()).isEqualTo("a");
    }
}
