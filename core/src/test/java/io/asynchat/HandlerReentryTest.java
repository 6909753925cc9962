package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callbacks that come back to the pipeline, 1,000 deep: nothing is lost, repeated, reordered or nested. */
@ExtendWith(NoLeaks.class)
class HandlerReentryTest {
    private static final int DEEP = 1_000;

    private final TestSocket socket = TestSocket.open();

    @ParameterizedTest
    @ValueSource(strings = {"data", "found"})
    void callbackMayFeedThePipeline(String callback) {
        Numbers handler = new Numbers();
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        handler.on(callback, () -> {
            int next = handler.calls++;
            if (next <= DEEP) {
                // From the outside, as a decoder of TLS does that a handshake has woken.
                channel.pipeline().fireChannelRead(ascii(next + "\n"));
            }
        });

        channel.writeInbound(ascii("0\n"));

        assertThat(handler.frames).isEqualTo(upTo(DEEP));
        channel.finishAndReleaseAll();
    }

    @Test
    void callbackMayFeedThePipelineBehindUnreadBytes() {
        Numbers handler = new Numbers();
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        handler.on("connect", () -> handler.calls = 3);
        handler.calls = 3;
        handler.on("found", () -> {
            int next = handler.calls++;
            if (next <= DEEP) {
                channel.pipeline().fireChannelRead(ascii(next + "\n")).fireChannelReadComplete();
            }
        });

        channel.writeInbound(ascii("0\n1\n2\n"));

        assertThat(handler.frames).isEqualTo(upTo(DEEP));
        channel.finishAndReleaseAll();
    }

    @Test
    void handleConnectMayFeedThePipeline() {
        Numbers handler = new Numbers();
        handler.on("connect", () -> {
            for (int i = 0; i <= DEEP; i++) {
                handler.channel().pipeline().fireChannelRead(ascii(i + "\n"));
            }
            assertThat(handler.frames).isEmpty();
        });
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);

