package io.asynchat;

import static io.asynchat.Terminator.CRLF;
import static io.asynchat.Terminator.LF;
import static io.asynchat.Terminator.length;
import static io.asynchat.Terminator.lengthPrefix;
import static io.asynchat.Terminator.none;
import static io.asynchat.Terminator.varintPrefix;
import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.TooLongFrameException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The limit that a terminator carries, and the exception that names it. */
@Tag("internal")
class TerminatorLimitTest {
    @Test
    void limitOfATerminatorIsItsOwnOrTheDefault() {
        for (Terminator terminator : List.of(LF, Terminator.LINE, length(5), varintPrefix(), none())) {
            assertThat(terminator.limitOr(7)).as("%s", terminator).isEqualTo(7);
        }
        assertThat(varintPrefix().atMost(0).limitOr(7)).isZero();
        assertThat(lengthPrefix(3, BIG_ENDIAN).unlimited().limitOr(7)).isEqualTo(Long.MAX_VALUE);
        assertThat(length(5).atMost(6).remaining(2).limitOr(7)).isEqualTo(6);
        assertThat(length(5).remaining(2)).isEqualTo(length(2));
    }

    @Test
    void tooLongFrameNamesTheOwnerOfTheLimit() {
        assertThat(new FrameTooLongException(CRLF.atMost(64), 64))
                .isInstanceOf(TooLongFrameException.class)
                .hasMessage("frame: longer than 64 bytes (limit of delimiter \"\\r\\n\")");
        assertThat(new FrameTooLongException(CRLF, 65_536))
                .hasMessage("frame: longer than 65536 bytes (the default limit; delimiter \"\\r\\n\" carries none)");
        assertThat(new FrameTooLongException(none(), 65_536))
                .hasMessage("frame: longer than 65536 bytes (the default limit; no terminator is set)");
        FrameTooLongException counted = new FrameTooLongException(length(65).atMost(64), 64);
        assertThat(counted).hasMessage("frame: longer than 64 bytes (limit of length 65)");
        assertThat(counted.terminator()).isEqualTo(length(65).atMost(64));
        assertThat(counted.limit()).isEqualTo(64);
    }
}
