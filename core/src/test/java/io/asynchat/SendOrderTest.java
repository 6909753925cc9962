package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.channels.ClosedChannelException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is pushed goes out in the order of the calls, and the close comes last: W1 to W7, W9 and W10. */
@ExtendWith(NoLeaks.class)
class SendOrderTest {
    private final TestSocket socket = TestSocket.stalled();
    private final RecordingHandler handler = new RecordingHandler(Terminator.none());
    private final EmbeddedChannel channel = new EmbeddedChannel(socket, handler);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void pushesProducersAndTheCloseKeepTheOrderOfTheirCalls() {
        socket.writable(false);
        handler.push("a", US_ASCII);
        handler.pushWithProducer(new TestProducer("b", "c"));
        handler.push(new byte[] {'d'});
        handler.pushWithProducer(new TestProducer("e"));
        handler.push("f", US_ASCII);
        handler.closeWhenDone();
        socket.openUp();
        assertThat(socket.text()).isEqualTo("a");

        socket.writable(true);

        assertThat(socket.text()).isEqualTo("abcdef");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void producerIsAskedAfterEarlierPushes() {
        TestProducer first = new TestProducer("a");
        TestProducer second = new TestProducer("b");
        socket.writable(false);
        handler.pushWithProducer(first);
        handler.pushWithProducer(second);
        first.first(() -> assertThat(second.asked()).isZero());
        second.first(() -> assertThat(first.closed()).isEqualTo(1));
        socket.openUp();

        socket.writable(true);

        assertThat(socket.text()).isEqualTo("ab");
        assertThat(first.asked()).isEqualTo(2);
        assertThat(second.asked()).isEqualTo(2);
    }

    @Test
    void producerIsAskedOnlyWhileTheChannelIsWritable() {
        TestProducer producer = new TestProducer("a", "b", "c");
        producer.first(() -> {
            assertThat(channel.isWritable()).isTrue();
            channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        });
        socket.openUp();
        handler.pushWithProducer(producer);
        channel.runPendingTasks();
        assertThat(socket.text()).isEqualTo("a");

        socket.writable(true);

        assertThat(socket.text()).isEqualTo("ab");
        assertThat(producer.closed()).isZero();
    }

    @Test
    void emptyPieceEndsAProducer() {
        TestProducer producer = new TestProducer("a", "", "never");
        socket.openUp();

        ChannelFuture future = handler.pushWithProducer(producer);
        channel.runPendingTasks();

        assertThat(future.isSuccess()).isTrue();
        assertThat(socket.text()).isEqualTo("a");
        assertThat(producer.closed()).isEqualTo(1);
    }

    @Test
    void emptyProducerIsSkipped() {
        TestProducer empty = new TestProducer();
        socket.writable(false);
        handler.push("a", US_ASCII);
        ChannelFuture future = handler.pushWithProducer(empty);
        handler.push("b", US_ASCII);
        socket.openUp();

        socket.writable(true);

        assertThat(socket.text()).isEqualTo("ab");
        assertThat(future.isSuccess()).isTrue();
        assertThat(empty.closed()).isEqualTo(1);
    }

    @Test
    void pushInAProducerIsSentBehindIt() {
        TestProducer producer = new TestProducer("a", "b");
        producer.first(() -> handler.push("-" + producer.asked(), US_ASCII));
        socket.openUp();

        handler.pushWithProducer(producer);
        handler.push("c", US_ASCII);
        channel.runPendingTasks();

        assertThat(socket.text()).isEqualTo("abc-1-2-3");
    }

    @Test
    void pushInAWriteListenerIsSentBehindTheRest() {
        handler.push("a", US_ASCII).addListener(sent -> handler.push("c", US_ASCII));
        handler.push("b", US_ASCII);
        channel.runPendingTasks();
        socket.openUp();
        channel.runPendingTasks();

        assertThat(socket.text()).isEqualTo("abc");
    }

    @Test
    void pushDuringAFlushIsSent() {
        RecordingHandler reader = new RecordingHandler(Terminator.LF);
        TestSocket line = TestSocket.open();
        EmbeddedChannel other = new EmbeddedChannel(line, reader);
        reader.on(
                "found",
                () -> reader.push("a", US_ASCII).addListener(sent -> {
                    reader.push("c", US_ASCII);
                    reader.closeWhenDone();
                }));
        other.writeInbound(ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, "\n"));

        assertThat(line.text()).isEqualTo("ac");
        assertThat(other.isOpen()).isFalse();
    }

