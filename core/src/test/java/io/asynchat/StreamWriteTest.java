package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Writes of a {@link ChatStream} on the event loop: which are joined, when they are sent, and that each buffer is released. */
@ExtendWith(NoLeaks.class)
@Timeout(60)
class StreamWriteTest {
    private final AtomicReference<@Nullable ChatStream> given = new AtomicReference<>();
    private final EmbeddedChannel channel = new EmbeddedChannel(ChatStream.handler(given::set));
    private final ChatStream stream = given.get();

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void write(int... lengths) throws Exception {
        for (int length : lengths) {
            stream.write(new byte[length]);
        }
    }

    /** Sends what has been written, as a read does that waits. */
    private void send() {
        CompletableFuture<@Nullable ByteBuf> read = stream.readAsync(Terminator.LF);
        channel.runPendingTasks();
        read.cancel(false);
        channel.runPendingTasks();
    }

    /** Takes the messages that were written to the pipeline, and returns their lengths. */
    private List<Integer> lengths() {
        List<Integer> lengths = new ArrayList<>();
        for (ByteBuf message; (message = channel.readOutbound()) != null; ) {
            lengths.add(message.readableBytes());
            message.release();
        }
        return lengths;
    }

    @Test
    void writesOfUpTo512BytesAreJoinedBehindTheFirst() throws Exception {
        write(1, 512, 1);
        send();

        assertThat(lengths()).containsExactly(1, 513);
    }

    @Test
    void writeOfMoreThan512BytesIsAMessageOfItsOwn() throws Exception {
        write(1, 513, 1, 1);
        send();

        assertThat(lengths()).containsExactly(1, 513, 2);
    }

    @Test
    void joinedWritesFillABlockOf4096BytesBeforeTheNextBegins() throws Exception {
        write(1, 512, 512, 512, 512, 512, 512, 512, 512, 1);
        send();

        assertThat(lengths()).containsExactly(1, 4_096, 1);
    }

    @Test
    void asManyBytesAsTheHighWatermarkAreSentAtOnce() throws Exception {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(500, 1_000));
        write(999);
        channel.runPendingTasks();
        assertThat(lengths()).isEmpty();
        write(1);
        channel.runPendingTasks();

        assertThat(lengths()).containsExactly(999, 1);
    }

    @Test
    void severalBuffersAreSentInTheirOrder() throws Exception {
        stream.write(EmbeddedInput.buffer("a"), EmbeddedInput.buffer("b"), EmbeddedInput.buffer("c"));
        send();

        ByteBuf message = channel.readOutbound();
        assertThat(message.toString(US_ASCII)).isEqualTo("abc");
        message.release();
        assertThat(lengths()).isEmpty();
    }

    @Test
    void bytesThatHaveNotBeenSentAreReleasedWhenTheConnectionIsLost() throws Exception {
        ByteBuf data = EmbeddedInput.buffer("x");
        stream.write(data);
        EmbeddedInput.disconnect(channel);

        assertThat(data.refCnt()).isZero();
    }

    /** The write that fails ends the output first, and the close of the channel once more. */
    @Test
    void bytesBehindAWriteThatFailsAreReleasedOnce() throws Exception {
        channel.pipeline().addFirst(new WriteBlocker());
        stream.write(EmbeddedInput.buffer("in flight"));
        send();
        ByteBuf data = EmbeddedInput.buffer("x");
        stream.write(data);
        EmbeddedInput.disconnect(channel);

        channel.checkException();
        assertThat(data.refCnt()).isZero();
    }

    @Test
    void producerThatIsWrittenToAClosedStreamIsClosedOnce() {
        TestProducer producer = new TestProducer();
        stream.close();
        channel.runPendingTasks();

        assertThatThrownBy(() -> stream.write(producer)).isInstanceOf(ClosedChannelException.class);
        channel.runPendingTasks();
        assertThat(producer.closed()).isOne();
    }

    @Test
    void startOfTlsOnTheEventLoopIsRefused() throws Exception {
        SslContext ssl = SslContextBuilder.forClient().build();

        assertThatThrownBy(() -> stream.startTls(ssl))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("startTls: on an event loop");
    }

    @Test
    void nullIsRefusedAtOnceByItsNameAndTheBuffersBesideItAreReleased() {
        ByteBuf first = EmbeddedInput.buffer("a");
        ByteBuf second = EmbeddedInput.buffer("b");

        assertRefused("buffer", () -> stream.write((ByteBuf) null));
        assertRefused("buffer", () -> stream.write(first, (ByteBuf[]) null));
        assertRefused("buffer", () -> stream.write(null, second));
        assertRefused("bytes", () -> stream.write((byte[]) null));
        assertRefused("text", () -> stream.write(null, US_ASCII));
        assertRefused("charset", () -> stream.write("a", null));
        assertRefused("producer", () -> stream.write((Producer) null));
        assertRefused("ssl", () -> stream.startTls(null));
        assertRefused("linger", () -> stream.close(null));
        assertRefused("read timeout", () -> stream.setReadTimeout(null));
        assertRefused("write timeout", () -> stream.setWriteTimeout(null));
        send();

        assertThat(lengths()).isEmpty();
        assertThat(first.refCnt()).isZero();
        assertThat(second.refCnt()).isZero();
    }

    @Test
    void readsAndHandlersRefuseNullAtOnceByItsName() {
        assertRefused("terminator", () -> stream.readBuffer(null));
        assertRefused("terminator", () -> stream.readBytes(null));
        assertRefused("terminator", () -> stream.readText(null, US_ASCII));
        assertRefused("charset", () -> stream.readText(Terminator.LF, null));
        assertRefused("terminator", () -> stream.readAsync(null));
        assertRefused("terminator", () -> stream.readAsync(null, US_ASCII));
        assertRefused("charset", () -> stream.readAsync(Terminator.LF, null));
        assertRefused("onConnect", () -> ChatStream.handler(null));
        assertRefused("executor", () -> ChatStream.handler(null, any -> {}));
        assertRefused("protocol", () -> ChatStream.handler(Runnable::run, null));
        assertThat(stream.readAsync(Terminator.LF)).as("no read waits").isNotDone();
    }

    private static void assertRefused(String name, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(NullPointerException.class)
                .hasMessage(name + ": null (expected: a value)");
    }
}
