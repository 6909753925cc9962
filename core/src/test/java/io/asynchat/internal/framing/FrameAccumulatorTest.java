package io.asynchat.internal.framing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The collector by itself, with data that does not begin where its buffer does. */
@ExtendWith(NoLeaks.class)
class FrameAccumulatorTest {
    private static final ByteBufAllocator ALLOC = ByteBufAllocator.DEFAULT;

    private final FrameAccumulator collector = new FrameAccumulator();
    private final ByteBuf lent =
            ALLOC.buffer().writeBytes("xxxxab".getBytes(US_ASCII)).skipBytes(4);
    private final ByteBuf more = ALLOC.buffer().writeBytes("cd".getBytes(US_ASCII));

    @AfterEach
    void release() {
        collector.drop();
        collector.trim();
        lent.release();
        more.release();
    }

    private String text() {
        String text = collector.bytes().toString(collector.index(), collector.size(), US_ASCII);
        collector.drop();
        return text;
    }

    @Test
    void borrowedDataIsTakenFromItsStart() {
        collector.add(lent, true, 4, ALLOC);
        assertThat(text()).isEqualTo("ab");

        collector.add(lent, true, 4, ALLOC);
        assertThat(text()).isEqualTo("ab");
    }

    @Test
    void untakenBorrowedDataIsCopiedFromItsStart() {
        collector.add(lent, true, 4, ALLOC);

        collector.copyIfBorrowed(ALLOC);
        lent.setZero(0, lent.capacity());

        assertThat(text()).isEqualTo("ab");
    }

    @Test
    void laterDataIsAppendedAndTheLimitCountsBytes() {
        collector.add(lent, true, 4, ALLOC);
        collector.add(more, false, 4, ALLOC);

        assertThat(text()).isEqualTo("abcd");
        assertThat(lent.toString(US_ASCII)).isEqualTo("ab");
    }

    @Test
    void overflowIsKnownUntilItIsCleared() {
        assertThat(collector.isOverflowed()).isFalse();
        collector.add(lent, true, 3, ALLOC);
        assertThat(collector.add(more, false, 3, ALLOC)).isFalse();

        assertThat(collector.isOverflowed()).isTrue();
        collector.clearOverflow();
        assertThat(collector.isOverflowed()).isFalse();
        assertThat(text()).isEmpty();
    }

    @Test
    void dropLeavesBytesThatAreRetainedElsewhere() {
        collector.add(lent, false, 4, ALLOC);
        ByteBuf retained = collector.bytes().retain();

        collector.drop();
        collector.add(more, false, 4, ALLOC);

        assertThat(retained.toString(US_ASCII)).isEqualTo("ab");
        assertThat(text()).isEqualTo("cd");
        retained.release();
    }

    @Test
    void borrowedBytesAndAnOverflowAreUnsettled() {
        assertThat(collector.isUnsettled()).isFalse();
        collector.add(lent, true, 4, ALLOC);
        assertThat(collector.isUnsettled()).isTrue();
        collector.copyIfBorrowed(ALLOC);
        assertThat(collector.isUnsettled()).isFalse();

        collector.add(more, false, 3, ALLOC);
        assertThat(collector.isUnsettled()).isTrue();
        collector.clearOverflow();
        assertThat(collector.isUnsettled()).isFalse();
    }

    @Test
    void lastBytesAreTakenAndTheOthersDropped() {
        collector.add(lent, false, 4, ALLOC);
        collector.add(more, false, 4, ALLOC);

        ByteBuf last = collector.takeLast(3);

        assertThat(last.toString(US_ASCII)).isEqualTo("bcd");
        assertThat(collector.size()).isZero();
        last.release();
    }

    @Test
    void noLastBytesAreTakenAndTheBufferIsReleased() {
        collector.add(lent, false, 4, ALLOC);
        ByteBuf buffer = collector.bytes();

        assertThat(collector.takeLast(0)).isNull();

        assertThat(collector.size()).isZero();
        assertThat(buffer.refCnt()).isZero();
    }

    @Test
    void bufferThatIsTakenBackIsUsedForTheNextFrame() {
        collector.add(lent, false, 4, ALLOC);
        ByteBuf taken = collector.take();

        collector.reuse(taken);
        collector.add(more, false, 4, ALLOC);

        assertThat(collector.bytes()).isSameAs(taken);
        assertThat(text()).isEqualTo("cd");
    }

    @Test
    void bufferThatIsRetainedElsewhereIsNotUsedAgain() {
        collector.add(lent, false, 4, ALLOC);
        ByteBuf taken = collector.take().retain();

        collector.reuse(taken);
        collector.add(more, false, 4, ALLOC);

        assertThat(taken.refCnt()).isEqualTo(1);
        assertThat(taken.toString(US_ASCII)).isEqualTo("ab");
        taken.release();
    }

    @Test
    void bufferThatIsTakenBackIsReleasedIfAnotherIsInUse() {
        collector.add(lent, false, 4, ALLOC);
        ByteBuf taken = collector.take();
        collector.add(more, false, 4, ALLOC);

        collector.reuse(taken);

        assertThat(taken.refCnt()).isZero();
        assertThat(text()).isEqualTo("cd");
    }

    @Test
    void emptyBufferIsNotUsedAgain() {
        collector.reuse(collector.take());
        collector.add(lent, false, 4, ALLOC);

        assertThat(text()).isEqualTo("ab");
    }
}
