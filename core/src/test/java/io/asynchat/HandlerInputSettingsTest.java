package io.asynchat;

import static io.asynchat.EmbeddedInput.receive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.testkit.NoLeaks;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How far is read ahead, how long a frame may take, and how many may come: what is set, where, and what is refused. */
@ExtendWith(NoLeaks.class)
class HandlerInputSettingsTest {
    private final TestSocket socket = TestSocket.open();
    private final RecordingHandler handler = new RecordingHandler(Terminator.LF);
    private EmbeddedChannel channel = new EmbeddedChannel(socket, handler);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    // ---- read-ahead

    @Test
    void pausedHandlerReadsSixteenKibibytesAhead() {
        handler.pause();

        receive(channel, "x".repeat(16 * 1024 - 1));
        assertThat(isRead()).isTrue();
        receive(channel, "x");
        assertThat(isRead()).isFalse();
        handler.resume();

        assertThat(isRead()).isTrue();
    }

    @Test
    void pausedHandlerReadsSixtyFourBuffersAhead() {
        handler.pause();
        int reads = 0;

        while (isRead() && reads < 1_000) {
            receive(channel, "x");
            reads++;
        }

        assertThat(reads).as("the one in use, and 64 behind it").isEqualTo(65);
    }

    @Test
    void readAheadOfZeroIsNone() {
        handler.setReadAhead(0);
        assertThat(isRead()).isTrue();

        handler.pause();
        assertThat(isRead()).isFalse();
        handler.resume();

        assertThat(isRead()).isTrue();
    }

    @Test
    void readAheadSetDuringAPauseAppliesAtOnce() {
        handler.pause();
        receive(channel, "four");
        assertThat(isRead()).isTrue();

        handler.setReadAhead(4);
        assertThat(isRead()).isFalse();
        handler.setReadAhead(5);

        assertThat(isRead()).isTrue();
    }

    @Test
    void decoderHasTheSameReadAhead() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(Terminator.LF);
        use(decoder);
        decoder.setReadAhead(4);
        decoder.pause();

        receive(channel, "abc");
        assertThat(isRead()).isTrue();
        receive(channel, "d");

