package io.asynchat;

import static io.asynchat.EmbeddedInput.buffer;
import static io.asynchat.EmbeddedInput.receive;
import static io.asynchat.Terminator.LF;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.RecordingTail;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a handler has not read comes before all that its successor receives, and all of it before the first callback. */
@ExtendWith(NoLeaks.class)
class HandlerSuccessorTest {
    private final RecordingHandler handler = new RecordingHandler(LF);
    private final RecordingHandler next = new RecordingHandler(LF);

    @Test
    void bytesThatComeWithinTheReplacingCallbackComeBehindTheUnreadOnes() {
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        handler.on("found", () -> {
            channel.pipeline().replace(handler, null, next);
            channel.pipeline().fireChannelRead(buffer("d\n"));
            assertThat(next.events).isEmpty();
        });

        receive(channel, "a\nb\nc\n");

        assertThat(handler.events).containsExactly("connect", "a", "found");
        assertThat(next.events).containsExactly("connect", "b", "found", "c", "found", "d", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void bytesThatComeWithinTheReplacingCallbackComeBehindTheFrameBegun() {
        AsyncChatHandler gathering = new AsyncChatHandler() {
            {
                setTerminator(LF);
            }

            @Override
            protected void foundTerminator() {}

            @Override
            protected void handleUserEvent(Object event) {
                channel().pipeline().replace(this, null, next);
                channel().pipeline().fireChannelRead(buffer("lf\n"));
            }
        };
        EmbeddedChannel channel = new EmbeddedChannel(gathering);
        receive(channel, "ha");

        channel.pipeline().fireUserEventTriggered("replace");
        channel.runPendingTasks();

        assertThat(String.join("", next.events)).isEqualTo("connecthalffound");
        channel.finishAndReleaseAll();
    }

    @Test
    void bytesThatComeWithinTheMessageThatReplacesADecoderComeBehindTheUnreadOnes() {
        RecordingTail tail = EmbeddedInput.tail();
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast("decoder", new TerminatorFrameDecoder(LF)).addLast(tail);
        tail.on("a", ctx -> {
            ctx.pipeline().replace("decoder", "decoder", new TerminatorFrameDecoder(LF));
            ctx.pipeline().fireChannelRead(buffer("c\n"));
        });

        receive(channel, "a\nb\n");

        assertThat(tail.events()).containsExactly("a", "b", "c");
        channel.finishAndReleaseAll();
    }

    @Test
    void successorHasAllUnreadBytesBeforeItsFirstCallback() {
        List<Boolean> unread = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        handler.pause();
        receive(channel, "a\n");
        receive(channel, "b\n");
        next.on("found", () -> unread.add(next.hasUnread()));

        channel.pipeline().replace(handler, null, next);
        channel.runPendingTasks();

        assertThat(next.events).containsExactly("connect", "a", "found", "b", "found");
        assertThat(unread).containsExactly(true, false);
        channel.finishAndReleaseAll();
    }
}
