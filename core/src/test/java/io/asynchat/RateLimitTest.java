package io.asynchat;

import static io.asynchat.EmbeddedInput.receive;
import static io.asynchat.Terminator.LF;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.asynchat.testkit.NoLeaks;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code setRateLimit(…)}: how many frames come when, in virtual time. */
@ExtendWith(NoLeaks.class)
class RateLimitTest {
    private static final int TURN = 4;
    private static final int RATE = 100;
    private static final int BURST = 20;

    /** Counts its lines, and how many of them came in one turn of the loop. */
    private static class Counting extends AsyncChatHandler {
        private int lines;
        private String text = "";
        private int mostInATurn;
        private int inTurn;
        boolean flooded;
        private boolean patient;
        private boolean ended;

        Counting(int perSecond) {
            setTerminator(LF);
            setRateLimit(new RateLimit(perSecond, BURST, TURN));
        }

        @Override
        protected void foundTerminator() {
            text = takeText(StandardCharsets.US_ASCII);
            lines++;
            inTurn++;
            mostInATurn = Math.max(mostInATurn, inTurn);
            if (inTurn == 1) {
                channel().eventLoop().schedule(() -> inTurn = 0, 0, SECONDS);
            }
        }

        @Override
        protected void handleRateExceeded() {
            flooded = true;
            if (!patient) {
                close();
            }
        }

        @Override
        protected void handleEndOfInput() {
            ended = true;
        }
    }

    private Counting handler = new Counting(RATE);
    private EmbeddedChannel channel = new EmbeddedChannel(handler);

    RateLimitTest() {
        channel.freezeTime();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void lines(int count) {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            lines.append(i).append('\n');
        }
        receive(channel, lines.toString());
        pass(0);
    }

    private void pass(long millis) {
        for (long passed = 0; passed <= millis; passed += 10) {
            channel.advanceTimeBy(passed == 0 ? 0 : 10, MILLISECONDS);
            for (int turn = 0; turn < BURST; turn++) {
                channel.runPendingTasks();
            }
        }
    }

    @Test
    void burstIsDeliveredAtOnceAndTheRestAtTheRate() {
        lines(50);
        assertThat(handler.lines).isEqualTo(BURST);
        pass(100);
        assertThat(handler.lines).isEqualTo(BURST + 10);
        pass(1_000);
        assertThat(handler.lines).isEqualTo(50);
        assertThat(handler.text).isEqualTo("50");
    }

    @Test
    void perTurnLimitHolds() {
        lines(BURST);
        assertThat(handler.lines).isEqualTo(BURST);
        assertThat(handler.mostInATurn).isEqualTo(TURN);
    }

    @Test
    void perTurnLimitNeedsNoRate() {
        frozen(0);
        lines(60);
        assertThat(handler.lines).isEqualTo(60);
        assertThat(handler.mostInATurn).isEqualTo(TURN);
        assertThat(handler.flooded).isFalse();
    }

    @Test
    void idleTimeRefillsTheBurst() {
        lines(BURST);
        pass(1_000);
        lines(BURST);
        assertThat(handler.lines).isEqualTo(2 * BURST);
        lines(2 * BURST);
        assertThat(handler.lines).isLessThanOrEqualTo(2 * BURST + TURN);
    }

    @Test
    void framesWaitingForThirtySecondsExceedTheRate() {
        lines(BURST + 40 * RATE);
        pass(29_000);
        assertThat(handler.flooded).isFalse();
        pass(2_000);
        assertThat(handler.flooded).isTrue();
        assertThat(handler.lines).isLessThan(BURST + 32 * RATE);
    }

    @Test
    void deliveryContinuesIfTheHandlerStaysOpen() {
        handler.patient = true;
        lines(BURST + 60 * RATE);
        pass(31_000);
        assertThat(handler.flooded).isTrue();
        pass(31_000);
        assertThat(handler.lines).isEqualTo(BURST + 60 * RATE);
    }

    @Test
    void framesServedWithinThirtySecondsDoNotExceedTheRate() {
        for (int minute = 0; minute < 3; minute++) {
            lines(BURST + 20 * RATE);
            pass(25_000);
        }
        assertThat(handler.lines).isEqualTo(3 * (BURST + 20 * RATE));
        assertThat(handler.flooded).isFalse();
    }

    @Test
    void steadyRateIsNotExceeded() {
        lines(BURST);
        for (int tenth = 0; tenth < 400; tenth++) {
            pass(100);
            lines(RATE / 10);
        }
        assertThat(handler.flooded).isFalse();
    }

