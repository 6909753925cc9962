package io.asynchat;

import static io.asynchat.EmbeddedInput.buffer;
import static io.asynchat.EmbeddedInput.endInput;
import static io.asynchat.EmbeddedInput.receive;
import static io.asynchat.Terminator.LF;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.RecordingTail;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The memory of gathered and of unread bytes is given back when nothing is gathered, and when nothing is to be read. */
@ExtendWith(NoLeaks.class)
class HeldMemoryTest {
    private final UnpooledByteBufAllocator memory =
            new UnpooledByteBufAllocator(false); // of the channel, not of what it receives
    private final RecordingTail tail = EmbeddedInput.tail();

    private long held() {
        return memory.metric().usedHeapMemory();
    }

    private EmbeddedChannel channel(ChannelHandler... handlers) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(memory);
        channel.pipeline().addLast(handlers);
        channel.runPendingTasks();
        return channel;
    }

    @Test
    void decoderHoldsNothingBetweenTwoFramesWhenTheReadIsOver() {
        EmbeddedChannel channel = channel(new TerminatorFrameDecoder(LF), tail);
        receive(channel, "ab");
        assertThat(held()).isPositive();

        receive(channel, "cd\n");

        assertThat(tail.events()).containsExactly("abcd");
        assertThat(held()).isZero();
        channel.finishAndReleaseAll();
    }

    @Test
    void handlerHoldsNothingBetweenTwoFramesWhenTheReadIsOver() {
        List<String> frames = new ArrayList<>();
        EmbeddedChannel channel = channel(new AsyncChatHandler() {
            {
                setTerminator(LF);
            }

            @Override
            protected void foundTerminator() {
                frames.add(takeText(US_ASCII));
            }
        });
        receive(channel, "ab");
        assertThat(held()).isPositive();

        receive(channel, "cd\n");

        assertThat(frames).containsExactly("abcd");
        assertThat(held()).isZero();
        channel.finishAndReleaseAll();
    }

    @Test
    void decoderHoldsNothingAfterTheEndOfTheInput() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(LF);
        EmbeddedChannel channel = channel(decoder, tail);
        receive(channel, "half");
        decoder.setTerminator(Terminator.none()); // what was gathered comes at the end

        endInput(channel);

        assertThat(tail.events()).containsExactly("half", "end of input");
        assertThat(held()).isZero();
        channel.finishAndReleaseAll();
    }

    @Test
    void decoderHoldsNothingWhenItReportsACorruptLength() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(LF);
        List<Long> held = new ArrayList<>();
        EmbeddedChannel channel = channel(decoder, tail.on("CorruptedFrameException", ctx -> held.add(held())));
        receive(channel, "half");
        decoder.setTerminator(Terminator.lengthPrefix(8, ByteOrder.BIG_ENDIAN));

        receive(channel, "\u00ff".repeat(8)); // negative

        assertThat(held).containsExactly(0L);
        channel.finishAndReleaseAll();
    }

    @Test
    void resetReleasesUnreadBytesAtOnce() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(LF);
        EmbeddedChannel channel = channel(decoder, tail);
        decoder.pause();
        ByteBuf unread = buffer("a\nb\n");
        channel.pipeline().fireChannelRead(unread).fireChannelReadComplete();
        assertThat(unread.refCnt()).isEqualTo(1);

        channel.pipeline().fireExceptionCaught(new IOException("reset"));

        assertThat(unread.refCnt()).isZero();
        assertThat(tail.events()).containsExactly("IOException");
        channel.finishAndReleaseAll();
    }
}
