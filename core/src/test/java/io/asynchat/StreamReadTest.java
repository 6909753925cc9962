package io.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads of a {@link ChatStream} on the event loop: one frame each, and none is lost when a read is withdrawn. */
@ExtendWith(NoLeaks.class)
class StreamReadTest {
    private final AtomicReference<@Nullable ChatStream> given = new AtomicReference<>();
    private final EmbeddedChannel channel = new EmbeddedChannel(ChatStream.handler(given::set));
    private final ChatStream stream = given.get();

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void receive(String bytes) {
        channel.writeInbound(buffer(bytes));
    }

    private ByteBuf buffer(String bytes) {
        return channel.alloc().buffer().writeBytes(bytes.getBytes(ISO_8859_1));
    }

    private CompletableFuture<@Nullable String> read(Terminator terminator) {
        CompletableFuture<@Nullable String> read = stream.readAsync(terminator, ISO_8859_1);
        channel.runPendingTasks();
        return read;
    }

    private static Terminator terminator(String kind) {
        return switch (kind) {
            case "length" -> Terminator.length(3);
            case "delimiter" -> Terminator.delimiter(";;");
            case "short" -> Terminator.lengthPrefix(2, ByteOrder.LITTLE_ENDIAN);
            case "long" -> Terminator.lengthPrefix(8, ByteOrder.BIG_ENDIAN);
            case "varint" -> Terminator.varintPrefix();
            default -> Terminator.none();
        };
    }

    @Test
    void nothingIsDecodedBetweenTwoReads() {
        receive("a\nbcd");
        CompletableFuture<@Nullable String> line = read(Terminator.LF);
        CompletableFuture<@Nullable String> rest = read(Terminator.length(3));

        assertThat(line).isCompletedWithValue("a");
        assertThat(rest).isCompletedWithValue("bcd");
    }

    @Test
    void secondReadIsRefusedWhileOneWaits() {
        CompletableFuture<@Nullable String> first = read(Terminator.LF);

        assertThatThrownBy(() -> stream.readAsync(Terminator.LF))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("read: another read waits (expected: one at a time)");
        receive("a\n");
        assertThat(first).isCompletedWithValue("a");
    }

    @Test
    void waitingOnTheEventLoopIsRefused() {
        assertThatThrownBy(() -> stream.readText(Terminator.LF, US_ASCII))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("read: on an event loop");
        assertThatThrownBy(stream::flush)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("flush: on an event loop");
    }

    /** The future is cancelled on another thread, and the frame comes before the event loop has seen that. */
    @ParameterizedTest
    @CsvSource({
        "length,    'abc',                        'abc'",
        "delimiter, 'abc;;',                      'abc'",
        "delimiter, ';;',                         ''",
        "short,     '\3\0abc',                    'abc'",
        "long,      '\0\0\0\0\0\0\0\3abc',        'abc'",
        "varint,    '\u0083\u0080\0abc',          'abc'",
        "varint,    '\3abc',                      'abc'",
        "none,      'abc',                        'abc'",
    })
    void frameThatMeetsACancelledReadIsReadByTheNextWhateverEndsThat(String kind, String wire, String frame) {
        for (int cut = 0; cut < wire.length(); cut++) {
            for (boolean same : new boolean[] {true, false}) {
                CompletableFuture<@Nullable String> read = read(terminator(kind));
                receive(wire.substring(0, kind.equals("none") ? 0 : cut));
                cancelElsewhere(read);
                channel.writeInbound(
                        buffer(wire.substring(kind.equals("none") ? 0 : cut) + "!rest\n")); // before tasks run

                if (same) {
                    assertThat(read(terminator(kind)).getNow("?")).startsWith(frame);
                } else {
                    assertThat(read(Terminator.length(wire.length()))).isCompletedWithValue(wire);
                }
                if (!same || !kind.equals("none")) {
                    assertThat(read(Terminator.LF)).isCompletedWithValue("!rest");
                }
            }
        }
    }

