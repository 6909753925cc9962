package io.asynchat.testkit;

import static io.asynchat.testkit.EveryCutFailureTest.failureOf;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.DefaultByteBufHolder;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What counts as the same outcome, and what does not. */
@ExtendWith(NoLeaks.class)
class EveryCutAgreementTest {

    @Test
    void piecesOfAFrameAgreeWhenRecordedAsData() {
        EveryCut stream =
                EveryCut.of("abc", US_ASCII).through(() -> Broken.handler((ctx, piece) -> ctx.fireChannelRead(piece)));

        assertThat(failureOf(stream)).hasMessageContaining("wire, cut at 1, in HEAP buffers");
        stream.agreesInBytes();
        stream.messagesAs((transcript, piece) -> transcript.data((ByteBuf) piece))
                .expecting(transcript -> transcript.data("abc".getBytes(US_ASCII)))
                .agrees();
    }

    @Test
    void lostRepeatedOrReorderedByteIsFoundByAgreesInBytes() {
        EveryCut losesTheFirst = EveryCut.of("abc", US_ASCII)
                .through(() -> Broken.handler((ctx, piece) -> {
                    if (piece.isReadable()) {
                        piece.skipBytes(1);
                    }
                    ctx.fireChannelRead(piece);
                }));

        assertThatThrownBy(losesTheFirst::agreesInBytes)
                .hasMessageContaining("wire, cut at 1, in HEAP buffers")
                .hasMessageContaining(".agreesInBytes();");
    }

    @Test
    void agreesInBytesAcceptsAnEarlierEndAfterAClose() {
        EveryCut closesOnTheFirstPiece = EveryCut.of("abc", US_ASCII)
                .through(() -> Broken.handler((ctx, piece) -> {
                    ctx.fireChannelRead(piece);
                    ctx.close();
                }));

        closesOnTheFirstPiece.agreesInBytes();
        assertThat(failureOf(closesOnTheFirstPiece)).hasMessageContaining("wire, cut at 1");
    }

    @Test
    void byteBufHolderIsRecordedAsItsClassAndBytes() {
        EveryCut.of("x", US_ASCII)
                .through(() -> Broken.handler((ctx, piece) -> ctx.fireChannelRead(new DefaultByteBufHolder(piece))))
                .expecting(transcript -> transcript.message(new DefaultByteBufHolder(held("x"))))
                .onlyCutAt(BufferKind.DIRECT)
                .agrees();
    }

    private static ByteBuf held(String text) {
        return Unpooled.copiedBuffer(text, US_ASCII);
    }

    @Test
    void objectWithoutToStringIsRecordedAsItsClass() {
        EveryCut.of("x", US_ASCII)
                .through(() -> Broken.handler((ctx, piece) -> {
                    piece.release();
                    ctx.fireChannelRead(new NoText());
                    ctx.fireUserEventTriggered(new NoText());
                }))
                .expecting(transcript -> {
                    transcript.event("EveryCutAgreementTest$NoText");
                    transcript.event("user event EveryCutAgreementTest$NoText");
                })
                .onlyCutAt(BufferKind.HEAP)
                .agrees();
    }

    private static final class NoText {}

    @Test
    void exceptionsAreComparedWithTheirMessageUnlessIgnored() {
        EveryCut tooLong = EveryCut.of("12345\r\nok\r\n", US_ASCII).through(() -> new LineBasedFrameDecoder(3));

        assertThat(failureOf(tooLong))
                .hasMessageContaining("TooLongFrameException: frame length (5) exceeds the allowed maximum (3)")
                .hasMessageContaining("TooLongFrameException: frame length (");
        tooLong.ignoringExceptionMessages()
                .expecting(transcript -> {
                    transcript.event("TooLongFrameException");
                    transcript.message(held("ok"));
                })
                .agrees();
    }

    @Test
    void closedChannelIsNotReadAndTimeStandsStill() {
        EveryCut.of("abc", US_ASCII)
                .through(transcript -> Broken.handler((ctx, piece) -> {
                    if (piece.isReadable()) {
                        transcript.event("first byte " + piece.readByte());
                        ctx.close();
                    }
                    piece.release();
                    ctx.executor().schedule(() -> transcript.event("late"), 1, TimeUnit.NANOSECONDS);
                }))
                .expecting(transcript -> {
                    transcript.event("first byte 97");
                    transcript.event("close");
                })
                .agrees();
    }
}
