package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The future of a read, completed by its owner or by the frame, and what the next read finds after it. */
@ExtendWith(NoLeaks.class)
@Timeout(60)
class StreamWithdrawTest {
    private final AtomicReference<@Nullable ChatStream> given = new AtomicReference<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ChatStream stream;

    StreamWithdrawTest() {
        channel.freezeTime();
        channel.pipeline().addLast(new IdleTimeoutHandler(Duration.ofSeconds(10)), ChatStream.handler(given::set));
        channel.runPendingTasks();
        stream = given.get();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void receive(String bytes) {
        channel.writeInbound(EmbeddedInput.buffer(bytes));
    }

    private CompletableFuture<@Nullable String> read(Terminator terminator) {
        CompletableFuture<@Nullable String> read = stream.readAsync(terminator, US_ASCII);
        channel.runPendingTasks();
        return read;
    }

    private void cancel(CompletableFuture<?> read) {
        assertThat(read.cancel(false)).isTrue();
        channel.runPendingTasks();
    }

    private void seconds(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runPendingTasks();
        channel.runScheduledPendingTasks();
    }

    private static void assertFailed(CompletableFuture<?> read, Class<? extends Throwable> cause) {
        assertThat(read).failsWithin(0, TimeUnit.SECONDS).withThrowableThat().withCauseInstanceOf(cause);
    }

    // ---- who decides a read

    @Test
    void readThatItsOwnerCompletesHasThatValueAndLeavesTheFrame() {
        CompletableFuture<@Nullable String> read = read(Terminator.LF);

        assertThat(read.complete("mine")).isTrue();
        assertThat(read.complete("again")).isFalse();
        receive("a\n");
        assertThat(read).isCompletedWithValue("mine");
        assertThat(read(Terminator.LF)).isCompletedWithValue("a");
    }

    @Test
    void readThatItsOwnerFailsHasThatCauseAndLeavesTheFrame() {
        CompletableFuture<@Nullable String> read = read(Terminator.LF);

        assertThat(read.completeExceptionally(new IOException("mine"))).isTrue();
        assertThat(read.completeExceptionally(new IllegalStateException("again")))
                .isFalse();
        receive("a\n");
        assertFailed(read, IOException.class);
        assertThat(read(Terminator.LF)).isCompletedWithValue("a");
    }

    @Test
    void ownerThatIsLaterThanTheFrameLearnsIt() {
        receive("a\n");
        CompletableFuture<@Nullable String> read = read(Terminator.LF);

        assertThat(read.complete("late")).isFalse();
        assertThat(read.completeExceptionally(new IOException("late"))).isFalse();
        assertThat(read.cancel(false)).isFalse();
        assertThat(read).isCompletedWithValue("a");
    }

    @Test
    void readThatIsCancelledWhileItsFrameBecomesTextHasTheFrame() {
        AtomicReference<CompletableFuture<@Nullable String>> read = new AtomicReference<>();
        AtomicReference<@Nullable Boolean> cancelled = new AtomicReference<>();
        read.set(stream.readAsync(
                Terminator.LF, new WatchedAscii(() -> cancelled.set(read.get().cancel(false)))));
        channel.runPendingTasks();
        receive("a\n");

        assertThat(cancelled).hasValue(false);
        assertThat(read.get()).isCompletedWithValue("a");
    }

    // ---- what the next read finds

    @Test
    void bytesOfAWithdrawnReadAreFramedAnewByAReadOfAnotherKind() {
        CompletableFuture<@Nullable String> line = read(Terminator.LF);
        receive("abc");
        cancel(line);

        assertThat(read(Terminator.length(1))).isCompletedWithValue("a");
        assertThat(read(Terminator.length(2))).isCompletedWithValue("bc");
    }

    @Test
    void bytesBehindAFrameThatIsTooLongAreFramedByTheNextRead() {
        CompletableFuture<@Nullable String> line = read(Terminator.LF.atMost(3));
        receive("abcdef\nxy");

        assertFailed(line, FrameTooLongException.class);
        assertThat(read(Terminator.length(1))).isCompletedWithValue("x");
        assertThat(read(Terminator.length(1))).isCompletedWithValue("y");
    }

    @Test
    void excessThatNoReadHasSeenIsNotTakenByAReadThatIsCancelledBeforeItBegins() {
        CompletableFuture<@Nullable String> line = read(Terminator.LF.atMost(2));
        line.cancel(false);
        receive("abc\nd\n"); // before the event loop has seen that
        stream.readAsync(Terminator.LF).cancel(false);
        channel.runPendingTasks();

        assertFailed(read(Terminator.LF), FrameTooLongException.class);
        assertThat(read(Terminator.LF)).isCompletedWithValue("d");
    }

    @Test
    void readAheadIsBoundedAfterAWithdrawnRead() {
        stream.setReadAhead(100);
        cancel(read(Terminator.LF));
        receive("x".repeat(99));
        assertThat(channel.config().isAutoRead()).isTrue();
        receive("x");

        assertThat(channel.config().isAutoRead()).isFalse();
    }

    @Test
    void idleTimeoutAfterAWithdrawnReadIsNoFault() {
        cancel(read(Terminator.LF));
        seconds(10);

        assertThat(channel.isOpen()).isTrue();
        CompletableFuture<@Nullable String> line = read(Terminator.LF);
        receive("a\n");
        assertThat(line).isCompletedWithValue("a");
    }

    @Test
    void idleTimeBeginsAnewWithAReadThatFollowsALongSilence() {
        seconds(60);
        CompletableFuture<@Nullable String> line = read(Terminator.LF);
        seconds(9);
        assertThat(line).isNotDone();
        seconds(1);

        assertFailed(line, ProtocolTimeoutException.class);
    }

    @Test
    void readAfterTheRemovalOfTheHandlerFails() {
        channel.pipeline().remove(AsyncChatHandler.class);

        assertFailed(read(Terminator.LF), ClosedChannelException.class);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void readThatWaitsWhenTheHandlerIsRemovedFails() {
        CompletableFuture<@Nullable String> read = read(Terminator.LF);

        channel.pipeline().remove(AsyncChatHandler.class);

        assertFailed(read, ClosedChannelException.class);
        assertThat(channel.isOpen()).isTrue();
    }

    // ---- settings, and the server

    @Test
    void frameLimitHoldsForTerminatorsThatCarryNone() {
        stream.setFrameLimit(3);
        receive("abcd\nabcd\n");

        assertFailed(read(Terminator.LF), FrameTooLongException.class);
        assertThat(read(Terminator.LF.atMost(4))).isCompletedWithValue("abcd");
    }

    @Test
    void streamIsDrainingFromTheDrainOfItsServerOn() {
        assertThat(stream.isDraining()).isFalse();
        channel.pipeline().fireUserEventTriggered(DrainEvent.INSTANCE);

        assertThat(stream.isDraining()).isTrue();
    }
}
