package io.asynchat.testkit;

import static io.asynchat.testkit.EveryCutFailureTest.failureOf;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.DelimiterBasedFrameDecoder;
import io.netty.handler.codec.FixedLengthFrameDecoder;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@link EveryCut} finds in the frame decoders of Netty. Where it finds something, the test holds what it says; should
 * it fail with a later Netty, then that was mended.
 */
@ExtendWith(NoLeaks.class)
class NettyDecodersTest {

    private static final byte[] LINES = bytes("ab\r\nc\r\n\r\nlonger\r\n");
    private static final byte[] LENGTHS = bytes("\0\2ab\0\1c\0\0\0\6longer");

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }

    private static LineBasedFrameDecoder line(int limit) {
        return new LineBasedFrameDecoder(limit);
    }

    private static DelimiterBasedFrameDecoder delimiter(int limit) {
        return new DelimiterBasedFrameDecoder(limit, Unpooled.wrappedBuffer(bytes("\r\n")));
    }

    private static LengthFieldBasedFrameDecoder lengthField(int limit) {
        return new LengthFieldBasedFrameDecoder(limit, 0, 2, 0, 2);
    }

    static List<Arguments> decoders() {
        return List.of(
                decoder("line", LINES, () -> line(80), "ab", "c", "", "longer"),
                decoder("delimiter", LINES, () -> delimiter(80), "ab", "c", "", "longer"),
                decoder("length field", LENGTHS, () -> lengthField(80), "ab", "c", "", "longer"),
                decoder("fixed length", bytes("abcdefg"), () -> new FixedLengthFrameDecoder(2), "ab", "cd", "ef"));
    }

    private static Arguments decoder(String name, byte[] wire, Supplier<ChannelHandler> made, String... frames) {
        return Arguments.of(Named.of(name, made), wire, frames);
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void framesAreTheSameUnderEveryCutEndAndPause(Supplier<ChannelHandler> decoder, byte[] wire, String... frames) {
        EveryCut.of(wire)
                .through(decoder)
                .expecting(frames)
                .endingInputAnywhere()
                .pausingAnywhere()
                .agrees();
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void bytesBehindAReplacedDecoderAreNotLost(Supplier<ChannelHandler> decoder, byte[] wire, String... frames) {
        EveryCut.of(wire)
                .through(decoder)
                .expecting(frames)
                .switchingAnywhere(channel -> {
                    ChannelHandler first = channel.pipeline().get(decoder.get().getClass());
                    if (first != null) {
                        channel.pipeline().replace(first, "other", new FixedLengthFrameDecoder(1));
                    }
                })
                .agrees();
    }

    /** {@code ByteToMessageDecoder} goes on with what it holds: a user who closes on a bad frame is given the next one. */
    @ParameterizedTest
    @MethodSource("decoders")
    void decodersDeliverAfterAClose(Supplier<ChannelHandler> decoder, byte[] wire, String... frames) {
        assertThat(failureOf(EveryCut.of(wire).through(decoder).closingAnywhere()))
                .hasMessageContaining("in HEAP buffers, closing in callback 1:")
                .hasMessageContaining("  2  close                                             close\n")
                .hasMessageContaining("  >3  \"");
    }

    /** A line of just the limit is too long if its CR and its LF come in two reads. */
    @Test
    void lineDecoderCountsASplitDelimiterAgainstItsLimit() {
        assertThat(failureOf(EveryCut.of("xyz\r\nok\r\n", US_ASCII).through(() -> line(3))))
                .hasMessageContaining("wire, cut at 4, in HEAP buffers:\n  \"xyz\\r\" | \"\\n\"\n")
                .hasMessageContaining("TooLongFrameException: frame length (4) exceeds the allowed maximum (3)");
    }

    /** The exception ends the read, and what is held waits for the next one. */
    @Test
    void frameAfterOneThatIsTooLongWaitsForTheNextRead() {
        assertThat(failureOf(EveryCut.of("abcdef\r\nok\r\n", US_ASCII)
                        .through(() -> delimiter(3))
                        .ignoringExceptionMessages()))
                .hasMessageContaining("wire, cut at 4, in HEAP buffers:\n  \"abcd\" | \"ef\\r\\nok\\r\\n\"\n")
                .hasMessageContaining("  >2  -                                                 \"ok\"\n");
        assertThat(failureOf(EveryCut.of("\0\5abcde\0\2ok", US_ASCII)
                        .through(() -> lengthField(4))
                        .ignoringExceptionMessages()))
                .hasMessageContaining("wire, cut at 2, in HEAP buffers:")
                .hasMessageContaining("  >2  -                                                 \"ok\"\n");
    }

    /** How much had come when it was reported depends on the cut; what comes behind it does not. */
    @Test
    void lineDecoderSkipsALineThatIsTooLongUnderEveryCut() {
        EveryCut.of("abcdef\r\nok\r\n", US_ASCII)
                .through(() -> line(3))
                .ignoringExceptionMessages()
                .agrees();
    }
}
