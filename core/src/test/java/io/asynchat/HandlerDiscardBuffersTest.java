package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What {@code discardBuffers} forgets, and what it cannot bring back: R19. */
@ExtendWith(NoLeaks.class)
class HandlerDiscardBuffersTest {
    private final TestSocket socket = TestSocket.stalled();
    private final RecordingHandler handler = new RecordingHandler(Terminator.LF);
    private final EmbeddedChannel channel = new EmbeddedChannel(socket, handler);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void discardInACallbackDropsTheRestOfTheRead() {
        handler.on("found", handler::discardBuffers);

        channel.writeInbound(ascii("a\nlost\nlost"), ascii("b\n"));

        assertThat(handler.events).containsExactly("connect", "a", "found", "b", "found");
    }

    @Test
    void closeReleasesWhatIsUnreadEvenIfItIsHeldBack() {
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
                // It closes later.
            }
        });
        handler.pause();
        ByteBuf unread = ascii("a\n");
        channel.writeInbound(unread);
        assertThat(unread.refCnt()).isOne();

        handler.close();

        assertThat(unread.refCnt()).isZero();
        assertThat(handler.events).containsExactly("connect");
        channel.unsafe().close(channel.voidPromise());
    }

    @Test
    void discardInsideAFrameDropsItsReceivedRest() {
        handler.on("data", handler::discardBuffers);

        channel.writeInbound(ascii("a"), ascii("b\nlost\n"), ascii("c\n"));

        assertThat(handler.events).containsExactly("connect", "a", "b", "found", "c", "found");
    }

    @Test
    void pushesAndProducersThatHaveNotBeenFlushedFail() {
        ByteBuf data = ascii("lost");
        TestProducer producer = new TestProducer("lost");
        ChannelFuture[] futures = new ChannelFuture[3];
        handler.on("found", () -> {
            futures[0] = handler.push(data);
            futures[1] = handler.pushWithProducer(producer);
            futures[2] = handler.push("lost", US_ASCII);
            handler.discardBuffers();
            handler.push("kept", US_ASCII);
        });

        channel.writeInbound(ascii("\n"));
        socket.openUp();

        assertThat(futures)
                .allSatisfy(future -> assertThat(future.cause())
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("push: discarded before it was sent"));
        assertThat(data.refCnt()).isZero();
        assertThat(producer.closed()).isEqualTo(1);
        assertThat(producer.asked()).isZero();
        assertThat(socket.text()).isEqualTo("kept");
    }

    @Test
    void discardedPushesCauseNoFlush() {
        int high = channel.config().getWriteBufferHighWaterMark();
        handler.on("found", () -> {
            handler.push(new byte[high - 1]);
            handler.discardBuffers();
            handler.push(new byte[1]);
            assertThat(socket.flushes()).isZero();
        });

        channel.writeInbound(ascii("\n"));

        assertThat(handler.errors).isEmpty();
        assertThat(socket.flushes()).isEqualTo(1);
    }

    @Test
    void flushedBytesAreSentDespiteADiscard() {
        ChannelFuture future = handler.push("a", US_ASCII);
        channel.runPendingTasks();
        handler.discardBuffers();
        socket.openUp();

        assertThat(socket.text()).isEqualTo("a");
        assertThat(future.isSuccess()).isTrue();
    }

    @Test
    void pendingCloseIsUndoneAndDeliveryContinues() {
        socket.writable(false);
        ChannelFuture producer = handler.pushWithProducer(new TestProducer("lost"));
        handler.closeWhenDone();
        ChannelFuture refused = handler.push("late", US_ASCII);
        channel.writeInbound(ascii("lost\n"));
        assertThat(channel.config().isAutoRead()).isFalse();

        handler.discardBuffers();
        socket.writable(true);
        channel.writeInbound(ascii("a\n"));
        handler.push("b", US_ASCII);
        channel.runPendingTasks();
        socket.openUp();

        assertThat(channel.isOpen()).isTrue();
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(producer.cause()).isNotNull();
        assertThat(refused.cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(handler.events).containsExactly("connect", "a", "found");
        assertThat(socket.text()).isEqualTo("b");
    }

    @Test
    void closeCanBeRequestedAgainAfterADiscard() {
        handler.push("a", US_ASCII);
        handler.closeWhenDone();
        handler.discardBuffers();
        handler.closeWhenDone();
        socket.openUp();

        assertThat(socket.text()).isEqualTo("a");
        assertThat(handler.events).containsExactly("connect", "close");
    }

    @Test
    void reachedCloseIsNotUndone() {
        handler.on("found", () -> {
            handler.closeWhenDone();
            handler.push("late", US_ASCII);
        });
        channel.writeInbound(ascii("\nlost\n"));
        handler.discardBuffers();

        assertThat(channel.isOpen()).isFalse();
        assertThat(handler.events).containsExactly("connect", "found", "close");
        assertThat(handler.push("late", US_ASCII).cause()).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void pushInAListenerOfADiscardedPushIsSent() {
        handler.on("found", () -> {
            handler.push("lost", US_ASCII).addListener(future -> handler.push("sorry", US_ASCII));
            handler.discardBuffers();
        });
        channel.writeInbound(ascii("\n"));
        socket.openUp();

        assertThat(socket.text()).isEqualTo("sorry");
    }

    @Test
    void discardKeepsTheTerminatorAndTheRestOfALength() {
        handler.setTerminator(Terminator.length(5));
        channel.writeInbound(ascii("ab"));
        handler.discardBuffers();

        assertThat(handler.getTerminator()).isEqualTo(Terminator.length(3));
        channel.writeInbound(ascii("cde"));
        assertThat(handler.events).containsExactly("connect", "ab", "cde", "found");
    }

    @Test
    void endOfInputBehindAnUndoneCloseIsReported() {
        handler.push("a", US_ASCII);
        handler.closeWhenDone();
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(handler.events).containsExactly("connect");

        handler.discardBuffers();

        assertThat(handler.events).containsExactly("connect", "end");
    }

    @Test
    void endOfInputDuringAnUndoneLingeringCloseIsReported() {
        handler.push("a", US_ASCII);
        handler.closeWhenDone(Duration.ofSeconds(1));
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(handler.events).containsExactly("connect");

        handler.discardBuffers();

        assertThat(handler.events).containsExactly("connect", "end");
    }

    @Test
    void removedHandlerDiscardsNothingOfItsSuccessor() {
        TerminatorFrameDecoder decoder = TerminatorFrameDecoder.streaming(Terminator.LF);
        RecordingHandler next = new RecordingHandler(Terminator.LF);
        RecordingHandler first = new RecordingHandler(Terminator.LF);
        EmbeddedChannel other = new EmbeddedChannel(decoder, first);
        first.on("found", () -> {
            other.pipeline().replace(first, null, next);
            first.discardBuffers();
        });

        other.writeInbound(ascii("a\nb\n"));

        assertThat(next.events).containsExactly("connect", "b", "found");
        other.finishAndReleaseAll();
    }

    private static ByteBuf ascii(String text) {
        return ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, text);
    }
}
