package io.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads of a {@link ChatStream} give the same frames under every cut. */
@ExtendWith(NoLeaks.class)
class StreamReadCutTest {
    private static final Terminator SHORT = Terminator.lengthPrefix(2, ByteOrder.BIG_ENDIAN);
    private static final Terminator[] EACH_KIND = {
        Terminator.CRLF,
        Terminator.length(5),
        Terminator.delimiter(",").atMost(0),
        SHORT,
        Terminator.length(0),
        Terminator.anyOf(Terminator.delimiter(";"), Terminator.delimiter("..")),
        Terminator.varintPrefix(),
        Terminator.LINE
    };
    private static final String WIRE = "a\r\nb\r\nc\r,\0\2x\ny..\3zz\r\r\rq\r\n\nlast";

    private static EveryCut cut(String wire, Terminator... terminators) {
        return EveryCut.of(wire, ISO_8859_1).through(StreamReads.with(terminators));
    }

    @Test
    void eachReadNamesWhatEndsItsFrame() {
        cut(WIRE, EACH_KIND)
                .endingInput()
                .expecting(transcript -> {
                    transcript.event("a before 2");
                    transcript.event("b\r\nc\r");
                    transcript.event(" before 1");
                    transcript.event("x\n");
                    transcript.event("");
                    transcript.event("y before 2");
                    transcript.event("zz\r");
                    transcript.event("\r\rq before 2");
                    transcript.event(" before 1");
                    transcript.event("truncated last of " + Terminator.LINE);
                    transcript.event("end");
                })
                .agrees();
    }

    @Test
    void inputMayEndAnywhere() {
        cut(WIRE, EACH_KIND).endingInputAnywhere().agrees();
    }

    @Test
    void closeEndsTheReadsAnywhere() {
        cut(WIRE, EACH_KIND).closingAnywhere().agreesInBytes();
    }

    @Test
    void unendedReadTakesAllThatHasCome() {
        cut("3\r\nabcdefgh", Terminator.CRLF, Terminator.length(3), Terminator.none())
                .endingInput()
                .expecting(transcript -> {
                    transcript.event("3 before 2");
                    transcript.event("abc");
                    transcript.data("defgh".getBytes(ISO_8859_1));
                    transcript.event("end");
                })
                .agrees();
    }

    @Test
    void frameThatIsTooLongFailsOneReadAndIsSkipped() {
        cut(
                        "abcdef\r\nab\r\nabcdefgh",
                        Terminator.CRLF.atMost(3),
                        Terminator.CRLF.atMost(3),
                        Terminator.length(7).atMost(6),
                        Terminator.length(1))
                .endingInput()
                .expecting(transcript -> {
                    transcript.event("longer than 3");
                    transcript.event("ab before 2");
                    transcript.event("longer than 6");
                    transcript.event("h");
                    transcript.event("truncated  of " + Terminator.length(1));
                    transcript.event("end");
                })
                .agrees();
    }

    @Test
    void invalidPrefixFailsTheRead() {
        cut("\0\2a\0\0b", Terminator.lengthPrefix(2, ByteOrder.BIG_ENDIAN).adjustedBy(-1))
                .expecting(transcript -> {
                    transcript.event("a");
                    transcript.event("CorruptedFrameException");
                })
                .agrees();
    }

    /** Each time bytes come: the read is withdrawn, another kind of read begins and is withdrawn, and the first begins again. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void withdrawnReadLosesNoByte(int which) {
        Terminator decoy = switch (which) {
            case 0 -> Terminator.length(60_000);
            case 1 -> Terminator.delimiter("\r\nnever");
            case 2 -> Terminator.lengthPrefix(8, ByteOrder.LITTLE_ENDIAN).unlimited();
            case 3 -> Terminator.LINE.atMost(40);
            default -> Terminator.CRLF.unlimited();
        };
        EveryCut.of(WIRE, ISO_8859_1)
                .through((pipeline, transcript) -> {
                    StreamReads reads = new StreamReads(transcript, EACH_KIND);
                    pipeline.addLast(reads.handler(), new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelReadComplete(ChannelHandlerContext ctx) {
                            reads.withdrawAndReadAgain(decoy);
                            ctx.fireChannelReadComplete();
                        }
                    });
                })
                .endingInput()
                .agrees();
    }
}
