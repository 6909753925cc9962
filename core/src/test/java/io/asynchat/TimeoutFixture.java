package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A handler of lines behind a deadline; time is virtual, and begins long before the connection. */
final class TimeoutFixture implements AutoCloseable {
    static final long TEN_SECONDS = TimeUnit.SECONDS.toNanos(10);

    final List<String> events = new ArrayList<>();
    final Script handler = new Script(events);
    final EmbeddedChannel channel;
    private final MockTicker time = Ticker.newMockTicker();

    TimeoutFixture(ChannelHandler timeout, Terminator first) {
        handler.setTerminator(first);
        channel = EmbeddedChannel.builder()
                .register(false)
                .ticker(time)
                .handlers(timeout, handler)
                .build();
        time.advance(60, TimeUnit.SECONDS);
        try {
            channel.register();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    static TimeoutFixture withFrameTimeout(Terminator first) {
        TimeoutFixture scene = new TimeoutFixture(new ChannelInboundHandlerAdapter(), first);
        scene.handler.setFrameTimeout(Duration.ofNanos(TEN_SECONDS));
        return scene;
    }

    static TimeoutFixture withoutReadAhead(ChannelHandler timeout, Terminator first) {
        TimeoutFixture scene = new TimeoutFixture(timeout, first);
        scene.handler.setReadAhead(0);
        return scene;
    }

    void send(String text) {
        ByteBuf bytes = ByteBufAllocator.DEFAULT.buffer();
        bytes.writeCharSequence(text, US_ASCII);
        channel.writeInbound(bytes);
    }

    void seconds(int seconds) {
        time.advance(seconds, TimeUnit.SECONDS);
        channel.runPendingTasks();
    }

    @Override
    public void close() {
        channel.pipeline().close(); // not channel.close(), which cancels all that is scheduled
        channel.runPendingTasks();
        assertThat(channel.runScheduledPendingTasks()).as("time to an alarm").isEqualTo(-1);
        channel.finishAndReleaseAll();
    }

    /** Writes down what it receives. */
    static final class Script extends AsyncChatHandler {
        private final List<String> events;
        boolean pauseAfterFrame;
        boolean closeOnError;
        boolean staysAfterTheEnd;
        String answerToError = "";
        Terminator then = Terminator.LF.atMost(20);

        Script(List<String> events) {
            this.events = events;
        }

        @Override
        protected void handleEndOfInput() throws Exception {
            if (!staysAfterTheEnd) {
                super.handleEndOfInput();
            }
        }

        @Override
        protected void foundTerminator() {
            events.add(takeText(US_ASCII));
            setTerminator(then);
            if (pauseAfterFrame) {
                pause();
            }
        }

        @Override
        protected void handleError(Throwable cause) throws Exception {
            assertThat(cause).isInstanceOfAny(ProtocolTimeoutException.class, TooLongFrameException.class);
            String kind = cause instanceof ProtocolTimeoutException late ? late.kind() + " " : "";
            events.add(kind + cause.getClass().getSimpleName() + ": " + cause.getMessage());
            if (closeOnError) {
                super.handleError(cause);
            } else if (!answerToError.isEmpty()) {
                push(answerToError, US_ASCII);
                closeWhenDone();
            }
        }
    }
}
