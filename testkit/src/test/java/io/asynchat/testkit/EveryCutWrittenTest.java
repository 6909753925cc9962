package io.asynchat.testkit;

import static io.asynchat.testkit.EveryCutFailureTest.failureOf;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.LineBasedFrameDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What handlers answer is right only if somebody said what is right. */
@ExtendWith(NoLeaks.class)
class EveryCutWrittenTest {

    private static EveryCut echo() {
        return EveryCut.of("a\u00e4", ISO_8859_1).through(() -> Broken.handler(ChannelHandlerContext::writeAndFlush));
    }

    /** Answers each line by one more than there were. */
    private static EveryCut miscounts() {
        return EveryCut.of("x\ny\n", US_ASCII).through((pipeline, transcript) -> {
            int[] lines = {1};
            pipeline.addLast(new LineBasedFrameDecoder(80), Broken.handler((ctx, line) -> {
                transcript.data(line);
                line.release();
                ctx.writeAndFlush(ctx.alloc().buffer(1).writeByte('0' + ++lines[0]));
            }));
        });
    }

    @Test
    void wrongReplyFailsOnlyWhenTheReplyIsExpected() {
        miscounts().agrees();

        assertThat(failureOf(miscounts().expectingWritten("12", US_ASCII)))
                .hasMessageContaining("""
                EveryCut: the run does not agree with what is expected

                wire, uncut, in HEAP buffers:
                  "x\\ny\\n"

                handlers: LineBasedFrameDecoder, Broken$1

                      expected received                                 actual received
                   1  data "xy"                                         data "xy"

                      expected written                                  actual written
                  >1  data "12"                                         data "23"
                """)
                .hasMessageContaining("                .expectingWritten(/* as in the failing test */)\n");
    }

    @Test
    void receivedAndWrittenAreExpectedSeparatelyOrTogether() {
        EveryCut counts = miscounts().expectingWritten("23", US_ASCII);
        counts.agrees();
        counts.expecting(transcript -> transcript.data("xy".getBytes(US_ASCII))).agrees();

        assertThat(failureOf(counts.expecting("x", "y"))).hasMessageContaining("  >1  \"x\"         ");
        assertThat(failureOf(miscounts()
                        .expecting(transcript -> transcript.data("xy".getBytes(US_ASCII)))
                        .expectingWritten("12", US_ASCII)))
                .hasMessageContaining("  >1  data \"12\"         ");
    }

    @Test
    void expectedTextIsEncodedInItsCharset() {
        echo().expectingWritten("a\u00e4", ISO_8859_1).agrees();
        echo().expectingWritten(new byte[] {'a', (byte) 0xe4}).agrees();

        assertThat(failureOf(echo().expectingWritten("a\u00e4", UTF_8)))
                .hasMessageContaining("  >1  data \"a\\xc3\\xa4\"");
    }

    @Test
    void emptyOutputCanBeExpected() {
        EveryCut.of("abc", US_ASCII)
                .through(() -> Broken.handler((ctx, piece) -> piece.release()))
                .expectingWritten(new byte[0])
                .agrees();

        assertThat(failureOf(echo().expectingWritten("", US_ASCII))).hasMessageContaining("  >1  -      ");
    }

    @Test
    void agreesInBytesComparesTheWrittenBytesToo() {
        assertThatThrownBy(() -> miscounts().expectingWritten("12", US_ASCII).agreesInBytes())
                .hasMessageContaining("does not agree with what is expected")
                .hasMessageContaining(".agreesInBytes();");
        miscounts().expectingWritten("23", US_ASCII).agreesInBytes();
    }
}
