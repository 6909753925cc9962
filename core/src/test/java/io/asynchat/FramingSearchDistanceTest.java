package io.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The search steps over bytes, words and groups of words: where one kind of step hands over to the next nothing is missed. */
@ExtendWith(NoLeaks.class)
class FramingSearchDistanceTest {
    private static final int FURTHEST = 300;
    private static final int BEHIND = 50; // so much that the longest step may go over the delimiter

    @ParameterizedTest
    @EnumSource
    void delimiterIsFoundAtEveryDistanceInEveryKindOfBuffer(Buffers kind) {
        for (String delimiter : new String[] {"\n", "\r\n", "\r\n\r\n", "\r\n.\r\n", "0123456789"}) {
            EmbeddedChannel channel = new EmbeddedChannel(
                    new TerminatorFrameDecoder(Terminator.delimiter(delimiter.getBytes(ISO_8859_1))));
            for (int distance = 0; distance < FURTHEST; distance++) {
                byte[] wire = ("x".repeat(distance) + delimiter + "y".repeat(BEHIND) + delimiter).getBytes(ISO_8859_1);
                channel.writeInbound(kind.of(wire, ByteBufAllocator.DEFAULT));
                assertThat(lengthOf(channel))
                        .as("%s bytes before %s", distance, delimiter)
                        .isEqualTo(distance);
                assertThat(lengthOf(channel)).as("behind it").isEqualTo(BEHIND);
            }
            channel.finish();
        }
    }

    @ParameterizedTest
    @EnumSource
    void lineEndIsFoundAtEveryDistanceInEveryKindOfBuffer(Buffers kind) {
        EmbeddedChannel channel = new EmbeddedChannel(new TerminatorFrameDecoder(Terminator.LINE));
        for (int distance = 0; distance < FURTHEST; distance++) {
            String frame = "\r".repeat(distance % 3) + "x".repeat(distance);
            byte[] wire = (frame + "\r\n" + "y".repeat(BEHIND) + "\n").getBytes(ISO_8859_1);
            channel.writeInbound(kind.of(wire, ByteBufAllocator.DEFAULT));
            assertThat(lengthOf(channel)).as("%s bytes before CRLF", distance).isEqualTo(frame.length());
            assertThat(lengthOf(channel)).as("before LF").isEqualTo(BEHIND);
        }
        channel.finish();
    }

    @Test
    void falseFirstByteIsSkippedAtEveryDistance() {
        EmbeddedChannel channel = new EmbeddedChannel(new TerminatorFrameDecoder(Terminator.CRLF));
        for (int distance = 0; distance < FURTHEST; distance++) {
            String frame = "x".repeat(distance) + "\r" + "x".repeat(FURTHEST - distance);
            channel.writeInbound(Buffers.DIRECT.of((frame + "\r\n").getBytes(ISO_8859_1), ByteBufAllocator.DEFAULT));
            assertThat(lengthOf(channel)).isEqualTo(frame.length());
        }
        channel.finish();
    }

    @Test
    void longContiguousMemoryIsReadInWords() {
        for (String delimiter : new String[] {"\n", "8 bytes."}) {
            EmbeddedChannel channel = new EmbeddedChannel(new TerminatorFrameDecoder(Terminator.delimiter(delimiter)));
            AtomicLong singly = new AtomicLong();
            String end = "x".repeat(8 - delimiter.length()) + delimiter; // in the last word
            for (String wire : new String[] {"x".repeat(64), "x".repeat(64) + end}) {
                channel.writeInbound(CountingBuffer.inOnePiece(wire.getBytes(ISO_8859_1), singly));
            }
            assertThat(lengthOf(channel)).isEqualTo(136 - delimiter.length());
            assertThat(singly).as("bytes before %s", delimiter).hasValue(0);
            channel.finish();
        }
    }

    private static int lengthOf(EmbeddedChannel channel) {
        ByteBuf frame = channel.readInbound();
        assertThat(frame).isNotNull();
        int length = frame.readableBytes();
        frame.release();
        return length;
    }
}
