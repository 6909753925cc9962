package io.asynchat;

import static io.asynchat.EmbeddedInput.buffer;
import static io.asynchat.EmbeddedInput.receive;
import static io.asynchat.Terminator.LF;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is gathered when a frame fails: nothing of it is left, and only of it. */
@ExtendWith(NoLeaks.class)
class HandlerGatheredTest {
    private final List<String> reported = new ArrayList<>();

    /** Takes its frames; writes down what is gathered when an error is reported, and goes on. */
    private class Gatherer extends AsyncChatHandler {
        Gatherer() {
            setTerminator(LF);
        }

        @Override
        protected void foundTerminator() throws Exception {
            reported.add(takeText(US_ASCII));
        }

        @Override
        protected void handleError(Throwable cause) {
            reported.add(cause.getClass().getSimpleName() + " with " + takeText(US_ASCII));
        }
    }

    @Test
    void frameThatIsTooLongForAHandlerBeforeIsDropped() {
        EmbeddedChannel channel = new EmbeddedChannel(new Gatherer());
        receive(channel, "ab");

        channel.pipeline().fireExceptionCaught(new TooLongFrameException("of a decoder before"));
        receive(channel, "cd\n");

        assertThat(reported).containsExactly("TooLongFrameException with ", "cd");
        channel.finishAndReleaseAll();
    }

    @Test
    void otherExceptionOfAHandlerBeforeDropsNothing() {
        EmbeddedChannel channel = new EmbeddedChannel(new Gatherer());
        receive(channel, "ab");

        channel.pipeline().fireExceptionCaught(new DecoderException("of a decoder before"));
        receive(channel, "cd\n");

        assertThat(reported).containsExactly("DecoderException with ab", "cd");
        channel.finishAndReleaseAll();
    }

    @Test
    void nothingIsLeftWhenACorruptLengthIsReported() {
        EmbeddedChannel channel = new EmbeddedChannel(new Gatherer() {
            @Override
            protected void foundTerminator() {
                setTerminator(Terminator.lengthPrefix(8, ByteOrder.BIG_ENDIAN)); // the frame is not taken
            }
        });

        receive(channel, "ab\n" + "\u00ff".repeat(8)); // a negative number

        assertThat(reported).containsExactly("CorruptedFrameException with ");
        channel.finishAndReleaseAll();
    }

    @Test
    void nothingIsLeftWhenDataThatWasReleasedTooOftenIsReported() {
        EmbeddedChannel channel = new EmbeddedChannel(new Gatherer() {
            @Override
            protected void collectIncomingData(ByteBuf data) throws Exception {
                super.collectIncomingData(data);
                if (reported.isEmpty()) {
                    data.release();
                }
            }
        });

        receive(channel, "ab");
        receive(channel, "cd\n");

        assertThat(reported).containsExactly("IllegalStateException with ", "cd");
        channel.finishAndReleaseAll();
    }

    @Test
    void frameWhoseLastPieceIsTooMuchDoesNotEndThoughTheHandlerCatchesTheException() {
        EmbeddedChannel channel = new EmbeddedChannel(new Gatherer() {
            private boolean taken; // the first frame is not

            @Override
            protected void collectIncomingData(ByteBuf data) {
                try {
                    super.collectIncomingData(data);
                } catch (Exception tooLong) {
                    reported.add(tooLong.getClass().getSimpleName());
                }
            }

            @Override
            protected void foundTerminator() throws Exception {
                if (taken) {
                    super.foundTerminator();
                }
                taken = true;
            }
        });
        channel.pipeline().get(AsyncChatHandler.class).setFrameLimit(5);

        channel.writeInbound(buffer("abc\ndef\ng\n"));

        assertThat(reported).containsExactly("FrameTooLongException", "g");
        channel.finishAndReleaseAll();
    }
}