    private static void cancelElsewhere(CompletableFuture<?> read) {
        Thread other = new Thread(() -> read.cancel(false));
        other.start();
        try {
            other.join();
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
        assertThat(read).isCancelled();
    }

    @Test
    void readThatIsTooLateForItsFrameLeavesItToTheNext() {
        CompletableFuture<@Nullable String> late = stream.readAsync(Terminator.LF, US_ASCII);
        late.completeExceptionally(new TimeoutException()); // as orTimeout does
        receive("a\n");

        assertThat(read(Terminator.LF)).isCompletedWithValue("a");
    }

    @Test
    void orTimeoutWithdrawsTheRead() {
        CompletableFuture<@Nullable String> late =
                stream.readAsync(Terminator.LF, US_ASCII).orTimeout(1, TimeUnit.MILLISECONDS);
        assertThat(late).failsWithin(10, TimeUnit.SECONDS);
        receive("a\n");

        assertThat(read(Terminator.LF)).isCompletedWithValue("a");
    }

    @Test
    void readWithdrawnInsideItsFrameIsTakenUpAgain() {
        CompletableFuture<@Nullable String> first = read(Terminator.LF);
        receive("ab");
        first.cancel(false);
        CompletableFuture<@Nullable String> second = read(Terminator.LF);
        receive("c\n");

        assertThat(second).isCompletedWithValue("abc");
    }

    @Test
    void excessThatMeetsACancelledReadFailsTheNext() {
        CompletableFuture<@Nullable String> read = read(Terminator.LF.atMost(2));
        cancelElsewhere(read);
        receive("abc\nd\n");

        assertThat(read(Terminator.LF)).isCompletedExceptionally();
        assertThat(read(Terminator.LF)).isCompletedWithValue("d");
    }

    @Test
    void twentyThousandReadsInOneReadOfTheChannelDoNotNest() {
        List<String> frames = new ArrayList<>();
        readOn(frames);
        receive("x\n".repeat(20_000));

        assertThat(frames).hasSize(20_000);
    }

    private void readOn(List<String> frames) {
        stream.readAsync(Terminator.LF, US_ASCII).thenAccept(frame -> {
            if (frame != null) {
                frames.add(frame);
                readOn(frames);
            }
        });
        if (frames.isEmpty()) {
            channel.runPendingTasks();
        }
    }

    @Test
    void readAheadIsBounded() {
        stream.setReadAhead(100);
        receive("x".repeat(99));
        assertThat(channel.config().isAutoRead()).isTrue();
        receive("x");
        assertThat(channel.config().isAutoRead()).isFalse();

        assertThat(read(Terminator.length(100)).getNow("")).hasSize(100);
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void endOfInputIsNullAgainAndAgain() {
        receive("a\nb");
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        assertThat(read(Terminator.LF)).isCompletedWithValue("a");
        assertThat(read(Terminator.length(1))).isCompletedWithValue("b");
        assertThat(read(Terminator.LF)).isCompletedWithValue(null);
        assertThat(read(Terminator.none())).isCompletedWithValue(null);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void resetFailsTheReadThatWaitsAndAllLaterOnes() {
        CompletableFuture<@Nullable String> read = read(Terminator.LF);
        IOException reset = new IOException("Connection reset");
        channel.pipeline().fireExceptionCaught(reset);

        assertThat(read).failsWithin(0, TimeUnit.SECONDS).withThrowableThat().withCause(reset);
        assertThat(read(Terminator.LF))
                .failsWithin(0, TimeUnit.SECONDS)
                .withThrowableThat()
                .withCause(reset);
    }

    @Test
    void closeFailsTheReadThatWaitsAndReleasesWhatWasReceived() {
        CompletableFuture<@Nullable String> read = read(Terminator.LF);
        receive("ab");
        stream.close();
        channel.runPendingTasks();

        assertThat(read)
                .failsWithin(0, TimeUnit.SECONDS)
                .withThrowableThat()
                .withCauseInstanceOf(ClosedChannelException.class);
        assertThat(channel.isOpen()).isFalse();
        assertThatThrownBy(() -> stream.write(new byte[1])).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void writtenBytesAreSentBeforeAReadWaitsAndTogetherWhileFramesAreThere() throws Exception {
        receive("a\nb\n");
        read(Terminator.LF);
        stream.write("1", US_ASCII);
        read(Terminator.LF);
        stream.write("2", US_ASCII);
        assertThat(channel.outboundMessages()).isEmpty();
        read(Terminator.LF);

        ByteBuf sent = channel.readOutbound();
        assertThat(sent.toString(US_ASCII)).isEqualTo("1");
        sent.release();
        ByteBuf second = channel.readOutbound();
        assertThat(second.toString(US_ASCII)).isEqualTo("2");
        second.release();
    }

    @Test
    void idleTimeoutEndsAReadAndIsNoFaultWhileNoneWaits() {
        channel.pipeline().fireExceptionCaught(idle());
        assertThat(channel.isOpen()).isTrue();
        CompletableFuture<@Nullable String> read = read(Terminator.LF);
        assertThat(read).isNotDone();
        ProtocolTimeoutException again = idle();
        channel.pipeline().fireExceptionCaught(again);

        assertThat(read).failsWithin(0, TimeUnit.SECONDS).withThrowableThat().withCause(again);
        assertThat(channel.isOpen()).isTrue(); // to say goodbye
    }

    private static ProtocolTimeoutException idle() {
        return new ProtocolTimeoutException(ProtocolTimeoutException.Kind.IDLE, "idle");
    }

    @Test
    void writeStallClosesWhileNoReadWaits() {
        channel.pipeline()
                .fireExceptionCaught(new ProtocolTimeoutException(ProtocolTimeoutException.Kind.WRITE, "stall"));

        assertThat(channel.isOpen()).isFalse();
        assertThatThrownBy(() -> stream.write(new byte[1])).isInstanceOf(ProtocolTimeoutException.class);
    }

    @Test
    void bufferWrittenToAClosedStreamIsReleased() {
        stream.close();
        ByteBuf data = buffer("x");

        assertThatThrownBy(() -> stream.write(data)).isInstanceOf(ClosedChannelException.class);
        assertThat(data.refCnt()).isZero();
    }
}
