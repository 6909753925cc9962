package io.asynchat.testkit;

import static io.asynchat.testkit.EveryCutFailureTest.failureOf;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.parsetools.RecordParser;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What {@link EveryCut} finds in Vert.x's {@code RecordParser}, which is no handler: a shim of a few lines makes it one.
 * Where it finds something, the test holds what it says; should it fail with a later Vert.x, then that was mended.
 */
@ExtendWith(NoLeaks.class)
class VertxRecordParserTest {

    /** Feeds a parser, and writes down its records and what it says of errors. */
    private static final class Shim extends ChannelInboundHandlerAdapter {
        private final RecordParser parser;

        Shim(Transcript transcript, RecordParser parser, BiConsumer<RecordParser, Buffer> onRecord) {
            this.parser = parser;
            parser.exceptionHandler(error -> transcript.event("error: " + error.getMessage()));
            parser.handler(record -> {
                transcript.frame(record.getBytes());
                onRecord.accept(parser, record);
            });
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            byte[] bytes = ByteBufUtil.getBytes((ByteBuf) message);
            ((ByteBuf) message).release();
            parser.handle(Buffer.buffer(bytes));
        }
    }

    private static EveryCut lines(String wire, int limit, BiConsumer<RecordParser, Buffer> onRecord) {
        return EveryCut.of(wire, US_ASCII)
                .through(transcript ->
                        new Shim(transcript, RecordParser.newDelimited("\r\n").maxRecordSize(limit), onRecord));
    }

    private static EveryCut lines(String wire, int limit) {
        return lines(wire, limit, (parser, record) -> {});
    }

    @Test
    void linesAreTheSameUnderEveryCut() {
        lines("\r\r\na\r\r\n\r\nlonger\r\n", 80)
                .expecting("\r", "a\r", "", "longer")
                .agrees();
    }

    @Test
    void switchToALengthGovernsTheNextByteUnderEveryCut() {
        lines("3\r\na\r\n1\r\nb", 80, Netstrings::next)
                .expecting("3", "a\r\n", "1", "b")
                .agrees();
    }

    /** A length, then as many bytes, as those write a protocol who use the parser. */
    private static final class Netstrings {
        static void next(RecordParser parser, Buffer record) {
            String text = record.toString(US_ASCII);
            if (text.matches("[0-9]")) {
                parser.fixedSizeMode(Integer.parseInt(text));
            } else {
                parser.delimitedMode("\r\n");
            }
        }
    }

    /** There is no record of length 0: the caller must take that case apart. */
    @Test
    void lengthOfZeroIsRejected() {
        assertThat(failureOf(lines("0\r\n1\r\na", 80, Netstrings::next).expecting("0", "", "1", "a")))
                .hasMessageContaining("IllegalArgumentException: Size must be > 0");
    }

    /** A line of just the limit is too long if its CR and its LF come in two reads; and is delivered all the same. */
    @Test
    void limitCountsASplitDelimiter() {
        assertThat(failureOf(lines("xyz\r\nok\r\n", 3)))
                .hasMessageContaining("wire, cut at 4, in HEAP buffers:\n  \"xyz\\r\" | \"\\n\"\n")
                .hasMessageContaining("error: The current record is too long");
    }

    /** It is reported again with each read. */
    @Test
    void recordThatIsTooLongIsReportedOnEveryRead() {
        assertThat(failureOf(lines("abcdef\r\nok\r\n", 3)))
                .hasMessageContaining("wire, cut at 4, in HEAP buffers:\n  \"abcd\" | \"e\"\n")
                .hasMessageContaining(
                        "  >2  -                                                 error: The current record");
    }
}
