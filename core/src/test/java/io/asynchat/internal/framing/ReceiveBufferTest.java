package io.asynchat.internal.framing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("internal")
@ExtendWith(NoLeaks.class)
class ReceiveBufferTest {
    private final ReceiveBuffer received = new ReceiveBuffer();

    private static ByteBuf buffer(String text) {
        return ByteBufAllocator.DEFAULT.buffer().writeBytes(text.getBytes(US_ASCII));
    }

    @Test
    void bufferThatIsReadToItsEndLeavesThoseBehindIt() {
        assertThat(received.isEmpty()).isTrue();
        received.append(buffer("a"));
        assertThat(received.isEmpty()).isFalse();
        received.index = received.end;
        assertThat(received.isEmpty()).isTrue();
        received.append(buffer("b"));
        assertThat(received.isEmpty()).isFalse();

        assertThat(received.advance()).isTrue();

        assertThat(received.isEmpty()).isFalse();
        received.index = received.end;
        assertThat(received.isEmpty()).isTrue();
        assertThat(received.advance()).isFalse();
        assertThat(received.isEmpty()).isTrue();
    }
}
