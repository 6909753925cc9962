package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.TooLongFrameException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The collector by itself, with data that does not begin where its buffer does. */
@ExtendWith(NoLeaks.class)
class CollectorStateTest {
    private static final ByteBufAllocator ALLOC = ByteBufAllocator.DEFAULT;

    private final Collector collector = new Collector();
    private final ByteBuf lent =
            ALLOC.buffer().writeBytes("xxxxab".getBytes(US_ASCII)).skipBytes(4);
    private final ByteBuf more = ALLOC.buffer().writeBytes("cd".getBytes(US_ASCII));

    @AfterEach
    void release() {
        collector.drop();
        lent.release();
        more.release();
    }

    @Test
    void whatIsLentIsTakenFromWhereItBegins() {
        collector.add(lent, true, 4, ALLOC);
        assertThat(collector.takeText(US_ASCII)).isEqualTo("ab");

        collector.add(lent, true, 4, ALLOC);
        assertThat(collector.takeBytes()).isEqualTo("ab".getBytes(US_ASCII));
    }

    @Test
    void whatIsLentAndNotTakenIsCopiedFromWhereItBegins() {
        collector.add(lent, true, 4, ALLOC);
        assertThat(collector.isBorrowing()).isTrue();

        collector.settle(ALLOC);
        lent.setZero(0, lent.capacity());

        assertThat(collector.isBorrowing()).isFalse();
        assertThat(collector.takeText(US_ASCII)).isEqualTo("ab");
    }

    @Test
    void whatComesAfterItIsAddedToACopyAndTheLimitCountsBytesNotIndexes() {
        collector.add(lent, true, 4, ALLOC);
        collector.add(more, false, 4, ALLOC);

        assertThat(collector.takeText(US_ASCII)).isEqualTo("abcd");
        assertThat(lent.toString(US_ASCII)).isEqualTo("ab");
    }

    @Test
    void anExcessIsTellableUntilItIsAskedFor() {
        assertThat(collector.isOverflowed()).isFalse();
        collector.add(lent, true, 3, ALLOC);
        assertThatThrownBy(() -> collector.add(more, false, 3, ALLOC)).isInstanceOf(TooLongFrameException.class);

        assertThat(collector.isOverflowed()).isTrue();
        assertThat(collector.wasOverflowed()).isTrue();
        assertThat(collector.isOverflowed()).isFalse();
        assertThat(collector.takeText(US_ASCII)).isEmpty();
    }
}
