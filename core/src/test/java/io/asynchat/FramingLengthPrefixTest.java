package io.asynchat;

import static io.asynchat.Terminator.delimiter;
import static io.asynchat.Terminator.length;
import static io.asynchat.Terminator.lengthPrefix;
import static io.asynchat.Terminator.varintPrefix;
import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asynchat.RandomStream.Way;
import io.asynchat.Terminator.LengthPrefixed;
import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.Transcript;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Binary lengths before frames, as the protocols have them that use them: each output, every cut, every kind of buffer. */
@ExtendWith(NoLeaks.class)
class FramingLengthPrefixTest {
    private static final LengthPrefixed INT = lengthPrefix(4, BIG_ENDIAN);

    /** The prefix is set once and stays in force. */
    private static final class Frames extends AsyncChatHandler {
        private final Transcript transcript;

        Frames(Transcript transcript, Terminator terminator) {
            this.transcript = transcript;
            setTerminator(terminator);
        }

        @Override
        protected void foundTerminator() {
            transcript.frame(takeBytes());
        }
    }

    private static void assertFrames(String wire, Terminator terminator, String... frames) {
        EveryCut.of(wire, ISO_8859_1)
                .through(transcript -> new Frames(transcript, terminator))
                .expecting(transcript -> {
                    for (String frame : frames) {
                        transcript.frame(frame.getBytes(ISO_8859_1));
                    }
                })
                .closingAnywhere()
                .pausingAnywhere()
                .agrees();
    }

    @Test
    void kafkaRequestsAreFramesOf4BytesBigEndian() {
        assertFrames("\0\0\0\7\0\3\0\0\0\0\1\0\0\0\0\0\0\0\2\0\22", INT, "\0\3\0\0\0\0\1", "", "\0\22");
    }

    @Test
    void mySqlPacketsAreFramesOf3BytesLittleEndianAndASequenceNumber() {
        LengthPrefixed packets = lengthPrefix(3, LITTLE_ENDIAN).adjustedBy(1);
        assertFrames("\1\0\0\0\16\7\0\0\1SELECT \0\0\0\2", packets, "\0\16", "\1SELECT ", "\2");
    }

    @Test
    void protobufMessagesAreFramesOfAVarint() {
        String payload = "y".repeat(130);
        assertFrames(
                "\3\10\u0096\1\0\u0082\1" + payload + "\u0080\0\1z",
                varintPrefix(),
                "\10\u0096\1",
                "",
                payload,
                "",
                "z");
    }

