package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A close that lingers for two seconds at most; time is virtual. */
@ExtendWith(NoLeaks.class)
class LingerTest {
    private final List<String> events = new ArrayList<>();
    private final LastWord handler = new LastWord(events);
    private final HalfClosable channel = new HalfClosable(handler);

    @AfterEach
    void lingeringCloseReleasesEverything() {
        channel.pipeline().close();
        channel.runPendingTasks();
        assertThat(channel.runScheduledPendingTasks()).as("time to an alarm").isEqualTo(-1);
        assertThat(events).containsOnlyOnce("close");
        channel.finishAndReleaseAll();
    }

    @Test
    void outputIsShutDownWhenEverythingIsSent() {
        send("bye\n");
        assertThat(sent()).isEqualTo("last word");
        assertThat(channel.isOutputShutdown()).isTrue();
        assertThat(channel.isOpen()).isTrue();
        assertThat(events).containsExactly("bye");
    }

    @Test
    void bytesReceivedWhileLingeringAreDropped() {
        send("bye\nmore\n");
        send("still more\n");
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(events).containsExactly("bye");
    }

    @Test
    void endOfInputEndsTheLinger() {
        send("bye\n");
        channel.pass(1999, TimeUnit.MILLISECONDS);
        assertThat(channel.isOpen()).isTrue();
        channel.endInput();
        assertThat(channel.isOpen()).isFalse();
        assertThat(events).containsExactly("bye", "close");
    }

    @Test
    void lingerTimeoutClosesTheChannel() {
        send("bye\n");
        channel.pass(1999, TimeUnit.MILLISECONDS);
        assertThat(channel.isOpen()).isTrue();
        channel.pass(1, TimeUnit.MILLISECONDS);
        assertThat(channel.isOpen()).isFalse();
        assertThat(events).containsExactly("bye", "close");
    }

    @Test
    void halfClosedPeerNeedsNoLinger() {
        handler.onEnd = handler::bye;
        channel.endInput();
        assertThat(sent()).isEqualTo("last word");
        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.isOutputShutdown()).isFalse();
    }

    @Test
    void endOfInputBehindUnreadBytesNeedsNoLinger() {
        handler.pause();
        send("unread\n");
        channel.endInput();
        handler.bye();
        channel.runPendingTasks();
        assertThat(sent()).isEqualTo("last word");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void pausedHandlerLingers() {
        handler.pause();
        handler.bye();
        send("more\n");
        assertThat(channel.config().isAutoRead()).isTrue();
        channel.endInput();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void closeDoesNotLinger() {
        send("bye\n");
        handler.close();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void resetEndsTheLinger() {
        send("bye\n");
        channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
        channel.endInput();
        assertThat(channel.isOpen()).isFalse();
        assertThat(events).containsExactly("bye", "close");
    }

    @Test
    void pushWhileLingeringFails() {
        send("bye\n");
        assertThat(handler.push("more", US_ASCII).isSuccess()).isFalse();
        assertThat(sent()).isEqualTo("last word");
    }

    @Test
    void closeWithoutLingerClosesBothDirections() {
        handler.linger = Duration.ZERO;
        send("bye\n");
        assertThat(sent()).isEqualTo("last word");
        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.isOutputShutdown()).isFalse();
    }

    @Test
    void channelThatIsNotDuplexClosesAtOnce() {
        LastWord other = new LastWord(new ArrayList<>());
        EmbeddedChannel whole = new EmbeddedChannel(other);
        other.bye();
        assertThat(whole.isOpen()).isFalse();
        whole.finishAndReleaseAll();
    }

    @Test
    void negativeLingerIsRefused() {
        assertThatThrownBy(() -> handler.closeWhenDone(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("linger: PT-1S (expected: 0 to ");
        assertThatThrownBy(() -> handler.closeWhenDone(Duration.ofSeconds(Long.MAX_VALUE)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void send(String text) {
        ByteBuf bytes = ByteBufAllocator.DEFAULT.buffer();
        bytes.writeCharSequence(text, US_ASCII);
        channel.writeInbound(bytes);
    }

    private String sent() {
        ByteBuf bytes = channel.readOutbound();
        try {
            return bytes.toString(US_ASCII);
        } finally {
            bytes.release();
        }
    }

    private static final class LastWord extends AsyncChatHandler {
        private final List<String> events;
        private Duration linger = Duration.ofSeconds(2);
        private Runnable onEnd = () -> {};

        LastWord(List<String> events) {
            this.events = events;
            setTerminator(Terminator.LF);
        }

        void bye() {
            push("last word", US_ASCII);
            closeWhenDone(linger);
        }

        @Override
        protected void foundTerminator() {
            events.add(takeText(US_ASCII));
            bye();
        }

        @Override
        protected void handleEndOfInput() {
            onEnd.run();
        }

        @Override
        protected void handleClose() {
            events.add("close");
        }
    }

    @Test
    void resetEndsTheLingerBeforeThePushesAreSent() {
        RecordingHandler waiting = new RecordingHandler(Terminator.LF);
        waiting.on("error", () -> {});
        HalfClosable line = new HalfClosable(waiting);
        waiting.pushWithProducer(alloc -> Producer.NOT_YET);
        waiting.closeWhenDone(Duration.ofSeconds(2));
        send("bye\n");

        line.pipeline().fireExceptionCaught(new IOException("reset"));
        line.endInput();

        assertThat(line.isOpen()).isFalse();
        line.finishAndReleaseAll();
    }
}
