package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.stream.ChunkedInput;
import io.netty.util.ReferenceCounted;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A producer that has nothing now: what makes it go on, what waits behind it, and how it ends. */
@ExtendWith(NoLeaks.class)
class ProducerStallTest {
    private final TestSocket socket = TestSocket.open();
    private final RecordingHandler handler = new RecordingHandler(Terminator.LF);
    private final EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
    private final Source source = new Source();

    /** Has what the test gives it: nothing now is {@code "."}. */
    private static final class Source implements Producer {
        private final ArrayDeque<String> answers = new ArrayDeque<>();
        private Runnable inside = () -> {};
        private int asked;
        private int closed;

        Source give(String... next) {
            answers.addAll(List.of(next));
            return this;
        }

        @Override
        public @Nullable ReferenceCounted more(ByteBufAllocator alloc) {
            asked++;
            inside.run();
            String next = answers.isEmpty() ? "." : answers.remove();
            return next.equals(".") ? NOT_YET : next.isEmpty() ? null : ByteBufUtil.writeUtf8(alloc, next);
        }

        @Override
        public void close() {
            closed++;
        }
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
        assertThat(source.closed).isLessThanOrEqualTo(1);
    }

    private ChannelFuture start(String... answers) {
        ChannelFuture future = handler.pushWithProducer(source.give(answers));
        channel.runPendingTasks();
        return future;
    }

    // ---- going on

    @Test
    void producerIsAskedAgainAfterResumeProducerAndNotBefore() {
        ChannelFuture future = start("a");
        handler.push("z", US_ASCII);
        channel.runPendingTasks();
        assertThat(socket.text()).isEqualTo("a");
        assertThat(source.asked).isEqualTo(2);

        source.give("b", ".", "c", "");
        handler.resumeProducer();
        assertThat(socket.text()).isEqualTo("ab");
        handler.resumeProducer();

        assertThat(socket.text()).isEqualTo("abcz");
        assertThat(future.isSuccess()).isTrue();
        assertThat(source.closed).isEqualTo(1);
        assertThat(source.asked).isEqualTo(6);
    }

    @Test
    void resumeWithinMoreIsNotLost() {
        source.inside = () -> {
            if (source.asked == 1) {
                handler.resumeProducer();
            }
        };

        ChannelFuture future = start(".", "a", "");

        assertThat(socket.text()).isEqualTo("a");
        assertThat(future.isSuccess()).isTrue();
    }

    @Test
    void severalResumesAskOnceForEachAnswer() {
        start();
        assertThat(source.asked).isEqualTo(1);

        handler.resumeProducer();
        handler.resumeProducer();
        handler.resumeProducer();
        channel.runPendingTasks();

        assertThat(source.asked).isEqualTo(4);
        source.give("a", "");
        handler.resumeProducer();
        assertThat(socket.text()).isEqualTo("a");
        handler.resumeProducer();
        assertThat(source.asked).isEqualTo(6);
    }

    @Test
    void resumeWithoutAProducerDoesNothing() {
        handler.resumeProducer();
        handler.push("a", US_ASCII);
        channel.runPendingTasks();

        assertThat(socket.text()).isEqualTo("a");
    }

    @Test
    void resumeWhileTheChannelIsNotWritableWaitsForThat() {
        start();
        source.give("a", "");
        socket.writable(false);

        handler.resumeProducer();
        assertThat(source.asked).isEqualTo(1);
        socket.writable(true);

        assertThat(socket.text()).isEqualTo("a");
    }

    @Test
    void nothingButResumeProducerAsksAStalledProducer() {
        start();

        handler.push("z", US_ASCII);
        socket.writable(false);
        socket.writable(true);
        channel.flush();
        channel.writeInbound(ascii("line\n"));
        channel.runPendingTasks();

        assertThat(source.asked).isEqualTo(1);
        assertThat(socket.text()).isEmpty();
    }

