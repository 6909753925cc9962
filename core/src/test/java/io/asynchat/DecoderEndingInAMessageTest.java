package io.asynchat;

import static io.asynchat.EmbeddedInput.receive;
import static io.asynchat.Terminator.LF;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.RecordingTail;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A close or a reset while a message is delivered is followed by none of the frames that came with it. */
@ExtendWith(NoLeaks.class)
class DecoderEndingInAMessageTest {
    private final RecordingTail tail = EmbeddedInput.tail();

    @Test
    void nothingIsDeliveredAfterACloseThatAHandlerBeforeHoldsBack() {
        EmbeddedChannel channel = new EmbeddedChannel(
                new ChannelOutboundHandlerAdapter() {
                    @Override
                    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
                        // Such a handler sends something first.
                    }
                },
                new TerminatorFrameDecoder(LF),
                tail.on("a", ChannelHandlerContext::close));

        receive(channel, "a\nb\n");
        receive(channel, "c\n");

        assertThat(channel.isOpen()).isTrue();
        assertThat(tail.events()).containsExactly("a");
        EmbeddedInput.disconnect(channel);
        channel.finishAndReleaseAll();
    }

    @Test
    void nothingIsDeliveredAfterAReset() {
        EmbeddedChannel channel = new EmbeddedChannel(
                new TerminatorFrameDecoder(LF),
                tail.on("a", ctx -> ctx.pipeline().fireExceptionCaught(new IOException("reset"))));

        receive(channel, "a\nb\nc\n");

        assertThat(tail.events()).containsExactly("a", "IOException");
        channel.finishAndReleaseAll();
    }
}
