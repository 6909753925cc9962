package io.asynchat;

import static io.asynchat.Terminator.LINE;
import static io.asynchat.Terminator.anyOf;
import static io.asynchat.Terminator.delimiter;
import static io.asynchat.Terminator.length;

import io.asynchat.RandomStream.Way;
import io.asynchat.testkit.NoLeaks;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lines that end in LF or CRLF, as {@link Terminator#LINE} and other pairs of that shape find them. */
@ExtendWith(NoLeaks.class)
class FramingLineTest {
    @ParameterizedTest
    @EnumSource(Way.class)
    void lineEndsMayBeMixed(Way way) {
        CutScript.of("one\r\ntwo\n\r\n\nthree\r\r\nfour\rfive\n", way, LINE)
                .delivers(
                        "one<end by \r\n>two<end by \n><end by \r\n><end by \n>three\r<end by \r\n>four\rfive<end by \n>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void linesOfManyLengthsAreFound(Way way) {
        StringBuilder wire = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (int length : new int[] {0, 1, 8, 24, 41}) {
            String end = length % 2 == 0 ? "\r\n" : "\n";
            String line = "x".repeat(length) + "\r".repeat(length % 3);
            wire.append(line).append(end);
            boolean joins = end.equals("\n") && line.endsWith("\r");
            expected.append(joins ? line.substring(0, line.length() - 1) : line)
                    .append(joins ? "<end by \r\n>" : "<end by " + end + ">");
        }
        CutScript.of(wire.toString(), way, LINE).delivers(expected.toString());
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void carriageReturnAtTheEndOfInputIsData(Way way) {
        CutScript.of("a\nb\r", way, LINE)
                .endingInput()
                .delivers("a<end by \n>b\r<truncated " + LINE + "><end of input>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void heldCarriageReturnCountsAgainstTheLimitOnlyAsData(Way way) {
        String streamed = way == Way.WHOLE ? "" : "abcd";
        CutScript.of("abcd\r\nabcd\n", way, LINE.atMost(4)).delivers("abcd<end by \r\n>abcd<end by \n>");
        CutScript.of("abcd\r\r\nok\n", way, LINE.atMost(4)).delivers(streamed + "<too long 4>ok<end by \n>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void heldCarriageReturnIsTheFirstByteOfWhatIsSetNext(Way way) {
        CutScript.of("a\n\rb\nc\r\n", way, LINE, length(2), LINE, LINE)
                .delivers("a<end by \n>\rb<end><end by \n>c<end by \r\n>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void otherTwoByteDelimitersAreFound(Way way) {
        CutScript.of("a;b|;c||;;", way, anyOf(delimiter("|;"), delimiter(";")))
                .delivers("a<end by ;>b<end by |;>c|<end by |;><end by ;>");
    }
}