    @Test
    void closeWhenDoneWaitsForAStalledProducer() {
        start();
        handler.closeWhenDone();
        assertThat(channel.isOpen()).isTrue();

        source.give("a", "");
        handler.resumeProducer();
        channel.runPendingTasks();

        assertThat(socket.text()).isEqualTo("a");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void noWakeUpOfAnotherThreadIsLost() throws Exception {
        int records = 5_000;
        AtomicInteger available = new AtomicInteger();
        RecordingHandler sender = new RecordingHandler(Terminator.none());
        Producer numbers = new Producer() {
            private int sent;

            @Override
            public @Nullable ReferenceCounted more(ByteBufAllocator alloc) {
                if (sent == records) {
                    return null;
                }
                return sent < available.get() ? alloc.buffer(4).writeInt(sent++) : NOT_YET;
            }
        };
        try (Loopback loopback = new Loopback(sender)) {
            sender.pushWithProducer(numbers);
            Thread feeder = new Thread(() -> {
                for (int i = 0; i < records; i++) {
                    available.incrementAndGet();
                    sender.resumeProducer();
                }
            });
            feeder.start();
            DataInputStream in = new DataInputStream(loopback.peer().getInputStream());
            for (int i = 0; i < records - 1; i++) {
                assertThat(in.readInt()).isEqualTo(i);
            }
            assertThat(in.readInt()).isEqualTo(records - 1);
            feeder.join();
        }
    }

    @Test
    void chunkedInputThatHasNothingNowIsAskedAgain() throws Exception {
        ArrayDeque<String> chunks = new ArrayDeque<>();
        AtomicInteger closed = new AtomicInteger();
        boolean[] ended = {false};
        ChunkedInput<ByteBuf> input = new ChunkedInput<>() {
            @Override
            public boolean isEndOfInput() {
                return ended[0] && chunks.isEmpty();
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }

            @Override
            @Deprecated
            public ByteBuf readChunk(ChannelHandlerContext ctx) {
                throw new AssertionError();
            }

            @Override
            public @Nullable ByteBuf readChunk(ByteBufAllocator alloc) {
                String next = chunks.poll();
                return next == null ? null : ByteBufUtil.writeUtf8(alloc, next);
            }

            @Override
            public long length() {
                return -1;
            }

            @Override
            public long progress() {
                return 0;
            }
        };
        ChannelFuture future = handler.pushWithProducer(Producer.of(input));
        channel.runPendingTasks();
        assertThat(socket.text()).isEmpty();

        chunks.add("a");
        chunks.add("");
        chunks.add("b");
        handler.resumeProducer();
        assertThat(socket.text()).isEqualTo("ab");
        ended[0] = true;
        handler.resumeProducer();

        assertThat(future.isSuccess()).isTrue();
        assertThat(closed).hasValue(1);
    }

    // ---- time

    @Test
    void producerThatStallsTooLongFailsAndIsReported() {
        handler.on("error", () -> {});
        handler.setProducerTimeout(Duration.ofSeconds(5));
        channel.freezeTime();
        ChannelFuture future = start("a");
        ChannelFuture behind = handler.push("z", US_ASCII);

        pass(4_999);
        assertThat(future.isDone()).isFalse();
        pass(1);

        assertThat(future.cause())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("producer: nothing to send for 5000 ms (expected: resumeProducer() before that)");
        assertThat(handler.errors).containsExactly(future.cause());
        assertThat(source.closed).isEqualTo(1);
        channel.runPendingTasks();
        assertThat(socket.text()).as("what waited behind it goes on").isEqualTo("az");
        assertThat(behind.isSuccess()).isTrue();
    }

    @Test
    void producerBehindOneThatHasStalledTooLongIsAsked() {
        handler.on("error", () -> {}); // it goes on
        handler.setProducerTimeout(Duration.ofSeconds(5));
        channel.freezeTime();
        start();
        ChannelFuture next = handler.pushWithProducer(new Source().give("a", ""));

        pass(5_000);
        channel.runPendingTasks();

        assertThat(socket.text()).isEqualTo("a");
        assertThat(next.isSuccess()).isTrue();
    }

    @Test
    void producerThatStallsTooLongClosesTheChannelByDefault() {
        channel.freezeTime();
        start();

        pass(59_999);
        assertThat(channel.isOpen()).isTrue();
        pass(1);

        assertThat(channel.isOpen()).isFalse();
        assertThat(handler.events).containsExactly("connect", "error", "close");
    }

    @Test
    void eachStallHasTheWholeTime() {
        handler.on("error", () -> {});
        handler.setProducerTimeout(Duration.ofSeconds(5));
        channel.freezeTime();
        ChannelFuture future = start();
        pass(4_999);
        source.give("a");
        handler.resumeProducer();
        pass(4_999);
        assertThat(future.isDone()).isFalse();

        pass(1);

        assertThat(future.cause()).isNotNull();
        assertThat(handler.errors).hasSize(1);
    }

    @Test
    void timeoutOfZeroIsForEver() {
        handler.setProducerTimeout(Duration.ZERO);
        channel.freezeTime();
        ChannelFuture future = start();

        channel.advanceTimeBy(365, TimeUnit.DAYS);
        channel.runScheduledPendingTasks();

        assertThat(future.isDone()).isFalse();
        assertThat(handler.errors).isEmpty();
    }

    @Test
    void invalidTimeoutsAreRefused() {
        assertThatThrownBy(() -> handler.setProducerTimeout(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("producer timeout: PT-0.000000001S (expected: 0 to ");
        assertThatThrownBy(() -> new RecordingHandler().setProducerTimeout(Duration.ZERO))
                .isInstanceOf(IllegalStateException.class);
    }

    // ---- what waits behind it

    @Test
    void bytesBehindAStalledProducerDoNotCountAgainstTheLimit() {
        handler.setSendLimit(3);
        start();

        for (int i = 0; i < 10; i++) {
            handler.push("four", US_ASCII);
            channel.runPendingTasks();
        }
        assertThat(handler.unsentBytes()).isEqualTo(40);
        source.give("");
        handler.resumeProducer();

        assertThat(handler.events).doesNotContain("slow");
        assertThat(socket.sent()).hasSize(40);
        handler.push("more", US_ASCII);
        channel.runPendingTasks();
        assertThat(handler.events).containsExactly("connect");
    }

    @Test
    void sendLimitAppliesAgainAfterTheStall() {
        TestSocket stalled = TestSocket.stalled();
        RecordingHandler sender = new RecordingHandler(Terminator.none());
        EmbeddedChannel line = new EmbeddedChannel(stalled, sender);
        sender.on("slow", () -> {});
        sender.setSendLimit(3);
        sender.pushWithProducer(source);
        line.runPendingTasks();
        sender.push("four", US_ASCII);
        line.runPendingTasks();
        source.give("");
        sender.resumeProducer();
        line.runPendingTasks();

        assertThat(sender.push("more", US_ASCII).cause()).isInstanceOf(IllegalStateException.class);

        assertThat(sender.events).containsExactly("connect", "slow");
        line.finishAndReleaseAll();
    }

    // ---- ends

    @Test
    void stalledProducerIsClosedOnceWhenTheChannelIs() {
        ChannelFuture future = start();

        channel.close();

        assertThat(source.closed).isEqualTo(1);
        assertThat(future.cause()).isInstanceOf(ClosedChannelException.class);
        handler.resumeProducer();
        assertThat(source.asked).isEqualTo(1);
    }

    @Test
    void stalledProducerIsClosedOnceWhenItIsDiscarded() {
        channel.freezeTime();
        ChannelFuture future = start();

        handler.discardBuffers();
        handler.push("a", US_ASCII);
        channel.runPendingTasks();

        assertThat(source.closed).isEqualTo(1);
        assertThat(future.cause()).hasMessage("push: discarded before it was sent");
        assertThat(socket.text()).isEqualTo("a");
        pass(60_000);
        assertThat(handler.errors).isEmpty();
    }

    @Test
    void stalledProducerIsClosedOnceWhenTheHandlerIsRemoved() {
        channel.freezeTime();
        ChannelFuture future = start();

        channel.pipeline().remove(handler);

        assertThat(source.closed).isEqualTo(1);
        assertThat(future.cause()).hasMessageStartingWith("push: its handler was removed");
        handler.resumeProducer();
        pass(60_000);
        assertThat(source.asked).isEqualTo(1);
        assertThat(handler.errors).isEmpty();
    }

    @Test
    void stalledProducerThatIsCancelledMakesWay() {
        ChannelFuture future = start();
        handler.push("z", US_ASCII);

        future.cancel(false);
        channel.runPendingTasks();

        assertThat(source.closed).isEqualTo(1);
        assertThat(source.asked).isEqualTo(1);
        assertThat(socket.text()).isEqualTo("z");
    }

    @Test
    void pieceThatCannotBeWrittenFailsAStalledProducer() {
        TestSocket stalled = TestSocket.stalled();
        RecordingHandler sender = new RecordingHandler(Terminator.none());
        EmbeddedChannel line = new EmbeddedChannel(stalled, sender);
        ChannelFuture future = sender.pushWithProducer(source.give("a"));
        sender.push("z", US_ASCII);
        line.runPendingTasks();
        IOException cause = new IOException("planted");

        stalled.failFirst(cause);
        stalled.openUp();
        line.runPendingTasks();
        stalled.openUp();

        assertThat(future.cause()).isSameAs(cause);
        assertThat(source.closed).isEqualTo(1);
        assertThat(stalled.text()).isEqualTo("z");
        line.finishAndReleaseAll();
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    private static ByteBuf ascii(String text) {
        return ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, text);
    }
}
