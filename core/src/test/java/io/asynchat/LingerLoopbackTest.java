package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.OutputStream;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A close that lets the peer read the last answer: {@code closeWhenDone(linger)}. */
@ExtendWith(NoLeaks.class)
class LingerLoopbackTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int MUCH = 1 << 20;

    private final RecordingHandler handler = new RecordingHandler(Terminator.LF);

    @Test
    void peerThatStillSendsReadsTheReply() throws Exception {
        handler.on("found", () -> {
            handler.push("no", US_ASCII);
            handler.closeWhenDone(LONG);
        });
        try (Loopback loopback = new Loopback(handler)) {
            OutputStream out = loopback.peer().getOutputStream();
            out.write("a\nlost\n".getBytes(US_ASCII));
            out.write(new byte[MUCH]);

            assertThat(loopback.read(3)).isEqualTo("no".getBytes(US_ASCII));
            out.write(new byte[MUCH]);
            assertThat(loopback.channel().isOpen()).isTrue();
            loopback.peer().shutdownOutput();
            assertThat(loopback.channel().closeFuture().await(20, TimeUnit.SECONDS))
                    .isTrue();
        }
        assertThat(handler.events).containsExactly("connect", "a", "found", "close");
    }

    @Test
    void halfClosedPeerReceivesTheWholeQueue() throws Exception {
        handler.on("found", () -> {
            handler.push(new byte[8 * MUCH]);
            handler.closeWhenDone(LONG);
        });
        try (Loopback loopback = new Loopback(handler)) {
            loopback.peer().getOutputStream().write("a\n".getBytes(US_ASCII));
            loopback.peer().shutdownOutput();

            assertThat(loopback.peer().getInputStream().readAllBytes()).hasSize(8 * MUCH);
            assertThat(loopback.channel().closeFuture().await(20, TimeUnit.SECONDS))
                    .isTrue();
        }
        assertThat(handler.events).containsExactly("connect", "a", "found", "close");
    }

    @Test
    void pausedHandlerReadsAndDropsWhileLingering() throws Exception {
        handler.on("found", () -> {
            handler.pause();
            handler.push("no", US_ASCII);
            handler.closeWhenDone(LONG);
        });
        try (Loopback loopback = new Loopback(handler)) {
            OutputStream out = loopback.peer().getOutputStream();
            out.write("a\nlost\n".getBytes(US_ASCII));
            out.write(new byte[8 * MUCH]);
            loopback.peer().shutdownOutput();

            assertThat(loopback.peer().getInputStream().readAllBytes()).isEqualTo("no".getBytes(US_ASCII));
            assertThat(loopback.channel().closeFuture().await(20, TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    @Test
    void lingerTimeoutClosesAPeerThatStaysOpen() throws Exception {
        handler.on("found", () -> handler.closeWhenDone(Duration.ofMillis(50)));
        try (Loopback loopback = new Loopback(handler)) {
            loopback.peer().getOutputStream().write("a\n".getBytes(US_ASCII));

            assertThat(loopback.channel().closeFuture().await(20, TimeUnit.SECONDS))
                    .isTrue();
        }
        assertThat(handler.events).containsExactly("connect", "a", "found", "close");
    }

    @Test
    void closeEndsTheLinger() throws Exception {
        handler.on("found", () -> {
            handler.push("no", US_ASCII);
            handler.closeWhenDone(LONG);
        });
        try (Loopback loopback = new Loopback(handler)) {
            loopback.peer().getOutputStream().write("a\n".getBytes(US_ASCII));
            assertThat(loopback.peer().getInputStream().readAllBytes()).isEqualTo("no".getBytes(US_ASCII));
            assertThat(handler.push("late", US_ASCII).await().cause()).isInstanceOf(ClosedChannelException.class);

            handler.close();

            assertThat(loopback.channel().closeFuture().await(20, TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    @Test
    void channelWithoutHalfClosureClosesAtOnce() {
        EmbeddedChannel channel = new EmbeddedChannel(handler);

        handler.closeWhenDone(LONG);

        assertThat(handler.events).containsExactly("connect", "close");
        channel.finishAndReleaseAll();
    }
}
