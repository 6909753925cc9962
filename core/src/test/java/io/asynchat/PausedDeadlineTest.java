package io.asynchat;

import static io.asynchat.DeadlineScene.TEN_SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a paused handler leaves unread is not the peer's fault. */
@ExtendWith(NoLeaks.class)
class PausedDeadlineTest {

    static Stream<ChannelHandler> deadlines() {
        return Stream.of(new FrameDeadline(TEN_SECONDS), new IdleTimeoutHandler(Duration.ofSeconds(10)));
    }

    @ParameterizedTest
    @MethodSource("deadlines")
    void whoHasBeenKeptWaitingHasTheWholeTimeAgain(ChannelHandler deadline) {
        try (DeadlineScene scene = new DeadlineScene(deadline, Terminator.LF)) {
            scene.send("a");
            scene.handler.pause();
            scene.seconds(60);
            assertThat(scene.events).isEmpty();
            scene.handler.resume();
            scene.seconds(9);
            assertThat(scene.events).isEmpty();

            scene.seconds(1);
            assertThat(scene.events).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("deadlines")
    void soHasWhoWasKeptWaitingOnlyUntilJustBeforeTheEnd(ChannelHandler deadline) {
        try (DeadlineScene scene = new DeadlineScene(deadline, Terminator.LF)) {
            scene.send("a");
            scene.handler.pause();
            scene.seconds(9);
            scene.handler.resume();
            scene.seconds(9);
            assertThat(scene.events).isEmpty();

            scene.seconds(1);
            assertThat(scene.events).hasSize(1);
        }
    }

    @Test
    void aFrameThatBeginsInWhatWasLeftUnreadIsWatchedToo() {
        try (DeadlineScene scene = new DeadlineScene(new FrameDeadline(TEN_SECONDS), Terminator.LF)) {
            scene.handler.pauseAfterFrame = true;
            scene.send("a\nb");
            scene.seconds(60);
            scene.handler.resume();
            scene.seconds(9);
            assertThat(scene.events).containsExactly("a");

            scene.seconds(1);
            assertThat(scene.events).hasSize(2);
        }
    }
}
