package io.asynchat;

import static io.asynchat.Tail.buffer;
import static io.asynchat.Tail.endInput;
import static io.asynchat.Tail.receive;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A handler that is not next door to the decoder it has adopted, and so is sent messages: it hears the same. */
@ExtendWith(NoLeaks.class)
class HandlerFurtherOnTest {
    private final ChannelInboundHandlerAdapter between = new ChannelInboundHandlerAdapter();
    private final Recorder handler = new Recorder();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    private void adopt(TerminatorFrameDecoder decoder) {
        channel.pipeline().addLast(decoder, between, handler);
    }

    @Test
    void handleConnectComesBeforeTheFirstMessage() {
        adopt(new TerminatorFrameDecoder(Terminator.LF));

        channel.pipeline().context(between).fireChannelRead(buffer("a"));

        assertThat(handler.events).containsExactly("connect", "a", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void whatWasGatheredOfATruncatedFrameIsDataToo() {
        adopt(new TerminatorFrameDecoder(Terminator.LF));
        receive(channel, "half");

        endInput(channel);

        assertThat(handler.events).containsExactly("connect", "half", "truncated", "end", "close");
        channel.finishAndReleaseAll();
    }

    @Test
    void whatComesUnderNoTerminatorEndsNoFrame() {
        adopt(new TerminatorFrameDecoder(Terminator.none()));

        receive(channel, "a");
        receive(channel, "b");

        assertThat(handler.events).containsExactly("connect", "a", "b");
        channel.finishAndReleaseAll();
    }

    @Test
    void whatItHasGatheredIsDiscardedToo() {
        StringBuilder frames = new StringBuilder();
        AsyncChatHandler gathering = new AsyncChatHandler() {
            @Override
            protected void foundTerminator() {
                frames.append(takeText(US_ASCII));
            }
        };
        channel.pipeline().addLast(TerminatorFrameDecoder.streaming(Terminator.LF), between, gathering);
        receive(channel, "lost");

        gathering.discardBuffers();
        receive(channel, "a\n");

        assertThat(frames).hasToString("a");
        channel.finishAndReleaseAll();
    }

    @Test
    void nextDoorTheReceivedBufferItselfIsLent() {
        List<@Nullable ByteBuf> lent = new ArrayList<>();
        channel.pipeline().addLast(new AsyncChatHandler() {
            @Override
            protected void collectIncomingData(ByteBuf data) {
                lent.add(data.unwrap());
            }

            @Override
            protected void foundTerminator() {}
        });
        ByteBuf received = buffer("a");

        channel.writeInbound(received);

        assertThat(lent).singleElement().isSameAs(received);
        channel.finishAndReleaseAll();
    }
}
