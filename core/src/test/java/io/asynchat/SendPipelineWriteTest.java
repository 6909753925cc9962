package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What other handlers, or the channel's user, write through the pipeline goes in order with pushes. */
@ExtendWith(NoLeaks.class)
class SendPipelineWriteTest {
    private final TestSocket socket = TestSocket.open();
    private final RecordingHandler handler = new RecordingHandler(Terminator.LF);
    private final List<Throwable> faults = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel(socket, handler, new ChannelInboundHandlerAdapter() {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            faults.add(cause);
        }
    });

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void writeIsSentBehindEarlierPushes() {
        handler.push("1", US_ASCII);
        ChannelFuture written = channel.pipeline().write(ascii("w"));
        handler.push("2", US_ASCII);
        channel.runPendingTasks();

        assertThat(socket.text()).isEqualTo("1w2");
        assertThat(socket.flushes()).isEqualTo(1);
        assertThat(written.isSuccess()).isTrue();
    }

    @Test
    void flushThroughThePipelineSendsThePushesToo() {
        handler.push("1", US_ASCII);
        channel.writeAndFlush(ascii("w"));

        assertThat(socket.text()).isEqualTo("1w");
        assertThat(socket.flushes()).isEqualTo(1);
        channel.runPendingTasks();
        assertThat(socket.flushes()).isEqualTo(1);
    }

    @Test
    void writeIsDirectIfNothingWaits() {
        channel.write(ascii("w"));
        assertThat(socket.isEmpty()).isFalse();
        assertThat(socket.text()).isEmpty();

        channel.flush();

        assertThat(socket.text()).isEqualTo("w");
        assertThat(socket.flushes()).isEqualTo(1);
    }

    @Test
    void pushBehindADirectWriteIsSentBehindIt() {
        channel.write(ascii("w"));
        handler.push("1", US_ASCII);
        channel.runPendingTasks();

        assertThat(socket.text()).isEqualTo("w1");
    }

    @Test
    void writeIsSentBehindAProducerThatIsNotAtItsEnd() {
        socket.writable(false);
        handler.pushWithProducer(new TestProducer("p1 ", "p2 "));
        ChannelFuture written = channel.writeAndFlush(ascii("w "));
        handler.push("x ", US_ASCII);
        channel.runPendingTasks();
        assertThat(written.isDone()).isFalse();
        assertThat(socket.text()).isEmpty();

        socket.writable(true);

        assertThat(socket.text()).isEqualTo("p1 p2 w x ");
        assertThat(written.isSuccess()).isTrue();
    }

    @Test
    void writesInACallbackAreInOrderWithItsPushes() {
        handler.on("found", () -> {
            handler.push("1", US_ASCII);
            channel.write(ascii("w"));
            handler.push("2", US_ASCII);
        });

        channel.writeInbound(ascii("\n"));

        assertThat(socket.text()).isEqualTo("1w2");
        assertThat(socket.flushes()).isEqualTo(1);
    }

    @Test
    void writeAfterCloseWhenDoneFailsAndIsReleased() {
        socket.writable(false);
        handler.pushWithProducer(new TestProducer("p"));
        handler.closeWhenDone();
        ByteBuf data = ascii("w");

        ChannelFuture refused = channel.writeAndFlush(data);

        assertThat(refused.cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(data.refCnt()).isZero();
        socket.writable(true);
        assertThat(socket.text()).isEqualTo("p");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void waitingWriteFailsAtTheCloseAndIsReleased() {
        socket.writable(false);
        handler.pushWithProducer(new TestProducer("p"));
        ByteBuf data = ascii("w");
        ChannelFuture waits = channel.write(data);

        channel.close();

        assertThat(waits.cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(data.refCnt()).isZero();
    }

    @Test
    void waitingWriteIsDiscardedWithTheRest() {
        handler.push("1", US_ASCII);
        ByteBuf data = ascii("w");
        ChannelFuture waits = channel.pipeline().write(data);

        handler.discardBuffers();

        assertThat(waits.cause()).hasMessage("push: discarded before it was sent");
        assertThat(data.refCnt()).isZero();
    }

    @Test
    void failureOfAQueuedWriteReachesItsPromise() {
        TestSocket stalled = TestSocket.stalled();
        RecordingHandler sender = new RecordingHandler(Terminator.none());
        EmbeddedChannel line = new EmbeddedChannel(stalled, sender);
        ChannelFuture pushed = sender.push("1", US_ASCII);
        ChannelFuture written = line.write(ascii("w"));
        line.runPendingTasks();
        IOException cause = new IOException("planted");
        stalled.take(1);
        assertThat(pushed.isSuccess()).isTrue();
        assertThat(written.isDone()).isFalse();

        stalled.failFirst(cause);

        assertThat(written.cause()).isSameAs(cause);
        line.finishAndReleaseAll();
    }

    @Test
    void voidPromiseIsAccepted() {
        channel.write(ascii("1"), channel.voidPromise());
        handler.push("2", US_ASCII);
        channel.writeAndFlush(ascii("3"), channel.voidPromise());

        assertThat(socket.text()).isEqualTo("123");
        assertThat(faults).isEmpty();
    }

    @Test
    void failureOfAQueuedWriteWithAVoidPromiseIsReported() {
        TestSocket stalled = TestSocket.stalled();
        RecordingHandler sender = new RecordingHandler(Terminator.none());
        sender.on("error", () -> {});
        EmbeddedChannel line = new EmbeddedChannel(stalled, sender);
        sender.push("1", US_ASCII);
        line.write(ascii("w"), line.voidPromise());
        line.runPendingTasks();
        stalled.take(1);
        IOException cause = new IOException("planted");

        stalled.failFirst(cause);

        assertThat(sender.errors).containsExactly(cause);
        line.finishAndReleaseAll();
    }

    @Test
    void closeAfterTheLastWriteIsBehindThePushes() {
        handler.push("1", US_ASCII);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);

        assertThat(socket.text()).isEqualTo("1");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void queuedWritesCountAsUnsent() {
        socket.writable(false);
        handler.pushWithProducer(new TestProducer("p"));
        channel.write(ascii("four"));

        assertThat(handler.unsentBytes()).isEqualTo(4);
        socket.writable(true);
        assertThat(handler.unsentBytes()).isZero();
    }

    @Test
    void queuedMessageOfAnotherTypeIsWrittenAsItIs() {
        StringBuilder seen = new StringBuilder();
        TestSocket plain = TestSocket.open();
        RecordingHandler sender = new RecordingHandler(Terminator.none());
        EmbeddedChannel line = new EmbeddedChannel(
                plain,
                new ChannelOutboundHandlerAdapter() {
                    @Override
                    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                        if (message instanceof String text) {
                            seen.append(text);
                            ctx.write(ascii(text), promise);
                        } else {
                            ctx.write(message, promise);
                        }
                    }
                },
                sender);
        sender.push("1", US_ASCII);
        line.writeAndFlush("text");

        assertThat(seen).hasToString("text");
        assertThat(plain.text()).isEqualTo("1text");
        line.finishAndReleaseAll();
    }

    private static ByteBuf ascii(String text) {
        return ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, text);
    }

    @Test
    void writeThatIsCancelledWhileItWaitsIsNotSent() {
        ChannelFuture producer = handler.pushWithProducer(alloc -> Producer.NOT_YET);
        ByteBuf buffer = ascii("w");
        ChannelFuture written = channel.pipeline().write(buffer);
        handler.push("2", US_ASCII);
        channel.runPendingTasks();

        assertThat(written.cancel(false)).isTrue();
        producer.cancel(false);
        channel.runPendingTasks();

        assertThat(buffer.refCnt()).isZero();
        assertThat(socket.text()).isEqualTo("2");
    }

    @Test
    void writeThatWasCancelledBeforeItCameDoesNotCountAgainstTheSendLimit() {
        handler.setSendLimit(10);
        handler.pushWithProducer(alloc -> Producer.NOT_YET);
        for (int i = 0; i < 3; i++) {
            ChannelPromise cancelled = channel.newPromise();
            cancelled.cancel(false);
            handler.write(channel.pipeline().context(handler), ascii("0123456789"), cancelled);
        }
        channel.runPendingTasks();

        ChannelFuture pushed = handler.push("x", US_ASCII);
        channel.runPendingTasks();

        assertThat(handler.events).doesNotContain("slow");
        assertThat(pushed.isDone()).isFalse();
    }
}
