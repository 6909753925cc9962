package io.asynchat.internal.framing;

import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How much room the pieces of a frame are given when they are joined. */
@ExtendWith(NoLeaks.class)
class FrameAccumulatorRoomTest {
    private static final int SMALLEST = 512;
    private static final int LONGEST = 1 << 20;

    private final ByteBuf from = ByteBufAllocator.DEFAULT.heapBuffer(LONGEST).writeZero(LONGEST);
    private final FrameAccumulator accumulator = new FrameAccumulator();
    private final ByteBuf joined = append(100);

    private ByteBuf append(int length) {
        accumulator.append(from, 0, length, ByteBufAllocator.DEFAULT);
        return accumulator.bytes();
    }

    @AfterEach
    void release() {
        from.release();
        accumulator.drop();
        accumulator.trim();
    }

    @Test
    void exactFitNeedsNoMoreCapacity() {
        assertThat(joined.capacity()).isEqualTo(SMALLEST);

        append(SMALLEST - 100);

        assertThat(joined.capacity()).isEqualTo(SMALLEST);
        assertThat(joined.readableBytes()).isEqualTo(SMALLEST);
    }

    @Test
    void longPieceGrowsTheBufferToItsSize() {
        append(10_000);

        assertThat(joined.capacity()).isEqualTo(10_100);
    }

    @Test
    void shortPiecesDoubleTheCapacity() {
        Set<Integer> sizes = new HashSet<>();
        for (int piece = 0; piece < LONGEST / SMALLEST; piece++) {
            append(SMALLEST);
            sizes.add(joined.capacity());
        }

        assertThat(sizes).hasSizeLessThan(13);
    }
}
