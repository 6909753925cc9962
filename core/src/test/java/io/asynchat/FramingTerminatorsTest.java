package io.asynchat;

import static io.asynchat.Terminator.anyOf;
import static io.asynchat.Terminator.delimiter;
import static io.asynchat.Terminator.length;

import io.asynchat.RandomStream.Way;
import io.asynchat.testkit.NoLeaks;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each kind of terminator, each way out of the decoder, every cut, every kind of buffer. */
@ExtendWith(NoLeaks.class)
class FramingTerminatorsTest {
    @ParameterizedTest
    @EnumSource(Way.class)
    void lineFeedEndsFrames(Way way) {
        CutScript.of("one\n\ntwo\r\nthree", way, Terminator.LF).delivers(held(way, "one<end><end>two\r<end>", "three"));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void crlfEndsFrames(Way way) {
        CutScript.of("a\r\n\r\nb\rc\nd\r\r\n\r\n\re", way, Terminator.CRLF)
                .delivers(held(way, "a<end><end>b\rc\nd\r<end><end>", "\re"));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void blankLineThatOverlapsItselfEndsFrames(Way way) {
        CutScript.of("GET\r\nHost: x\r\n\r\n\r\n\r\r\n\r\na\r\n\n\r\n\r\n\r\n\r\n", way, Terminator.BLANK_LINE)
                .delivers("GET\r\nHost: x<end>\r\n\r<end>a\r\n\n<end><end>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void dotOnItsOwnLineEndsFrames(Way way) {
        CutScript.of("a\r\n.b\r\n..\r\n\r\n.\r\n.\r\n\r\n.\r\n", way, delimiter("\r\n.\r\n"))
                .delivers("a\r\n.b\r\n..\r\n<end>.\r\n<end>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void delimiterLongerThanAWordEndsFrames(Way way) {
        CutScript.of("x--boundary12--boundary123y--boundary-boundary123--boundary", way, delimiter("--boundary123"))
                .delivers(held(way, "x--boundary12<end>y--boundary-boundary123", ""));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void selfOverlappingDelimitersEndFrames(Way way) {
        CutScript.of("aaabaabab", way, delimiter("aab")).delivers(held(way, "a<end><end>", "ab"));
        CutScript.of("qqqqqqq", way, delimiter("qqq")).delivers("<end><end>");
        CutScript.of("abababacababac", way, delimiter("ababac")).delivers("ab<end><end>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void longFalsePrefixIsData(Way way) {
        String most = "a".repeat(11) + "b";
        CutScript.of("a".repeat(10) + "b" + "a".repeat(13) + "b" + most, way, delimiter(most))
                .delivers("a".repeat(10) + "b" + "aa<end><end>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void firstMatchToEndWinsAndTheLongestOfThose(Way way) {
        CutScript.of("a|b||c;d", way, anyOf(delimiter("|"), delimiter("||"), delimiter(";")))
                .delivers(held(way, "a<end by |>b<end by |><end by |>c<end by ;>", "d"));
        CutScript.of("a\r\nb\nc\r\r\n", way, anyOf(Terminator.LF, Terminator.CRLF))
                .delivers("a<end by \r\n>b<end by \n>c\r<end by \r\n>");
        CutScript.of("xabcdyabxbcz", way, anyOf(delimiter("abcd"), delimiter("bc"), delimiter("z")))
                .delivers("xa<end by bc>dyabx<end by bc><end by z>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void falsePrefixOfOneDelimiterLeadsToAnother(Way way) {
        CutScript.of("aababbaaababab", way, anyOf(delimiter("aabaa"), delimiter("abb"), delimiter("babab")))
                .delivers("aab<end by abb>aaa<end by babab>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void lengthsOfZeroOneAndMoreEndFrames(Way way) {
        CutScript.of("abcdefghijklm", way, length(1), length(0), length(0), length(5), length(2), length(100))
                .delivers(held(way, "a<end><end><end>bcdef<end>gh<end>", "ijklm"));
        CutScript.of("abcdef", way, length(0), length(6)).delivers("<end>abcdef<end>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void lengthServesOnceAndThenEverythingIsData(Way way) {
        CutScript.of("abc\r\ndef", way, length(2)).delivers("ab<end>c\r\ndef");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void everythingIsDataWithoutATerminator(Way way) {
        CutScript.of("any\r\nthing\0", way, Terminator.none()).delivers("any\r\nthing\0");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void terminatorsMayBeMixed(Way way) {
        CutScript.of(
                        "head: 1\r\n\r\r\n\r\n12345name|rest\r\n\r\nall\r\n|",
                        way,
                        Terminator.BLANK_LINE,
                        length(5),
                        delimiter("|"),
                        length(0),
                        Terminator.CRLF,
                        Terminator.CRLF,
                        Terminator.none())
                .delivers("head: 1\r\n\r<end>12345<end>name<end><end>rest<end><end>all\r\n|");
    }

    /** What has come, but has not ended, is delivered only where frames are not held until they are whole. */
    private static String held(Way way, String delivered, String begun) {
        return way == Way.WHOLE ? delivered.substring(0, delivered.lastIndexOf('>') + 1) : delivered + begun;
    }
}
