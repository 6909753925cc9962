package io.asynchat.testkit;

import static io.asynchat.testkit.EveryCutFailureTest.failureOf;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Handlers that treat the buffers which they get in a way that no protocol allows. */
@ExtendWith(NoLeaks.class)
class EveryCutBufferTest {

    @Test
    void writeIntoSharedMemoryIsFound() {
        EveryCut upperCase = EveryCut.of("abc", US_ASCII)
                .through(() -> Broken.handler((ctx, piece) -> {
                    if (!piece.isReadOnly()) {
                        piece.setByte(piece.readerIndex(), 'A');
                    }
                    piece.release();
                }));

        assertThat(failureOf(upperCase))
                .hasMessageContaining(
                        "the buffer with bytes 0 to 1 was written into (its bytes changed, and it has another owner")
                .hasMessageContaining("wire, uncut, in SLICE buffers:\n  \"a\"");
    }

    @Test
    void handlerThatKeepsItsInputIsFound() {
        EveryCut keeper = EveryCut.of("abc", US_ASCII)
                .through(Broken.KeepsDataPastTheEnd::new)
                .disconnecting();

        assertThat(failureOf(keeper))
                .hasMessageContaining(
                        "the buffer with bytes 0 to 1 was not released (reference count 0 expected, but it is 1)")
                .hasMessageContaining("                .disconnecting()\n");
    }

    @Test
    void leakOfAHandlersOwnBufferNamesTheLineOfItsAllocation() {
        EveryCut leaker = EveryCut.of("abc", US_ASCII).through(Broken.LeaksItsOwnBuffer::new);

        assertThat(failureOf(leaker)).hasMessageContaining("was not released");
        EveryCut hidden = EveryCut.of("abc", US_ASCII)
                .through(() -> Broken.handler((ctx, piece) -> {
                    ctx.alloc().buffer().writeByte(1);
                    piece.release();
                }));
        assertThat(failureOf(hidden))
                .hasMessageContaining("1 buffer was not released\n  allocated at "
                        + getClass().getName() + ".lambda$");
    }

    @Test
    void doubleReleaseIsFound() {
        EveryCut given = EveryCut.of("abc", US_ASCII)
                .through(() -> Broken.handler((ctx, piece) -> {
                    piece.release();
                    piece.release();
                }));
        EveryCut shared = EveryCut.of("abc", US_ASCII)
                .through(() -> Broken.handler((ctx, piece) -> piece.release(piece.refCnt())));

        assertThat(failureOf(given))
                .hasMessageContaining("a handler threw io.netty.util.IllegalReferenceCountException");
        assertThat(failureOf(shared)).hasMessageContaining("was released once too often");
    }

    @Test
    void releaseOfAWrittenBufferIsFound() {
        EveryCut echo = EveryCut.of("abc", US_ASCII)
                .through(() -> Broken.handler((ctx, piece) -> {
                    ctx.writeAndFlush(piece);
                    piece.release();
                }));

        assertThat(failureOf(echo))
                .hasMessageContaining("a handler threw io.netty.util.IllegalReferenceCountException");
    }

    @Test
    void readPastTheWriterIndexIsFound() {
        EveryCut peeks = EveryCut.of("a\r\nb\r\n", US_ASCII)
                .through(() -> Broken.handler((ctx, piece) -> {
                    int end = piece.writerIndex();
                    boolean line =
                            piece.capacity() > end && piece.getByte(end - 1) == '\r' && piece.getByte(end) == '\n';
                    ctx.fireChannelRead(line ? "line" : "no line");
                    piece.release();
                }));

        assertThat(failureOf(peeks.messagesAs((transcript, message) -> {
                    if (message.equals("line")) {
                        transcript.message(message);
                    }
                })))
                .hasMessageContaining("wire, cut at 2, in DIRECT buffers");
    }

    @Test
    void readFromIndexZeroIsFound() {
        EveryCut fromZero = EveryCut.of("abc", US_ASCII)
                .through(transcript -> Broken.handler((ctx, piece) -> {
                    transcript.data(ByteBufUtil.getBytes(piece, 0, piece.readableBytes()));
                    piece.release();
                }));

        assertThat(failureOf(fromZero.expecting(transcript -> transcript.data("abc".getBytes(US_ASCII)))))
                .hasMessageContaining("does not agree with what is expected");
    }

    @Test
    void useOfTheWholeArrayIsFound() {
        EveryCut array = EveryCut.of("abc", US_ASCII)
                .through(transcript -> Broken.handler((ctx, piece) -> {
                    int from = piece.hasArray() ? piece.arrayOffset() : 0;
                    transcript.data(
                            piece.hasArray()
                                    ? Arrays.copyOfRange(piece.array(), from, from + piece.capacity())
                                    : ByteBufUtil.getBytes(piece));
                    piece.release();
                }));

        assertThat(failureOf(array.expecting(transcript -> transcript.data("abc".getBytes(US_ASCII)))))
                .hasMessageContaining("wire, uncut, in HEAP buffers");
    }
}
