package io.asynchat;

import static io.asynchat.EmbeddedInput.receive;
import static io.asynchat.Terminator.length;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.RecordingTail;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.TooLongFrameException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Lengths that a peer may claim, limits, and buffers of a thousand parts. */
@ExtendWith(NoLeaks.class)
class FramingHugeLengthTest {
    private final RecordingTail tail = EmbeddedInput.tail();

    @Test
    void claimedLengthAllocatesNothing() {
        for (long claimed : new long[] {Integer.MAX_VALUE, Integer.MAX_VALUE + 1L, Long.MAX_VALUE}) {
            UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(true);
            EmbeddedChannel channel = new EmbeddedChannel(
                    new TerminatorFrameDecoder(length(claimed).unlimited()), tail);
            channel.config().setAllocator(alloc);

            receive(channel, "ten bytes!");
            receive(channel, "ten bytes!");

            assertThat(alloc.metric().usedHeapMemory() + alloc.metric().usedDirectMemory())
                    .isBetween(1L, 1_000L);
            assertThat(tail.events()).isEmpty();
            channel.finishAndReleaseAll();
            tail.events().clear();
        }
    }

    @Test
    void hugeLengthCountsDownExactly() {
        TerminatorFrameDecoder decoder =
                TerminatorFrameDecoder.streaming(length(Long.MAX_VALUE).unlimited());
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);

        receive(channel, "ten bytes!");

        assertThat(decoder.getTerminator())
                .isEqualTo(length(Long.MAX_VALUE - 10).unlimited());
        assertThat(tail.events()).containsExactly("ten bytes!~");
        channel.finishAndReleaseAll();
    }

    @Test
    void hugeLengthIsTooLongForWholeFrames() {
        EmbeddedChannel channel = new EmbeddedChannel(new TerminatorFrameDecoder(length(Long.MAX_VALUE)), tail);

        assertThat(tail.events()).containsExactly("FrameTooLongException");
        assertThat(tail.exceptions().get(0))
                .isInstanceOf(TooLongFrameException.class)
                .hasMessage(
                        "frame: longer than 65536 bytes (the default limit; length 9223372036854775807 carries none)");
        receive(channel, "dropped");
        assertThat(tail.events()).hasSize(1);
        channel.finishAndReleaseAll();
    }

    @Test
    void negativeLengthOrLimitIsRefused() {
        assertThatThrownBy(() -> length(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("length: -1 (expected: >= 0)");
        assertThatThrownBy(() -> new TerminatorFrameDecoder(Terminator.LF).setFrameLimit(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("frame limit: -1 (expected: >= 0)");
    }

    @Test
    void limitLoweredInsideAFrameIsReportedAtOnce() {
        TerminatorFrameDecoder decoder = TerminatorFrameDecoder.streaming(Terminator.CRLF);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        receive(channel, "abcdef");

        decoder.setTerminator(Terminator.CRLF.atMost(3));
        assertThat(tail.events()).containsExactly("abcdef~", "FrameTooLongException");
        receive(channel, "\r\ng\r\n");

        assertThat(tail.events()).containsExactly("abcdef~", "FrameTooLongException", "g");
        channel.finishAndReleaseAll();
    }

    @Test
    void wholeFrameCountsItsBytesBeforeASwitch() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        receive(channel, "abc");

        decoder.setTerminator(Terminator.none());
        decoder.setTerminator(Terminator.LF.atMost(4));
        receive(channel, "defg\nok\n");

        assertThat(tail.events()).containsExactly("FrameTooLongException", "ok");
        channel.finishAndReleaseAll();
    }

    @Test
    void compositeBufferOfManyPartsIsFramed() {
        UnaryOperator<ByteBuf> whole = buffer -> buffer;
        UnaryOperator<ByteBuf> readOnly = ByteBuf::asReadOnly;
        UnaryOperator<ByteBuf> slice = buffer -> buffer.readRetainedSlice(buffer.readableBytes());
        String text = "0123456789".repeat(99) + "\r\n.\r\n" + "tail\r";
        for (UnaryOperator<ByteBuf> made : java.util.List.of(whole, readOnly, slice)) {
            tail.events().clear();
            TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(Terminator.delimiter("\r\n.\r\n"));
            EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);

            ByteBuf parts = parts(text);
            ByteBuf given = made.apply(parts);
            channel.pipeline().fireChannelRead(given);
            if (parts.refCnt() > 0) {
                parts.release();
            }
            channel.pipeline().remove(decoder);

            assertThat(tail.events()).startsWith("0123456789".repeat(99));
            assertThat(String.join("", tail.events().subList(1, tail.events().size())))
                    .isEqualTo("tail\r");
            channel.finishAndReleaseAll();
        }
    }

    /** A part for each byte. */
    private static ByteBuf parts(String text) {
        CompositeByteBuf parts = ByteBufAllocator.DEFAULT.compositeBuffer(Integer.MAX_VALUE);
        for (byte b : text.getBytes(ISO_8859_1)) {
            ByteBuf part = parts.numComponents() % 2 == 0
                    ? ByteBufAllocator.DEFAULT.heapBuffer(1)
                    : ByteBufAllocator.DEFAULT.directBuffer(1);
            parts.addComponent(true, part.writeByte(b));
        }
        assertThat(parts.numComponents()).isEqualTo(1_000);
        return parts;
    }
}