    @Test
    void producerContinuesWhenItsFlushMadeRoom() {
        RecordingHandler sender = new RecordingHandler(Terminator.none());
        EmbeddedChannel other = new EmbeddedChannel(sender);
        String piece = "x".repeat(other.config().getWriteBufferHighWaterMark());

        ChannelFuture future = sender.pushWithProducer(new TestProducer(piece, piece, piece));
        other.runPendingTasks();

        assertThat(future.isSuccess()).isTrue();
        other.finishAndReleaseAll();
    }

    @Test
    void pushesInWriteListenersYieldToOtherTasks() {
        socket.openUp();
        channel.eventLoop().execute(() -> {
            pushAgainAndAgain(1_000);
            channel.eventLoop().execute(handler::close);
        });
        channel.runPendingTasks();

        assertThat(socket.sent()).hasSizeBetween(1, 100);
    }

    private void pushAgainAndAgain(int times) {
        handler.push("a", US_ASCII).addListener(sent -> {
            if (sent.isSuccess() && times > 1) {
                pushAgainAndAgain(times - 1);
            }
        });
    }

    @Test
    void closeWhenDoneWaitsForWritesInFlight() {
        ChannelFuture future = handler.push("abc", US_ASCII);
        handler.closeWhenDone();
        socket.take(2);
        assertThat(channel.isOpen()).isTrue();
        assertThat(future.isDone()).isFalse();

        socket.take(1);

        assertThat(channel.isOpen()).isFalse();
        assertThat(future.isSuccess()).isTrue();
    }

    @Test
    void closeWhenDoneOnAnIdleChannelClosesAtOnce() {
        handler.closeWhenDone();

        assertThat(channel.isOpen()).isFalse();
        assertThat(handler.events).containsExactly("connect", "close");
    }

    @Test
    void closeWhenDoneMayBeCalledTwice() {
        handler.push("a", US_ASCII);
        handler.closeWhenDone();
        handler.closeWhenDone();
        socket.openUp();

        assertThat(socket.text()).isEqualTo("a");
        assertThat(handler.events).containsExactly("connect", "close");
    }

    @Test
    void pushAfterCloseWhenDoneFailsAndIsReleased() {
        handler.push("a", US_ASCII);
        handler.closeWhenDone();
        ByteBuf late = ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, "late");
        TestProducer producer = new TestProducer("late");