    @Test
    void lengthMayCountItself() {
        LengthPrefixed records = lengthPrefix(2, BIG_ENDIAN).adjustedBy(-2);
        assertFrames("\0\5abc\0\2\0\3d", records, "abc", "", "d");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void framesOfEveryWidthAndOrderFollowEachOther(Way way) {
        CutScript.of(
                        "\2ab" + "\0\3cde" + "\1\0f" + "\0\0\2gh" + "\4\0\0ijkl" + "\0\0\0\1m" + "\2\0\0\0no"
                                + "\0\0\0\0\0\0\0\3pqr" + "\1\0\0\0\0\0\0\0s" + "\2tu",
                        way,
                        lengthPrefix(1, BIG_ENDIAN),
                        lengthPrefix(2, BIG_ENDIAN),
                        lengthPrefix(2, LITTLE_ENDIAN),
                        lengthPrefix(3, BIG_ENDIAN),
                        lengthPrefix(3, LITTLE_ENDIAN),
                        lengthPrefix(4, BIG_ENDIAN),
                        lengthPrefix(4, LITTLE_ENDIAN),
                        lengthPrefix(8, BIG_ENDIAN),
                        lengthPrefix(8, LITTLE_ENDIAN),
                        varintPrefix())
                .delivers("ab<end>cde<end>f<end>gh<end>ijkl<end>m<end>no<end>pqr<end>s<end>tu<end>");
    }

    /** Netty's issue 263: a handshake that ends with NUL, then lengths; a decoder that reads ahead loses the first. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void lineEndedByNulIsFollowedByLengthsOf4Bytes(Way way) {
        CutScript.of("hello server\0\0\0\0\5first\0\0\0\0\0\0\0\6second", way, delimiter("\0"), INT)
                .delivers("hello server<end>first<end><end>second<end>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void prefixGivesWayToDelimitersAndLengthsAndComesBack(Way way) {
        CutScript.of(
                        "\0\0\0\2abline\r\n\3cde12345\0\0\0\1\0|\0\0\0\1|rest|",
                        way,
                        INT,
                        Terminator.LINE,
                        varintPrefix(),
                        length(5),
                        INT,
                        delimiter("|"),
                        INT,
                        Terminator.none())
                .delivers("ab<end>line<end by \r\n>cde<end>12345<end>\0<end><end>|<end>rest|");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void announcedFrameAboveTheLimitIsRefusedBeforeItsFirstByteAndSkipped(Way way) {
        LengthPrefixed prefix = INT.atMost(5);
        CutScript.of("\0\0\0\5abcde\0\0\0\6abcdef\0\0\0\2ok", way, prefix).delivers("abcde<end><too long 5>ok<end>");
        CutScript.of("\0\0\0\6", way, prefix).delivers("<too long 5>");
        CutScript.of("\u00ff\u00ff\u00ff\u00ff", way, INT).delivers("<too long 65536>");
        CutScript.of("\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff", way, lengthPrefix(8, BIG_ENDIAN))
                .delivers("<too long 65536>");
        CutScript.of("\u00ff\u00ff\u00ff\u00ff\17", way, varintPrefix()).delivers("<too long 65536>");
        CutScript.of("\0\0\0\1a\0\0\0\0", way, INT.atMost(0)).delivers("<too long 0><end>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void announcedFrameAboveTheDefaultLimitPassesIfThePrefixSaysSo(Way way) {
        String body = "x".repeat(TerminatorFrameDecoder.DEFAULT_FRAME_LIMIT + 1);
        String wire = "\0\1\0\1" + body + "\0\0\0\1y";
        CutScript.of(wire, way, INT).delivers("<too long 65536>y<end>");
        CutScript.of(wire, way, INT.unlimited()).delivers(body + "<end>y<end>");
        CutScript.of(wire, way, INT.atMost(body.length())).delivers(body + "<end>y<end>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void terminatorSetWhileAnAnnouncedFrameIsSkippedGovernsTheBytesAfterIt(Way way) {
        CutScript.of("\0\0\0\6ab;def" + "g;h;", way, INT.atMost(5))
                .afterTooLong(delimiter(";"))
                .delivers("<too long 5>g<end>h<end>");
        CutScript.of("\0\0\0\6abcdef" + "\2gh", way, INT.atMost(5))
                .afterTooLong(varintPrefix())
                .delivers("<too long 5>gh<end>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void prefixCutOffByTheEndOfInputIsTruncatedAndItsBytesAreNoData(Way way) {
        String truncated = "<truncated " + INT + "><end of input>";
        CutScript.of("\0\0\0\3abc", way, INT).endingInput().delivers("abc<end><end of input>");
        CutScript.of("\0\0\0\3abc\0\0\0", way, INT).endingInput().delivers("abc<end>" + truncated);
        CutScript.of("\0\0\0\3", way, INT).endingInput().delivers(truncated);
        CutScript.of("\0\0\0\3ab", way, INT).endingInput().delivers("ab" + truncated);
        CutScript.of("a|\u0080", way, delimiter("|"), varintPrefix())
                .endingInput()
                .delivers("a<end><truncated varint length prefix><end of input>");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void skippedFrameCutOffByTheEndOfInputIsTruncated(Way way) {
        CutScript.of("\0\0\0\6abc", way, INT.atMost(5))
                .endingInput()
                .delivers("<too long 5><truncated " + INT.atMost(5) + "><end of input>");
    }
}