        assertThat(isRead()).isFalse();
    }

    @Test
    void unwritableChannelIsNotReadAhead() {
        handler.pause();
        assertThat(isRead()).isTrue();

        socket.writable(false);
        assertThat(isRead()).isFalse();
        socket.writable(true);

        assertThat(isRead()).isTrue();
    }

    @Test
    void closingConnectionIsNotReadAhead() {
        handler.pause();
        handler.pushWithProducer(new TestProducer("p").first(() -> {}));
        socket.writable(false);
        handler.pushWithProducer(new TestProducer("q"));
        handler.closeWhenDone();

        assertThat(isRead()).isFalse();
        handler.resume();
        assertThat(isRead()).isFalse();
        socket.writable(true);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void readAheadNoticesAResetDuringThePause() {
        handler.pause();
        receive(channel, "unread\n");

        channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));

        assertThat(handler.events).containsExactly("connect", "error", "close");
    }

    @Test
    void readAheadBelowZeroIsRefused() {
        assertThatThrownBy(() -> handler.setReadAhead(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("read-ahead: -1 (expected: >= 0)");
        assertThatThrownBy(() -> new TerminatorFrameDecoder(Terminator.LF).setReadAhead(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("read-ahead: -1 (expected: >= 0)");
    }

    private boolean isRead() {
        return channel.config().isAutoRead();
    }

    // ---- the time of a frame

    @Test
    void handlerReportsAFrameThatIsLate() {
        handler.on("error", () -> {});
        handler.setFrameTimeout(Duration.ofSeconds(5));
        lateFrame();

        assertThat(handler.errors).hasSize(1);
        assertThat(handler.errors.get(0))
                .isInstanceOf(ProtocolTimeoutException.class)
                .hasMessage("frame: not complete within 5000 ms");
        assertThat(((ProtocolTimeoutException) handler.errors.get(0)).kind())
                .isEqualTo(ProtocolTimeoutException.Kind.FRAME);
    }

    @Test
    void decoderReportsAFrameThatIsLate() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(Terminator.LF);
        decoder.setFrameTimeout(Duration.ofSeconds(5));
        use(decoder);
        lateFrame();

        assertThatThrownBy(channel::checkException)
                .isInstanceOf(ProtocolTimeoutException.class)
                .hasMessage("frame: not complete within 5000 ms");
    }

    @Test
    void clearedFrameTimeoutIsNone() {
        handler.setFrameTimeout(Duration.ofSeconds(5));
        channel.freezeTime();
        receive(channel, "a");
        handler.setFrameTimeout(Duration.ZERO);
        pass(3_600_000);

        assertThat(handler.errors).isEmpty();
    }

    @Test
    void frameTimeoutThatIsSetInsideAFrameCountsFromThen() {
        handler.on("error", () -> {});
        channel.freezeTime();
        receive(channel, "a");
        pass(60_000);
        handler.setFrameTimeout(Duration.ofSeconds(5));

        pass(4_999);
        assertThat(handler.errors).isEmpty();
        pass(1);

        assertThat(handler.errors).hasSize(1);
    }

    @Test
    void serversDefaultHoldsForHandlersAndDecodersThatSetNone() {
        RecordingHandler plain = new RecordingHandler(Terminator.LF);
        plain.on("error", () -> {});
        useWithDefault(plain);
        lateFrame();
        assertThat(plain.errors).hasSize(1);

        useWithDefault(new TerminatorFrameDecoder(Terminator.LF));
        lateFrame();
        assertThatThrownBy(channel::checkException).isInstanceOf(ProtocolTimeoutException.class);
    }

    @Test
    void ownFrameTimeoutWinsOverTheServersDefault() {
        RecordingHandler patient = new RecordingHandler(Terminator.LF);
        patient.on("error", () -> {});
        patient.setFrameTimeout(Duration.ofSeconds(10));
        useWithDefault(patient);
        lateFrame();
        assertThat(patient.errors).isEmpty();

        pass(5_000);

        assertThat(patient.errors).hasSize(1);
    }

    @Test
    void handlerThatWantsNoFrameTimeoutWinsOverTheServersDefault() {
        RecordingHandler endless = new RecordingHandler(Terminator.LF);
        endless.setFrameTimeout(Duration.ZERO);
        useWithDefault(endless);
        lateFrame();

        assertThat(endless.errors).isEmpty();
    }

    @Test
    void frameTimeoutOfADecoderThatIsTakenOverHolds() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(Terminator.LF);
        decoder.setFrameTimeout(Duration.ofSeconds(5));
        RecordingHandler taker = new RecordingHandler();
        taker.on("error", () -> {});
        use(decoder, taker);
        lateFrame();

        assertThat(taker.errors).hasSize(1);
    }

    @Test
    void invalidFrameTimeoutsAreRefused() {
        assertThatThrownBy(() -> handler.setFrameTimeout(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("frame timeout: PT-0.000000001S (expected: 0 to ");
        assertThatThrownBy(() -> new TerminatorFrameDecoder(Terminator.LF).setFrameTimeout(Duration.ofDays(200_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("frame timeout: ");
    }

    /** Begins a frame, and lets five seconds pass. */
    private void lateFrame() {
        channel.freezeTime();
        receive(channel, "a");
        pass(4_999);
        assertThat(handler.errors).isEmpty();
        channel.checkException();
        pass(1);
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    private void use(ChannelHandler... handlers) {
        channel.finishAndReleaseAll();
        channel = new EmbeddedChannel(handlers);
    }

    private void useWithDefault(ChannelHandler first) {
        channel.finishAndReleaseAll();
        channel = new EmbeddedChannel();
        channel.attr(FrameTimeout.DEFAULT_NANOS).set(TimeUnit.SECONDS.toNanos(5));
        channel.pipeline().addLast(first);
        channel.runPendingTasks();
    }

    // ---- the rate

    @Test
    void rateLimitHasTheGivenNumbers() {
        assertThat(RateLimit.perSecond(1_000).burst(2_000).perTurn(64)).isEqualTo(new RateLimit(1_000, 2_000, 64));
        assertThat(RateLimit.perSecond(1_000)).isEqualTo(new RateLimit(1_000, 1_000, Integer.MAX_VALUE));
        assertThat(RateLimit.unlimited()).isEqualTo(new RateLimit(0, Integer.MAX_VALUE, Integer.MAX_VALUE));
        assertThat(RateLimit.perSecond(5).perTurn(2).burst(1)).isEqualTo(new RateLimit(5, 1, 2));
    }

    @Test
    void invalidRateLimitsAreRefused() {
        assertThatThrownBy(() -> RateLimit.perSecond(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("frames per second: 0 (expected: > 0)");
        assertThatThrownBy(() -> new RateLimit(-1, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("frames per second: -1 (expected: >= 0)");
        assertThatThrownBy(() -> RateLimit.perSecond(1).burst(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("burst: 0 (expected: > 0)");
        assertThatThrownBy(() -> RateLimit.perSecond(1).perTurn(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("frames per turn: 0 (expected: > 0)");
    }

    @Test
    void nullIsRefusedAtOnceByItsName() {
        assertRefused("terminator", () -> handler.setTerminator(null));
        assertRefused("rate limit", () -> handler.setRateLimit(null));
        assertRefused("frame timeout", () -> handler.setFrameTimeout(null));
        assertRefused("timeout", () -> handler.setTimeout(null));
        assertRefused("extension", () -> handler.extendTimeout(null));
    }

    private static void assertRefused(String name, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(NullPointerException.class)
                .hasMessage(name + ": null (expected: a value)");
    }

    @Test
    void largestRateLimitsAreNoLimit() {
        handler.setRateLimit(new RateLimit(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE));

        receive(channel, "\n".repeat(1_000));

        assertThat(handler.events).hasSize(1_001);
    }

    // ---- frame limit

    @Test
    void limitThatIsSetInTheSameCallbackHoldsForTheLength() {
        handler.on("found", () -> {
            handler.setTerminator(Terminator.length(2));
            handler.setFrameLimit(1);
        });

        receive(channel, "\n");

        assertThat(handler.errors).singleElement().isInstanceOf(FrameTooLongException.class);
    }

    @Test
    void limitThatIsLoweredBehindTheCallbackDoesNotRefuseTheLength() {
        handler.on("found", () -> handler.setTerminator(Terminator.length(2)));
        receive(channel, "\n");
        handler.on("found", () -> {});

        handler.setFrameLimit(1);
        receive(channel, "xy");

        assertThat(handler.errors).isEmpty();
        assertThat(handler.events).containsExactly("connect", "found", "xy", "found");
    }

    @Test
    void limitThatIsLoweredWhilePausedHoldsForTheLengthThatWasSetBefore() {
        handler.on("found", () -> {
            handler.setTerminator(Terminator.length(2));
            handler.pause();
        });
        receive(channel, "\n");

        handler.setFrameLimit(1);
        assertThat(handler.errors).isEmpty();
        handler.resume();

        assertThat(handler.errors).singleElement().isInstanceOf(FrameTooLongException.class);
    }

    @Test
    void lengthWhoseLastPieceACallbackRefusesIsOver() {
        handler.setTerminator(Terminator.length(3).unlimited());
        handler.on("data", () -> {
            throw new IllegalStateException("planted");
        });
        handler.on("error", () -> {});

        receive(channel, "abc");

        assertThat(handler.getTerminator()).isEqualTo(Terminator.none());
    }
}