        assertThat(handler.push(late).cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(handler.push("late", UTF_8).cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(handler.pushWithProducer(producer).cause()).isInstanceOf(ClosedChannelException.class);
        socket.openUp();

        assertThat(late.refCnt()).isZero();
        assertThat(producer.closed()).isEqualTo(1);
        assertThat(producer.asked()).isZero();
        assertThat(socket.text()).isEqualTo("a");
    }

    @Test
    void closeFlushesEarlierPushesOnce() {
        socket.openUp();
        ChannelFuture sent = handler.push("abc", US_ASCII);
        TestProducer producer = new TestProducer("d");
        ChannelFuture queued = handler.pushWithProducer(producer);

        handler.close();
        channel.runPendingTasks();

        assertThat(socket.text()).isEqualTo("abc");
        assertThat(socket.flushes()).isEqualTo(1);
        assertThat(sent.isSuccess()).isTrue();
        assertThat(queued.cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(producer.asked()).isZero();
        assertThat(producer.closed()).isEqualTo(1);
    }

    @Test
    void closeDropsUnsentBytes() {
        ChannelFuture sent = handler.push("abc", US_ASCII);
        socket.writable(false);
        TestProducer producer = new TestProducer("d");
        ChannelFuture queued = handler.pushWithProducer(producer);

        handler.close();
        channel.runPendingTasks();

        assertThat(socket.sent()).isEmpty();
        assertThat(sent.cause()).isNotNull();
        assertThat(queued.cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(producer.closed()).isEqualTo(1);
    }

    @Test
    void emptyPushDoesNothing() {
        assertThat(handler.push(new byte[0]).isSuccess()).isTrue();
        assertThat(handler.push("", UTF_8).isSuccess()).isTrue();
        assertThat(handler.push(ByteBufAllocator.DEFAULT.buffer()).isSuccess()).isTrue();
        channel.runPendingTasks();

        assertThat(socket.isEmpty()).isTrue();
        assertThat(socket.flushes()).isZero();
    }

    @Test
    void pushTakesOneArray() throws NoSuchMethodException {
        Method push = AsyncChatHandler.class.getMethod("push", byte[].class);

        assertThat(push.isVarArgs()).as("Kotlin's push(bytes) compiles").isFalse();
        assertThat(Modifier.isPublic(push.getModifiers())).isTrue();
        assertThat(push.getReturnType()).isEqualTo(ChannelFuture.class);
    }

    @Test
    void pushedArrayIsCopied() {
        byte[] bytes = {'a'};
        handler.push(bytes);
        bytes[0] = 'b';
        channel.runPendingTasks();
        socket.openUp();

        assertThat(socket.text()).isEqualTo("a");
    }

    @Test
    void pushedBufferIsReleasedWhenItIsSent() {
        ByteBuf data = ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, "a");
        handler.push(data);
        channel.runPendingTasks();
        assertThat(data.refCnt()).isEqualTo(1);
        socket.openUp();

        assertThat(data.refCnt()).isZero();
    }

    @Test
    void pushedTextIsEncodedInItsCharset() {
        socket.openUp();
        handler.push("\u00e9\u20ac", UTF_8);
        handler.push("\u00e9\u20ac", US_ASCII);
        channel.runPendingTasks();

        assertThat(socket.sent()).isEqualTo("\u00e9\u20ac??".getBytes(UTF_8));
    }

    @Test
    void pushBeforeConnectWaits() {
        RecordingHandler early = new RecordingHandler(Terminator.none());
        TestSocket line = TestSocket.open();
        ConnectingChannel connecting = new ConnectingChannel(line, early);
        early.on("connect", () -> early.push("c", US_ASCII));
        ChannelFuture future = early.push("a", US_ASCII);
        early.pushWithProducer(new TestProducer("b"));
        early.closeWhenDone();
        assertThat(line.isEmpty()).isTrue();

        connecting.connect();

        assertThat(line.text()).isEqualTo("ab");
        assertThat(future.isSuccess()).isTrue();
        assertThat(early.events).containsExactly("connect", "close");
        connecting.finishAndReleaseAll();
    }

    @Test
    void pushAfterTheCloseFailsAndIsReleased() {
        channel.close();
        ByteBuf late = ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, "late");
        TestProducer producer = new TestProducer("late");

        assertThat(handler.push(late).cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(handler.push(new byte[] {'l'}).cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(handler.pushWithProducer(producer).cause()).isInstanceOf(ClosedChannelException.class);

        assertThat(late.refCnt()).isZero();
        assertThat(producer.closed()).isEqualTo(1);
    }

    @Test
    void pushFailsBeforeHandleClose() {
        RecordingHandler reader = new RecordingHandler(Terminator.LF);
        EmbeddedChannel other = new EmbeddedChannel(reader);
        reader.on("found", () -> {
            other.close();
            assertThat(reader.push("late", UTF_8).cause()).isInstanceOf(ClosedChannelException.class);
        });
        other.writeInbound(ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, "\n"));

        assertThat(reader.events).containsExactly("connect", "found", "close");
    }

    @Test
    void pushOutsideAPipelineIsReleasedAndThrows() {
        RecordingHandler nowhere = new RecordingHandler(Terminator.none());
        ByteBuf data = ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, "a");
        TestProducer producer = new TestProducer("a");

        assertThatThrownBy(() -> nowhere.push(data)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> nowhere.push("a", UTF_8)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> nowhere.pushWithProducer(producer)).isInstanceOf(IllegalStateException.class);

        assertThat(data.refCnt()).isZero();
        assertThat(producer.closed()).isEqualTo(1);
    }

    @Test
    void nullIsRefusedAtOnceByItsNameAndDoesNotClose() {
        assertRefused("buffer", () -> handler.push((ByteBuf) null));
        assertRefused("bytes", () -> handler.push((byte[]) null));
        assertRefused("text", () -> handler.push(null, UTF_8));
        assertRefused("text", () -> handler.push(null, US_ASCII));
        assertRefused("charset", () -> handler.push("a", null));
        assertRefused("producer", () -> handler.pushWithProducer(null));
        assertRefused("linger", () -> handler.closeWhenDone(null));
        assertRefused("producer timeout", () -> handler.setProducerTimeout(null));
        assertRefused("ssl", () -> handler.startTls(null));
        channel.runPendingTasks();

        assertThat(handler.unsentBytes()).isZero();
        assertThat(channel.isOpen()).isTrue();
        assertThat(handler.events).containsExactly("connect");
    }

    private static void assertRefused(String name, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(NullPointerException.class)
                .hasMessage(name + ": null (expected: a value)");
    }
}
