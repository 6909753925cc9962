package io.asynchat.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.util.ReferenceCountUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every handler here is broken on purpose, and must be caught. */
@ExtendWith(NoLeaks.class)
class EveryCutFailureTest {

    @Test
    void failureNamesTheSmallestCutOfASplitDelimiter() {
        int line = new Throwable().getStackTrace()[0].getLineNumber() + 1;
        EveryCut lines = EveryCut.of("ab\r\ncd\r\n", US_ASCII).through(Broken.ForgetsASplitDelimiter::new);

        assertThat(failureOf(lines)).hasMessage("""
                EveryCut: the run does not agree with the uncut run

                wire, cut at 3, in HEAP buffers:
                  "ab\\r" | "\\n"

                handlers: Broken$ForgetsASplitDelimiter

                      expected received                                 actual received
                  >1  ab                                                -

                To repeat just this:

                    @Test
                    void agreesWhenCutAt3() {
                        byte[] wire = "ab\\r\\n".getBytes(StandardCharsets.ISO_8859_1);
                        EveryCut.of(wire)
                                .through(/* the handlers of EveryCutFailureTest.java:%d */)
                                .onlyCutAt(BufferKind.HEAP, 3)
                                .agrees();
                    }
                """.formatted(line));
    }

    @Test
    void printedTestFailsInTheSameWay() {
        byte[] wire = "ab\r\n".getBytes(US_ASCII);
        EveryCut printed =
                EveryCut.of(wire).through(Broken.ForgetsASplitDelimiter::new).onlyCutAt(BufferKind.HEAP, 3);

        assertThat(failureOf(printed)).hasMessageContaining("wire, cut at 3, in HEAP buffers:");
        EveryCut.of(wire)
                .through(Broken.ForgetsASplitDelimiter::new)
                .onlyCutAt(BufferKind.HEAP, 2)
                .agrees();
    }

    @Test
    void faultThatNeedsTwoCutsIsShownWithTwo() {
        EveryCut pairs = EveryCut.of("xxabcxx", US_ASCII).through(Broken.ForgetsADelimiterInThreePieces::new);

        assertThat(failureOf(pairs))
                .hasMessageContaining("wire, cut at 3, 4, in HEAP buffers:\n  \"xxa\" | \"b\" | \"c\"\n")
                .hasMessageContaining("void agreesWhenCutAt3And4()")
                .hasMessageContaining(".onlyCutAt(BufferKind.HEAP, 3, 4)");
    }

    @Test
    void longWireFindsAFaultOfTwoCutsByteByByteAndShrinksIt() {
        EveryCut longWire =
                EveryCut.of("x".repeat(300) + "abc", US_ASCII).through(Broken.ForgetsADelimiterInThreePieces::new);

        assertThat(failureOf(longWire)).hasMessageContaining("wire, cut at 301, 302, in HEAP buffers:");
    }

    @Test
    void handlerThatContinuesAfterItsCloseIsFound() {
        EveryCut afterClose = EveryCut.of("x|y", US_ASCII)
                .through(transcript -> Broken.handler((ctx, piece) -> {
                    while (piece.isReadable()) {
                        byte b = piece.readByte();
                        transcript.event("byte " + b);
                        if (b == '|') {
                            ctx.close();
                        }
                    }
                    piece.release();
                }));

        assertThat(failureOf(afterClose))
                .hasMessageContaining("wire, cut at 2, in HEAP buffers")
                .hasMessageContaining("""
                           3  close                                             close
                          >4  byte 121                                          -
                        """);
    }

    @Test
    void assertionErrorInsideAHandlerIsNotAnEvent() {
        EveryCut asserts = EveryCut.of("x", US_ASCII)
                .through(() -> Broken.handler((ctx, piece) -> {
                    ReferenceCountUtil.release(piece);
                    throw new AssertionError("seen by nobody");
                }));

        AssertionError failure = failureOf(asserts);
        assertThat(failure).hasMessageContaining("a handler threw java.lang.AssertionError: seen by nobody");
        assertThat(failure.getSuppressed())
                .singleElement()
                .satisfies(thrown -> assertThat(thrown).hasMessage("seen by nobody"));
    }

    @Test
    void differenceFarIntoLongDataIsShown() {
        EveryCut drops = EveryCut.of("x".repeat(3000) + "y", US_ASCII)
                .through(transcript -> Broken.handler((ctx, piece) -> {
                    transcript.data(piece);
                    piece.release();
                }));

        assertThat(failureOf(drops.expecting(transcript -> transcript.data(bytes("x".repeat(3000) + "z")))))
                .hasMessageContaining("data (from byte 2960) \"" + "x".repeat(40) + "z\"")
                .hasMessageContaining("data (from byte 2960) \"" + "x".repeat(40) + "y\"");
    }

    @Test
    void invalidSettingsAreRejected() {
        EveryCut one = EveryCut.of("abc", US_ASCII);

        assertThatThrownBy(one::agrees)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("handlers: none (expected: through(...) before agrees())");
        assertThatThrownBy(() -> one.pairsUpTo(-1)).hasMessage("pairsUpTo: -1 (expected: >= 0)");
        assertThatThrownBy(() -> one.randomCuts(1, -1)).hasMessage("runs: -1 (expected: >= 0)");
        one.through(Broken.ForgetsASplitDelimiter::new);
        assertThatThrownBy(() -> one.onlyCutAt(BufferKind.HEAP, 2, 1).agrees())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cuts: [2, 1] (expected: ascending, from 0 to 3)");
        assertThatThrownBy(() -> one.onlyCutAt(BufferKind.HEAP, 4).agrees())
                .hasMessage("cuts: [4] (expected: ascending, from 0 to 3)");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }

    static AssertionError failureOf(EveryCut cuts) {
        AssertionError failure = catchThrowableOfType(AssertionError.class, cuts::agrees);
        assertThat(failure).as("a failure").isNotNull();
        return failure;
    }
}
