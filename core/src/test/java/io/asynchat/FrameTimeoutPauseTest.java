package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a paused handler leaves unread is not the peer's fault. */
@ExtendWith(NoLeaks.class)
class FrameTimeoutPauseTest {

    static Stream<Supplier<TimeoutFixture>> deadlines() {
        return Stream.of(
                () -> TimeoutFixture.withFrameTimeout(Terminator.LF),
                () -> TimeoutFixture.withoutReadAhead(new IdleTimeoutHandler(Duration.ofSeconds(10)), Terminator.LF));
    }

    @ParameterizedTest
    @MethodSource("deadlines")
    void resumeRestartsTheFrameTime(Supplier<TimeoutFixture> deadline) {
        try (TimeoutFixture scene = deadline.get()) {
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
    void resumeJustBeforeTheTimeoutRestartsTheFrameTime(Supplier<TimeoutFixture> deadline) {
        try (TimeoutFixture scene = deadline.get()) {
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
    void frameThatBeginsInUnreadBytesHasATimeout() {
        try (TimeoutFixture scene = TimeoutFixture.withFrameTimeout(Terminator.LF)) {
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

    @Test
    void timeBeforeAPauseCounts() {
        try (TimeoutFixture scene = TimeoutFixture.withFrameTimeout(Terminator.LF)) {
            scene.send("a");
            for (int i = 0; i < 9; i++) {
                scene.seconds(1);
                scene.handler.pause();
                scene.seconds(5);
                scene.handler.resume();
            }
            assertThat(scene.events).isEmpty();

            scene.seconds(1);
            assertThat(scene.events).hasSize(1);
        }
    }

    @Test
    void frameThatIsLateIsReportedOnceThoughAPauseFollows() {
        try (TimeoutFixture scene = TimeoutFixture.withFrameTimeout(Terminator.LF)) {
            scene.send("a");
            scene.seconds(10);
            assertThat(scene.events).hasSize(1);

            scene.handler.pause();
            scene.handler.resume();
            scene.seconds(60);

            assertThat(scene.events).hasSize(1);
        }
    }

    @Test
    void frameBegunIsNotLateWhileACloseWaitsForPushes() {
        try (TimeoutFixture scene = TimeoutFixture.withFrameTimeout(Terminator.LF)) {
            scene.send("a");
            scene.handler.pushWithProducer(alloc -> Producer.NOT_YET);
            scene.handler.closeWhenDone();
            scene.seconds(30);

            assertThat(scene.events).isEmpty();
            assertThat(scene.channel.isOpen()).isTrue();
        }
    }
}