    @Test
    void rateLimitedHandlerReadsSixteenKibibytesAhead() {
        lines(BURST);
        receive(channel, "x".repeat(16_000));
        assertThat(channel.config().isAutoRead()).isTrue();
        receive(channel, "x".repeat(384));
        assertThat(channel.config().isAutoRead()).isFalse();
        pass(1_000);
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void rateLimitedHandlerReadsSixtyFourBuffersAhead() {
        lines(BURST);
        int reads = 0;
        while (channel.config().isAutoRead() && reads < 300) {
            receive(channel, "x");
            reads++;
        }
        assertThat(reads).isEqualTo(65);
        pass(1_000);
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void endOfInputWaitsForRateLimitedFrames() {
        lines(BURST + 5);
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(handler.ended).isFalse();
        pass(100);
        assertThat(handler.lines).isEqualTo(BURST + 5);
        assertThat(handler.ended).isTrue();
    }

    @Test
    void replacingHandlerHasNoRateLimit() {
        Counting next = new Counting(0);
        lines(BURST + 5);
        channel.pipeline().replace(handler, null, next);
        pass(0);
        assertThat(next.lines).isEqualTo(5);
    }

    @Test
    void replacementAtTheEndOfATurnLeavesNoRateLimit() {
        RecordingHandler next = new RecordingHandler(LF);
        RecordingHandler first = new RecordingHandler(LF);
        first.setRateLimit(new RateLimit(1, 1, 1));
        first.on("found", () -> channel.pipeline().replace(first, null, next));
        channel = new EmbeddedChannel(first);
        receive(channel, "a\nb\n");
        assertThat(next.events).containsExactly("connect", "b", "found");
    }

    @Test
    void newRateLimitServesWaitingFramesAtOnce() {
        RecordingHandler slow = new RecordingHandler(LF);
        slow.setRateLimit(new RateLimit(1, 1, 1));
        channel = new EmbeddedChannel(slow);
        channel.freezeTime();
        receive(channel, "a\nb\n");
        assertThat(slow.events).containsExactly("connect", "a", "found");

        slow.setRateLimit(new RateLimit(RATE, BURST, TURN));

        assertThat(slow.events).containsExactly("connect", "a", "found", "b", "found");
    }

    @Test
    void exceededRateClosesByDefault() {
        channel = new EmbeddedChannel(new AsyncChatHandler() {
            {
                setTerminator(LF);
                setRateLimit(new RateLimit(1, BURST, TURN));
            }

            @Override
            protected void foundTerminator() {
                takeText(StandardCharsets.US_ASCII);
            }
        });
        channel.freezeTime();
        lines(100);
        assertThat(channel.isOpen()).isTrue();

        pass(31_000);

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void secondsOfIdleTimeGrantTheirRate() {
        frozen(2);
        lines(BURST);
        pass(5_000);

        lines(BURST);

        assertThat(handler.lines).isEqualTo(BURST + 2 * 5);
    }

    @Test
    void fullBurstEndsTheWaiting() {
        handler.setTerminator(Terminator.CRLF);
        receive(channel, "a\r\n".repeat(BURST + 1) + "\r"); // which is held back
        pass(31_000);
        assertThat(handler.lines).isEqualTo(BURST + 1);

        receive(channel, "\n" + "a\r\n".repeat(2 * BURST) + "\r");
        pass(1_000);

        assertThat(handler.lines).isEqualTo(3 * BURST + 2);
        assertThat(handler.flooded).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"9, true", "10, false"})
    void halfABurstEndsTheWaiting(int rest, boolean flooded) {
        frozen(1);
        handler.setTerminator(Terminator.CRLF);
        receive(channel, "a\r\n".repeat(BURST + 1) + "\r"); // which is held back
        pass(2_000);
        assertThat(handler.lines).isEqualTo(BURST + 1);

        pass(rest * 1_000L);
        receive(channel, "\n" + "a\r\n".repeat(2 * BURST));
        pass(30_000 - 1_000L * rest - 2_000);

        assertThat(handler.flooded).isEqualTo(flooded);
    }

    @Test
    void fullBurstKeepsNoFraction() {
        frozen(1);
        lines(BURST);
        pass(21_500); // one frame is granted, and half of the last second is over
        lines(BURST);
        assertThat(handler.lines).isEqualTo(2 * BURST);

        pass(600);
        lines(2);

        assertThat(handler.lines).isEqualTo(2 * BURST + 1);
    }

    @Test
    void exceededRateIsReportedAfterExactlyThirtySeconds() {
        frozen(1);
        lines(BURST + 60);
        pass(29_990);
        assertThat(handler.flooded).isFalse();
        pass(10);
        assertThat(handler.flooded).isTrue();
    }

    private void frozen(int perSecond) {
        handler = new Counting(perSecond);
        channel = new EmbeddedChannel(handler);
        channel.freezeTime();
    }

    @Test
    void burstNeedsARate() {
        handler.setRateLimit(RateLimit.unlimited().perTurn(1));
        lines(3);
        assertThat(handler.lines).isEqualTo(3);
    }

    @Test
    void invalidNumbersAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> RateLimit.perSecond(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.perSecond(1).perTurn(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.perSecond(1).burst(0));
    }

    @Test
    void limitThatIsLiftedWhenTheRateIsExceededHoldsNoFrameBack() {
        handler = new Counting(1) {
            @Override
            protected void handleRateExceeded() {
                flooded = true;
                setRateLimit(RateLimit.unlimited());
            }
        };
        channel = new EmbeddedChannel(handler);
        channel.freezeTime();
        lines(BURST + 100);
        pass(29_990);
        assertThat(handler.lines).isLessThan(BURST + 100);

        pass(10);

        assertThat(handler.flooded).isTrue();
        assertThat(handler.lines).isEqualTo(BURST + 100);
    }
}
