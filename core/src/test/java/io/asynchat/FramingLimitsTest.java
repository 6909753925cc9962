package io.asynchat;

import static io.asynchat.Terminator.CRLF;
import static io.asynchat.Terminator.anyOf;
import static io.asynchat.Terminator.delimiter;
import static io.asynchat.Terminator.length;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.RandomStream.Way;
import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.TooLongFrameException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Frames that are too long: reported once, the same under every cut, and skipped. */
@ExtendWith(NoLeaks.class)
class FramingLimitsTest {
    @ParameterizedTest
    @EnumSource(Way.class)
    void frameOfTheLimitPassesAndOneByteMoreIsTooLong(Way way) {
        CutScript.of("abcde\r\nabcdef\r\nok\r\n", way, CRLF.atMost(5))
                .delivers("abcde<end>" + streamed(way, "abcde") + "<too long 5>ok<end>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void delimiterDoesNotCountAgainstTheLimit(Way way) {
        CutScript.of("abcd\r\r\nabcde\r\n", way, CRLF.atMost(5)).delivers("abcd\r<end>abcde<end>");
        CutScript.of("abcde\r\r\nx\r\n", way, CRLF.atMost(5)).delivers(streamed(way, "abcde") + "<too long 5>x<end>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void heldPrefixThatProvesFalseMayCrossTheLimit(Way way) {
        CutScript.of("aaaac.aaab", way, delimiter("aaab").atMost(2)).delivers(streamed(way, "aa") + "<too long 2>");
        CutScript.of("xaaaab.aaab", way, delimiter("aaab").atMost(1))
                .delivers(streamed(way, "x") + "<too long 1>.<end>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void limitOfZeroAllowsEmptyFrames(Way way) {
        CutScript.of("\r\n\r\nx\r\n\r\n", way, CRLF.atMost(0)).delivers("<end><end><too long 0><end>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void setOfDelimitersHasOneLimit(Way way) {
        CutScript.of(
                        "abc|abcd;ab;",
                        way,
                        anyOf(delimiter("|").atMost(1), delimiter(";").unlimited())
                                .atMost(3))
                .delivers("abc<end by |>" + streamed(way, "abc") + "<too long 3>ab<end by ;>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void terminatorWithoutALimitUsesTheDecoders(Way way) {
        String most = "x".repeat(TerminatorFrameDecoder.DEFAULT_FRAME_LIMIT);
        CutScript.of(most + "|" + most + "y|z|", way, delimiter("|"))
                .delivers(most + "<end>" + streamed(way, most) + "<too long 65536>z<end>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void unlimitedTerminatorHasNoLimit(Way way) {
        String more = "x".repeat(TerminatorFrameDecoder.DEFAULT_FRAME_LIMIT + 1);
        CutScript.of(more + "|", way, delimiter("|").unlimited()).delivers(more + "<end>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void lengthAboveItsLimitIsRefusedBeforeItsFirstByteAndSkipped(Way way) {
        CutScript.of("a|12345x|y", way, delimiter("|"), length(5).atMost(4), delimiter("|"))
                .delivers("a<end><too long 4>x|y");
        CutScript.of("a|", way, delimiter("|"), length(5).atMost(4)).delivers("a<end><too long 4>");
        CutScript.of("a|12345", way, delimiter("|"), length(5).atMost(5)).delivers("a<end>12345<end>");
        CutScript.of("a|12345x|y", way, delimiter("|"), length(5).atMost(4))
                .afterTooLong(delimiter("|"))
                .delivers("a<end><too long 4>x<end>" + streamed(way, "y"));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void lengthAboveTheDefaultLimitIsRefusedUnlessItHasItsOwn(Way way) {
        int length = TerminatorFrameDecoder.DEFAULT_FRAME_LIMIT + 1;
        String body = "x".repeat(length);
        CutScript.of("a|" + body + "rest", way, delimiter("|"), length(length)).delivers("a<end><too long 65536>rest");
        CutScript.of("a|" + body + "rest", way, delimiter("|"), length(length).unlimited())
                .delivers("a<end>" + body + "<end>rest");
        CutScript.of("a|" + body + "rest", way, delimiter("|"), length(length).atMost(length))
                .delivers("a<end>" + body + "<end>rest");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void terminatorSetWhileSkippingGovernsTheBytesAfterTheFrame(Way way) {
        CutScript.of("abcdef;g\r\nh;\r\ni;", way, CRLF.atMost(5))
                .afterTooLong(delimiter(";"))
                .delivers(streamed(way, "abcde") + "<too long 5>h<end>\r\ni<end>");
        CutScript.of("abcdef\r\nghij", way, CRLF.atMost(5))
                .afterTooLong(length(3))
                .delivers(streamed(way, "abcde") + "<too long 5>ghi<end>j");
        CutScript.of("abcdef\r\n", way, CRLF.atMost(5))
                .afterTooLong(length(0))
                .delivers(streamed(way, "abcde") + "<too long 5><end>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void skippedFrameIsTruncatedAtTheEndOfInput(Way way) {
        CutScript.of("abcdef\r", way, CRLF.atMost(5))
                .endingInput()
                .delivers(streamed(way, "abcde") + "<too long 5>"
                        + "<truncated delimiter \"\\r\\n\", at most 5 bytes><end of input>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void heldPrefixAtTheEndOfInputMayExceedTheLimit(Way way) {
        CutScript.of("abcde\r", way, CRLF.atMost(5))
                .endingInput()
                .delivers(streamed(way, "abcde") + "<too long 5>"
                        + "<truncated delimiter \"\\r\\n\", at most 5 bytes><end of input>");
    }

    @Test
    void limitThatIsRaisedInTheCallbackThatSetALengthCounts() {
        EveryCut.of("a|12345b", ISO_8859_1)
                .through((pipeline, transcript) -> pipeline.addLast(new AsyncChatHandler() {
                    {
                        setTerminator(delimiter("|"));
                        setFrameLimit(4);
                    }

                    @Override
                    protected void foundTerminator() {
                        transcript.event(takeText(ISO_8859_1));
                        setTerminator(length(5));
                        setFrameLimit(5);
                    }
                }))
                .expecting(transcript -> {
                    transcript.event("a");
                    transcript.event("12345");
                })
                .agrees();
    }

    @Test
    void limitThatIsLoweredBelowWhatIsBeingCollectedIsReportedAtOnce() {
        RecordingHandler handler = new RecordingHandler(delimiter("|"));
        handler.on("data", () -> handler.setFrameLimit(4));
        handler.on("error", () -> {}); // it goes on
        EmbeddedChannel channel = new EmbeddedChannel(handler);

        EmbeddedInput.receive(channel, "abcde");

        assertThat(handler.events).containsExactly("connect", "abcde", "error");
        assertThat(handler.errors).hasOnlyElementsOfType(TooLongFrameException.class);
        EmbeddedInput.receive(channel, "f|g|");
        assertThat(handler.events).endsWith("error", "g", "found");
        channel.finishAndReleaseAll();
    }

    private static String streamed(Way way, String begun) {
        return way == Way.WHOLE ? "" : begun;
    }
}
