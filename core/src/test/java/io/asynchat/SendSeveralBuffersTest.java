package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.IllegalReferenceCountException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several buffers in one push: one promise, kept together, and released whatever happens. */
@ExtendWith(NoLeaks.class)
class SendSeveralBuffersTest {
    private final TestSocket socket = TestSocket.stalled();
    private final RecordingHandler handler = new RecordingHandler(Terminator.LF);
    private final EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
    private final ByteBuf a = ascii("a");
    private final ByteBuf b = ascii("bb");
    private final ByteBuf c = ascii("ccc");

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
        assertThat(a.refCnt() + b.refCnt() + c.refCnt()).isZero();
    }

    @Test
    void buffersOfOnePushAreSentInOrderWithOnePromise() {
        ChannelFuture sent = handler.push(a, b, c);
        channel.runPendingTasks();
        assertThat(handler.unsentBytes()).isEqualTo(6);
        socket.take(5);
        assertThat(sent.isDone()).isFalse();

        socket.openUp();

        assertThat(sent.isSuccess()).isTrue();
        assertThat(socket.text()).isEqualTo("abbccc");
        assertThat(handler.unsentBytes()).isZero();
    }

    @Test
    void emptyBuffersAmongThemAreNothing() {
        ChannelFuture sent = handler.push(a, ByteBufAllocator.DEFAULT.buffer(1), b, c);
        channel.runPendingTasks();
        socket.openUp();

        assertThat(sent.isSuccess()).isTrue();
        assertThat(socket.text()).isEqualTo("abbccc");
    }

    @Test
    void emptyBuffersAloneSucceedAtOnce() {
        ByteBuf empty = ByteBufAllocator.DEFAULT.buffer(1);
        ByteBuf another = ByteBufAllocator.DEFAULT.buffer(1);

        assertThat(handler.push(empty, another).isSuccess()).isTrue();

        assertThat(empty.refCnt() + another.refCnt()).isZero();
        handler.push(a, b, c);
    }

    @Test
    void watermarkBetweenThemDoesNotPartThem() {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 1));
        socket.openUp();
        handler.on("found", () -> {
            handler.push("<", US_ASCII);
            handler.push(a, b, c);
            handler.push(">", US_ASCII);
        });

        channel.writeInbound(ascii("\n"));

        assertThat(socket.text()).isEqualTo("<abbccc>");
    }

    @Test
    void allAreAcceptedOrRefusedTogether() {
        handler.setSendLimit(3);
        handler.on("slow", () -> {});
        handler.push("four", US_ASCII);
        channel.runPendingTasks();

        ChannelFuture refused = handler.push(a, b, c);

        assertThat(refused.cause())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("push: 4 bytes wait to be sent (expected: at most 3)");
        assertThat(a.refCnt() + b.refCnt() + c.refCnt()).isZero();
        assertThat(handler.unsentBytes()).isEqualTo(4);
        assertThat(handler.events).containsExactly("connect", "slow");
    }

    @Test
    void allAreReleasedAtTheClose() {
        channel.close();

        assertThat(handler.push(a, b, c).cause()).isInstanceOf(ClosedChannelException.class);

        assertThat(a.refCnt() + b.refCnt() + c.refCnt()).isZero();
    }

    @Test
    void allAreReleasedAfterCloseWhenDone() {
        handler.push("last", US_ASCII);
        handler.closeWhenDone();

        assertThat(handler.push(a, b, c).cause()).isInstanceOf(ClosedChannelException.class);

        assertThat(a.refCnt() + b.refCnt() + c.refCnt()).isZero();
    }

    @Test
    void allAreReleasedWhenDiscarded() {
        ChannelFuture discarded = handler.push(a, b, c);
        handler.discardBuffers();

        assertThat(discarded.cause()).hasMessage("push: discarded before it was sent");
        assertThat(a.refCnt() + b.refCnt() + c.refCnt()).isZero();
    }

    @Test
    void allAreReleasedWhenTheWriteFails() {
        ChannelFuture failed = handler.push(a, b, c);
        channel.runPendingTasks();
        IOException cause = new IOException("planted");

        socket.failFirst(cause);

        assertThat(failed.cause()).isSameAs(cause);
        assertThat(a.refCnt() + b.refCnt() + c.refCnt()).isZero();
    }

    @Test
    void allAreReleasedBeforeThereIsAPipeline() {
        assertThatThrownBy(() -> new RecordingHandler().push(a, b, c)).isInstanceOf(IllegalStateException.class);

        assertThat(a.refCnt() + b.refCnt() + c.refCnt()).isZero();
    }

    @Test
    void allAreReleasedWhenTheHandlerWasRemoved() {
        channel.pipeline().remove(handler);

        assertThat(handler.push(a, b, c).cause()).isInstanceOf(ClosedChannelException.class);

        assertThat(a.refCnt() + b.refCnt() + c.refCnt()).isZero();
    }

    private static ByteBuf ascii(String text) {
        return ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, text);
    }

    @Test
    void missingBufferIsRefusedAndTheOthersAreReleased() {
        assertThatThrownBy(() -> handler.push(a, b, null, c))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("buffer: null (expected: a value)");
        channel.runPendingTasks();

        assertThat(handler.unsentBytes()).isZero();
    }

    @Test
    void bufferThatWasReleasedBeforeIsRefusedAndTheOthersAreReleased() {
        b.release();

        assertThatThrownBy(() -> handler.push(a, b, c)).isInstanceOf(IllegalReferenceCountException.class);
    }

    @Test
    void firstBufferThatIsMissingOrReleasedIsRefusedAndTheOthersAreReleased() {
        a.release();

        assertThatThrownBy(() -> handler.push(a, b)).isInstanceOf(IllegalReferenceCountException.class);
        assertThatThrownBy(() -> handler.push(null, c))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("buffer: null (expected: a value)");
    }

    @Test
    void missingArrayOfBuffersIsRefusedAndTheFirstIsReleased() {
        assertThatThrownBy(() -> handler.push(a, (ByteBuf[]) null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("buffer: null (expected: a value)");
        channel.runPendingTasks();

        assertThat(a.refCnt()).isZero();
        assertThat(handler.unsentBytes()).isZero();
        b.release();
        c.release();
    }

    @Test
    void missingBufferAloneIsRefusedAndDoesNotClose() {
        assertThatThrownBy(() -> handler.push((ByteBuf) null)).isInstanceOf(NullPointerException.class);
        channel.runPendingTasks();

        assertThat(channel.isOpen()).isTrue();
        a.release();
        b.release();
        c.release();
    }
}
