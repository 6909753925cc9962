package io.asynchat;

import static io.asynchat.EmbeddedInput.endInput;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class FrameTimeoutTest {
    private final TimeoutFixture scene = TimeoutFixture.withFrameTimeout(Terminator.LF.atMost(20));

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void lateFrameIsReportedOnce() {
        scene.send("slow");
        scene.seconds(9);
        assertThat(scene.events).isEmpty();

        scene.seconds(1);
        assertThat(scene.events).containsExactly("FRAME ProtocolTimeoutException: frame: not complete within 10000 ms");
        scene.send("er");
        scene.seconds(60);
        assertThat(scene.events).hasSize(1);
    }

    @Test
    void tricklingBytesDoNotExtendTheTime() {
        for (int i = 0; i < 10; i++) {
            scene.send(".");
            scene.seconds(1);
        }
        assertThat(scene.events).hasSize(1);
    }

    @Test
    void frameInTimeIsNotReported() {
        scene.send("in ti");
        scene.seconds(9);
        scene.send("me\n");
        scene.seconds(60);
        assertThat(scene.events).containsExactly("in time");
    }

    @Test
    void truncatedLengthHasNoTimeout() {
        scene.handler.staysAfterTheEnd = true;
        scene.handler.setTerminator(Terminator.length(10));
        scene.send("half");
        endInput(scene.channel);
        scene.seconds(60);
        assertThat(scene.events).isEmpty();
    }

    @Test
    void timeBetweenFramesDoesNotCount() {
        scene.seconds(60);
        scene.send("a\n");
        scene.seconds(60);
        scene.send("b\n");
        assertThat(scene.events).containsExactly("a", "b");
    }

    @Test
    void eachFrameHasItsOwnTime() {
        scene.send("a");
        scene.seconds(8);
        scene.send("b\nc");
        scene.seconds(8);
        scene.send("d\ne");
        scene.seconds(9);
        assertThat(scene.events).containsExactly("ab", "cd");

        scene.seconds(1);
        assertThat(scene.events).hasSize(3);
    }

    @Test
    void frameAfterALateOneHasItsOwnTime() {
        scene.send("late");
        scene.seconds(10);
        scene.send("\nnext");
        scene.seconds(9);
        assertThat(scene.events).hasSize(2).endsWith("late");

        scene.seconds(1);
        assertThat(scene.events).hasSize(3);
    }

    @Test
    void heldPrefixStartsTheTime() {
        scene.handler.setTerminator(Terminator.CRLF);
        scene.send("\r");
        scene.seconds(10);
        assertThat(scene.events).hasSize(1);
    }

    @Test
    void outstandingLengthStartsTheTime() {
        scene.handler.then = Terminator.length(5);
        scene.send("head\n");
        scene.seconds(10);
        assertThat(scene.events)
                .containsExactly("head", "FRAME ProtocolTimeoutException: frame: not complete within 10000 ms");
    }

    @Test
    void dataWithoutATerminatorHasNoTimeout() {
        scene.handler.setTerminator(Terminator.none());
        scene.send("raw");
        scene.seconds(60);
        assertThat(scene.events).isEmpty();
    }

    @Test
    void frameAfterDataWithoutATerminatorHasItsOwnTime() {
        scene.send("a");
        scene.handler.setTerminator(Terminator.none());
        scene.send("raw");
        scene.seconds(9);
        scene.handler.setTerminator(Terminator.LF);
        scene.send("b");
        scene.seconds(9);
        assertThat(scene.events).isEmpty();

        scene.seconds(1);
        assertThat(scene.events).hasSize(1);
    }

    @Test
    void skippedFrameHasNoMoreTimeThanAnyOther() {
        scene.send("too long, far too long");
        assertThat(scene.events).hasSize(1);
        scene.seconds(10);
        assertThat(scene.events).hasSize(2).last().asString().startsWith("FRAME ProtocolTimeoutException");
    }

    @Test
    void handlerMayReplyAndClose() {
        scene.handler.answerToError = "too slow\n";
        scene.send("slow");
        scene.seconds(10);
        ByteBuf said = scene.channel.readOutbound();
        assertThat(said.toString(US_ASCII)).isEqualTo("too slow\n");
        said.release();
        assertThat(scene.channel.isOpen()).isFalse();
    }

    @Test
    void closedConnectionHasNoTimer() {
        scene.handler.then = Terminator.length(5);
        scene.send("head\n");
        scene.handler.pause();
        scene.channel.pipeline().close();
        scene.handler.resume();
        assertThat(scene.channel.runScheduledPendingTasks()).isEqualTo(-1);
    }

    @Test
    void removedHandlerHasNoTimer() {
        scene.send("slow");
        scene.handler.setFrameTimeout(Duration.ZERO);
        scene.seconds(60);
        assertThat(scene.events).isEmpty();
    }

    @Test
    void lengthSetInHandleConnectCountsFromThen() {
        try (TimeoutFixture length = TimeoutFixture.withFrameTimeout(Terminator.length(5))) {
            length.seconds(9);
            assertThat(length.events).isEmpty();

            length.seconds(1);
            assertThat(length.events).hasSize(1);
        }
    }
}
