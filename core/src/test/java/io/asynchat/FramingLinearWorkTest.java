package io.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.RandomStream.Way;
import io.asynchat.Terminator.Delimiter;
import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** No byte is looked at twice: by counting, not by the clock. */
@ExtendWith(NoLeaks.class)
class FramingLinearWorkTest {
    private static final int MIB = 1 << 20;

    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong frames = new AtomicLong();

    @Test
    void everyByteIsScannedOnceUnderEveryCut() {
        String most = "a".repeat(40);
        List<Terminator> terminators = List.of(
                Terminator.LF,
                Terminator.CRLF,
                Terminator.BLANK_LINE.atMost(7),
                Terminator.delimiter("aab"),
                Terminator.delimiter("aaaaaaaab").atMost(20),
                Terminator.delimiter(most + "b"),
                any("a", "aa", "ab"),
                any("aabaac", "abaab", "baa", "\r\n"),
                any(most + "b", most.substring(20) + "c").atMost(100),
                Terminator.none());
        for (Terminator terminator : terminators) {
            for (Way way : Way.values()) {
                for (int mostBytes : new int[] {1, 3, 50, 5000}) {
                    byte[] wire = wire(mostBytes);
                    long looked = readsOf(wire, way, terminator, mostBytes);
                    assertThat(looked)
                            .as("%s, %s, in reads of %s", terminator, way, mostBytes)
                            .isLessThanOrEqualTo(wire.length);
                }
            }
        }
    }

    @Test
    void lengthFramedBytesAreNotScanned() {
        assertThat(readsOf(wire(9), Way.STREAMING, Terminator.length(4000), 9)).isZero();
    }

    @Test
    void frameOfAMebibyteInSingleBytesIsScannedOnce() {
        byte[] wire = new byte[MIB + 2];
        Arrays.fill(wire, (byte) 'x');
        wire[MIB] = '\r';
        wire[MIB + 1] = '\n';
        for (Way way : Way.values()) {
            assertThat(readsOf(wire, way, Terminator.CRLF.unlimited(), 1)).isLessThanOrEqualTo(wire.length);
        }
        assertThat(frames).hasValue(Way.values().length);
    }

    @Test
    void repeatedlyHeldBytesAreScannedOnce() {
        byte[] wire = ("\r".repeat(20_000) + "\n").getBytes(ISO_8859_1);
        for (Way way : Way.values()) {
            assertThat(readsOf(wire, way, Terminator.CRLF, 1)).isLessThanOrEqualTo(wire.length);
            assertThat(readsOf(wire, way, Terminator.CRLF, 2)).isLessThanOrEqualTo(wire.length);
        }
    }

    @Test
    void longDelimiterThatNearlyMatchesIsScannedInLinearTime() {
        byte[] wire = "a".repeat(20_000).getBytes(ISO_8859_1);
        Delimiter delimiter = Terminator.delimiter("a".repeat(999) + "b").unlimited();
        for (Way way : Way.values()) {
            assertThat(readsOf(wire, way, delimiter, 1)).isLessThanOrEqualTo(wire.length);
            assertThat(readsOf(wire, way, delimiter, wire.length)).isLessThanOrEqualTo(wire.length);
        }
    }

    @Test
    void manyFramesInOneBufferAreScannedOnce() {
        byte[] wire = "ab\r\n".repeat(25_000).getBytes(ISO_8859_1);
        for (Way way : Way.values()) {
            assertThat(readsOf(wire, way, Terminator.CRLF, wire.length)).isLessThanOrEqualTo(wire.length);
        }
        assertThat(frames).hasValue(25_000L * Way.values().length);
    }

    private static Terminator.AnyDelimiter any(String... delimiters) {
        return Terminator.anyOf(
                Arrays.stream(delimiters).map(Terminator::delimiter).toArray(Delimiter[]::new));
    }

    /** Letters of which the delimiters are made, often in long runs. */
    private static byte[] wire(long seed) {
        Random random = new Random(seed);
        StringBuilder wire = new StringBuilder();
        while (wire.length() < 4000) {
            wire.append(String.valueOf("aaab\r\nc".charAt(random.nextInt(7))).repeat(1 + random.nextInt(50) / 40 * 45));
        }
        return wire.toString().getBytes(ISO_8859_1);
    }

    private long readsOf(byte[] wire, Way way, Terminator terminator, int mostBytes) {
        reads.set(0);
        EmbeddedChannel channel = new EmbeddedChannel();
        switch (way) {
            case WHOLE -> channel.pipeline().addLast(new TerminatorFrameDecoder(terminator), new Counter());
            case STREAMING -> channel.pipeline().addLast(TerminatorFrameDecoder.streaming(terminator), new Counter());
            case DIRECT -> channel.pipeline().addLast(new CountingHandler(terminator));
        }
        for (int from = 0; from < wire.length; from += mostBytes) {
            byte[] piece = Arrays.copyOfRange(wire, from, Math.min(wire.length, from + mostBytes));
            channel.pipeline().fireChannelRead(new CountingBuffer(piece, reads));
            channel.pipeline().fireChannelReadComplete();
        }
        channel.finishAndReleaseAll();
        return reads.get();
    }

    /** Goes on after frames that are too long. */
    private final class Counter extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof ByteBuf) {
                frames.incrementAndGet();
            }
            ReferenceCountUtil.release(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.fireUserEventTriggered(cause);
        }
    }

    private final class CountingHandler extends AsyncChatHandler {
        CountingHandler(Terminator terminator) {
            setTerminator(terminator);
        }

        @Override
        protected void collectIncomingData(ByteBuf data) {
            assertThat(data.isReadable()).isTrue();
        }

        @Override
        protected void foundTerminator() {
            frames.incrementAndGet();
        }

        @Override
        protected void handleError(Throwable cause) {
            // goes on
        }
    }
}
