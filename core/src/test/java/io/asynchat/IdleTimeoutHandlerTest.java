package io.asynchat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.RecordingTail;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class IdleTimeoutHandlerTest {
    private final TimeoutFixture scene =
            new TimeoutFixture(new IdleTimeoutHandler(Duration.ofSeconds(10)), Terminator.LF);

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void silenceIsReportedOnce() {
        scene.seconds(9);
        assertThat(scene.events).isEmpty();
        scene.seconds(1);
        assertThat(scene.events)
                .containsExactly("IDLE ProtocolTimeoutException: idle: nothing received within 10000 ms");
        scene.seconds(60);
        assertThat(scene.events).hasSize(1);
    }

    @Test
    void receivedBytesRestartTheTime() {
        for (int i = 0; i < 10; i++) {
            scene.seconds(9);
            scene.send(".");
        }
        assertThat(scene.events).isEmpty();
    }

    @Test
    void silenceIsReportedAgainAfterNewBytes() {
        scene.seconds(10);
        scene.send(".");
        scene.seconds(9);
        assertThat(scene.events).hasSize(1);
        scene.seconds(1);
        assertThat(scene.events).hasSize(2);
    }

    @Test
    void otherHandlersHaveTheTimeoutToo() {
        scene.channel.pipeline().remove(scene.handler);
        scene.seconds(10);
        assertThat(scene.channel.isOpen()).isTrue();
        assertThatThrownBy(scene.channel::checkException).hasMessage("idle: nothing received within 10000 ms");
    }

    @Test
    void handlerClosesByDefault() {
        scene.handler.closeOnError = true;
        scene.seconds(10);
        assertThat(scene.channel.isOpen()).isFalse();
    }

    @Test
    void handlerMayBeAddedToAnActiveChannel() {
        scene.channel.pipeline().remove(IdleTimeoutHandler.class);
        scene.seconds(60);
        scene.channel.pipeline().addFirst(new IdleTimeoutHandler(Duration.ofSeconds(10)));
        scene.seconds(10);
        assertThat(scene.events).hasSize(1);
    }

    @Test
    void timeStandsStillWhileTheChannelIsNotReadAndBeginsAnewWithTheNextRead() {
        scene.channel.config().setAutoRead(false);
        scene.seconds(60);
        assertThat(scene.events).isEmpty();
        scene.channel.read();
        scene.seconds(9);
        scene.channel.read(); // one is outstanding: no resumption
        scene.seconds(1);
        assertThat(scene.events).hasSize(1);
    }

    @Test
    void timeBeginsAnewWhenReadingResumesBeforeItHasPassed() {
        scene.seconds(9);
        scene.channel.config().setAutoRead(false);
        scene.channel.config().setAutoRead(true);
        scene.seconds(9);
        assertThat(scene.events).isEmpty();
        scene.seconds(1);
        assertThat(scene.events).hasSize(1);
    }

    @Test
    void readThatIsAnsweredLeavesNoneOutstanding() {
        scene.channel.pipeline().remove(scene.handler); // which would read on, inside a frame
        scene.channel.config().setAutoRead(false);
        scene.channel.read();
        scene.send(".");
        scene.seconds(60);
        assertThatNoException().isThrownBy(scene.channel::checkException);
    }

    @Test
    void readThatCompletesWithoutAMessageIsStillOutstanding() {
        scene.channel.config().setAutoRead(false);
        scene.channel.read();
        scene.channel.pipeline().fireChannelReadComplete(); // an SslHandler has had half a record, for instance
        scene.seconds(10);
        assertThat(scene.events).hasSize(1);
    }

    @Test
    void messageRestartsTheTimeBeforeItsReadIsComplete() {
        scene.seconds(9);
        scene.channel.pipeline().fireChannelRead(EmbeddedInput.buffer("."));
        scene.seconds(9);
        assertThat(scene.events).isEmpty();
        scene.seconds(1);
        assertThat(scene.events).hasSize(1);
    }

    @Test
    void readThatRepeatsAnOutstandingOneRestartsNothing() {
        scene.channel.pipeline().remove(scene.handler); // which would not pass it on
        scene.channel.config().setAutoRead(false);
        scene.channel.read();
        scene.seconds(9);
        scene.channel.read();
        scene.seconds(1);
        assertThatThrownBy(scene.channel::checkException).isInstanceOf(ProtocolTimeoutException.class);
    }

    @Test
    void autoReadThatIsTurnedOnDuringAnOutstandingReadRestartsTheTime() {
        scene.channel.pipeline().remove(scene.handler);
        scene.channel.config().setAutoRead(false);
        scene.channel.read();
        scene.seconds(9);
        scene.channel.config().setAutoRead(true);
        scene.seconds(9);
        assertThatNoException().isThrownBy(scene.channel::checkException);
        scene.seconds(1);
        assertThatThrownBy(scene.channel::checkException).isInstanceOf(ProtocolTimeoutException.class);
    }

    @Test
    void readThatIsOutstandingWhenTheChannelBecomesActiveIsTimedFromThen() {
        RecordingTail tail = EmbeddedInput.tail();
        ConnectingChannel channel = new ConnectingChannel(new IdleTimeoutHandler(Duration.ofSeconds(10)), tail);
        channel.config().setAutoRead(false);
        channel.freezeTime();
        channel.read();
        pass(channel, 60);
        assertThat(tail.events()).isEmpty();

        channel.connect();
        pass(channel, 9);
        assertThat(tail.events()).isEmpty();
        pass(channel, 1);

        assertThat(tail.events()).containsExactly("ProtocolTimeoutException");
        channel.finishAndReleaseAll();
    }

    @Test
    void nothingIsReportedAfterTheChannelHasBecomeInactive() {
        RecordingTail tail = EmbeddedInput.tail();
        EmbeddedChannel channel = new EmbeddedChannel(new IdleTimeoutHandler(Duration.ofSeconds(10)), tail);
        channel.pipeline().fireChannelInactive(); // the handlers are still there

        pass(channel, 60);

        assertThat(tail.events()).containsExactly("inactive");
        channel.finishAndReleaseAll();
    }

    private static void pass(EmbeddedChannel channel, int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }
}
