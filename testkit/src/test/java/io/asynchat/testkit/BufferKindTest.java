package io.asynchat.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(NoLeaks.class)
class BufferKindTest {

    private static final byte[] WIRE = "one\r\ntwo\r\n".getBytes(US_ASCII);

    @ParameterizedTest
    @EnumSource
    void bufferHasTheBytesOfThePieceAndIsReleasedByItsReceiver(BufferKind kind) {
        for (int from = 0; from <= WIRE.length; from++) {
            for (int to = from; to <= WIRE.length; to++) {
                InputChunk piece = InputChunk.of(kind, WIRE, from, to);
                assertThat(piece.buffer().toString(US_ASCII)).isEqualTo(new String(WIRE, from, to - from, US_ASCII));
                piece.buffer().release();
                assertThat(piece.fault()).isNull();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HEAP", "DIRECT", "SHARED", "READ_ONLY", "COMPOSITE"})
    void guardBytesOfTheWireSurroundThePiece(BufferKind kind) {
        InputChunk piece = InputChunk.of(kind, WIRE, 3, 4);
        ByteBuf buffer = piece.buffer();

        assertThat(buffer.readerIndex()).isEqualTo(GuardBytes.SIZE);
        assertThat(buffer.capacity()).isGreaterThanOrEqualTo(2 * GuardBytes.SIZE + 1);
        byte[] after = ByteBufUtil.getBytes(buffer, buffer.writerIndex(), WIRE.length);
        byte[] before = ByteBufUtil.getBytes(buffer, 0, WIRE.length);
        assertThat(after).contains(WIRE);
        assertThat(before).contains(WIRE);
        buffer.release();
        assertThat(piece.fault()).isNull();
    }

    @Test
    void kindsHaveThePropertiesOfTheirNames() {
        look(BufferKind.HEAP, buffer -> assertThat(buffer.hasArray()).isTrue());
        look(BufferKind.DIRECT, buffer -> assertThat(buffer.isDirect()).isTrue());
        look(
                BufferKind.EXACTLY_FULL,
                buffer -> assertThat(buffer.maxWritableBytes()).isZero());
        look(BufferKind.SLICE, buffer -> {
            assertThat(buffer.arrayOffset()).isGreaterThanOrEqualTo(GuardBytes.SIZE);
            assertThat(buffer.maxWritableBytes()).isZero();
        });
        look(BufferKind.READ_ONLY, buffer -> {
            assertThat(buffer.isReadOnly()).isTrue();
            assertThat(buffer.hasArray()).isFalse();
        });
        look(BufferKind.COMPOSITE, buffer -> {
            assertThat(buffer.hasArray()).isFalse();
            assertThat(buffer.nioBuffers()).hasSize(5);
        });
    }

    @Test
    void sharedKindsHaveAReferenceCountOfTwo() {
        for (BufferKind kind : BufferKind.values()) {
            InputChunk piece = InputChunk.of(kind, WIRE, 0, 5);
            boolean shared = kind == BufferKind.SLICE || kind == BufferKind.SHARED;
            assertThat(piece.buffer().refCnt()).as(kind.name()).isEqualTo(shared ? 2 : 1);
            piece.buffer().release();
            assertThat(piece.fault()).isNull();
        }
    }

    @Test
    void mixedUsesAnotherKindForEachPiece() {
        InputChunk heap = InputChunk.of(BufferKind.MIXED, WIRE, 0, 1);
        InputChunk direct = InputChunk.of(BufferKind.MIXED, WIRE, 1, 2);

        assertThat(heap.buffer().hasArray()).isTrue();
        assertThat(direct.buffer().isDirect()).isTrue();
        for (InputChunk piece : List.of(heap, direct)) {
            piece.buffer().release();
            assertThat(piece.fault()).isNull();
        }
    }

    private static void look(BufferKind kind, Consumer<ByteBuf> at) {
        InputChunk piece = InputChunk.of(kind, WIRE, 0, 5);
        at.accept(piece.buffer());
        piece.buffer().release();
        assertThat(piece.fault()).isNull();
    }
}