        assertThat(handler.frames).isEqualTo(upTo(DEEP));
        channel.finishAndReleaseAll();
    }

    @Test
    void callbackWithoutBytesMayFeedThePipeline() {
        Numbers handler = new Numbers();
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        handler.on("drain", () -> {
            channel.pipeline().fireChannelRead(ascii("0\n"));
            assertThat(handler.frames).isEmpty();
        });

        channel.pipeline().fireUserEventTriggered(DrainEvent.INSTANCE);

        assertThat(handler.frames).isEqualTo(upTo(0));
        channel.finishAndReleaseAll();
    }

    @Test
    void callbackMayEndEmptyFrames() {
        Numbers handler = new Numbers();
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        handler.on("found", () -> handler.setTerminator(handler.calls++ < DEEP ? Terminator.length(0) : Terminator.LF));

        channel.writeInbound(ascii("0\n1\n"));

        assertThat(handler.calls).isEqualTo(DEEP + 2);
        channel.finishAndReleaseAll();
    }

    @Test
    void completedPushMayPushTheNext() {
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        pushFrom(handler, 0);
        channel.runPendingTasks();

        StringBuilder expected = new StringBuilder();
        upTo(DEEP).forEach(number -> expected.append(number).append('\n'));
        assertThat(socket.text()).isEqualTo(expected.toString());
        channel.finishAndReleaseAll();
    }

    private static void pushFrom(AsyncChatHandler handler, int number) {
        if (number <= DEEP) {
            handler.push(number + "\n", US_ASCII).addListener(sent -> pushFrom(handler, number + 1));
        }
    }

    @Test
    void producerMayPushProducers() {
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        handler.pushWithProducer(chain(handler, 0));
        channel.runPendingTasks();

        assertThat(socket.sent()).hasSize(DEEP + 1);
        channel.finishAndReleaseAll();
    }

    private static Producer chain(AsyncChatHandler handler, int number) {
        TestProducer producer = new TestProducer("x");
        return producer.first(() -> {
            if (producer.asked() == 1 && number < DEEP) {
                handler.pushWithProducer(chain(handler, number + 1));
            }
        });
    }

    @Test
    void failedPushThatPushesAgainEndsWithTheChannel() {
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        int[] failures = new int[1];
        handler.close();
        pushUntilFailed(handler, failures);
        channel.runPendingTasks();

        assertThat(failures[0]).isEqualTo(DEEP);
        channel.finishAndReleaseAll();
    }

    private static void pushUntilFailed(AsyncChatHandler handler, int[] failures) {
        handler.push("a", US_ASCII).addListener(refused -> {
            if (++failures[0] < DEEP) {
                pushUntilFailed(handler, failures);
            }
        });
    }

    @Test
    void handlerMayReplaceItselfAtEachFrame() {
        List<String> frames = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel(socket, new Heir(0, frames));
        StringBuilder wire = new StringBuilder();
        upTo(DEEP).forEach(number -> wire.append(number).append('\n'));

        channel.writeInbound(ascii(wire.toString()));

        assertThat(frames).isEqualTo(upTo(DEEP));
        channel.finishAndReleaseAll();
    }

    @Test
    void callbackMayCloseInEveryWayAtOnce() {
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        handler.on("found", () -> {
            for (int i = 0; i < DEEP; i++) {
                handler.push("a", US_ASCII);
                handler.closeWhenDone();
                channel.pipeline().fireChannelRead(ascii("lost\n"));
            }
            handler.close();
            channel.close();
        });
        handler.on("close", () -> {
            handler.close();
            handler.discardBuffers();
            channel.close();
        });

        channel.writeInbound(ascii("\nlost\n"));

        assertThat(handler.events).containsExactly("connect", "found", "close");
        channel.finishAndReleaseAll();
    }

    @Test
    void setTerminatorOutsideACallbackNeverNestsDeliveries() {
        Numbers handler = new Numbers();
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        handler.setTerminator(Terminator.none());
        handler.on("found", () -> {
            handler.setTerminator(Terminator.length(0));
            if (++handler.calls == DEEP) {
                handler.setTerminator(Terminator.none());
            }
        });

        handler.setTerminator(Terminator.length(0));

        assertThat(handler.calls).isEqualTo(DEEP);
        channel.finishAndReleaseAll();
    }

    private static List<String> upTo(int last) {
        return IntStream.rangeClosed(0, last).mapToObj(Integer::toString).toList();
    }

    private static ByteBuf ascii(String text) {
        return ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, text);
    }

    /** Gathers frames, and fails if a callback is called in another. */
    private static class Numbers extends RecordingHandler {
        final List<String> frames = new ArrayList<>();
        private final StringBuilder frame = new StringBuilder();
        private boolean inside;
        int calls = 1;

        Numbers() {
            super(Terminator.LF);
        }

        @Override
        protected void collectIncomingData(ByteBuf data) throws Exception {
            assertThat(inside).isFalse();
            inside = true;
            frame.append(data.toString(US_ASCII));
            acted("data");
            inside = false;
        }

        @Override
        protected void foundTerminator() throws Exception {
            assertThat(inside).isFalse();
            inside = true;
            frames.add(frame.toString());
            frame.setLength(0);
            acted("found");
            inside = false;
        }
    }

    private static final class Heir extends AsyncChatHandler {
        private final int generation;
        private final List<String> frames;

        Heir(int generation, List<String> frames) {
            this.generation = generation;
            this.frames = frames;
            setTerminator(Terminator.LF);
        }

        @Override
        protected void foundTerminator() {
            frames.add(takeText(US_ASCII));
            assertThat(generation).isEqualTo(frames.size() - 1);
            ChannelHandlerContext self = channel().pipeline().context(this);
            self.pipeline().replace(this, null, new Heir(generation + 1, frames));
        }
    }
}
