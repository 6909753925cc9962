package io.asynchat;

import static io.asynchat.EmbeddedInput.receive;
import static io.asynchat.Terminator.CRLF;
import static io.asynchat.Terminator.delimiter;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.RecordingTail;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decoders and handlers that leave, or are replaced, and where the unread bytes go. */
@ExtendWith(NoLeaks.class)
class DecoderRemovalTest {
    private static final Terminator BAR = delimiter("|");

    private final RecordingTail tail = EmbeddedInput.tail();

    @Test
    void removalInACallbackForwardsTheRestOfTheBuffer() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        tail.on("a", ctx -> {
            receive(channel, "fed meanwhile");
            ctx.pipeline().remove(decoder);
        });

        receive(channel, "a|b|c");
        receive(channel, "d|");

        assertThat(tail.events()).containsExactly("a", "b|c", "fed meanwhile", "d|");
        channel.finishAndReleaseAll();
    }

    @Test
    void removalForwardsGatheredAndHeldBytesBeforeUnreadOnes() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(CRLF);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        receive(channel, "half\r");
        decoder.pause();
        receive(channel, "\nnext");

        channel.pipeline().remove(decoder);

        assertThat(String.join("", tail.events())).isEqualTo("half\r\nnext");
        assertThat(tail.completedReads()).isPositive();
        channel.finishAndReleaseAll();
    }

    @Test
    void removalBetweenFramesForwardsNothing() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        receive(channel, "a|");

        channel.pipeline().remove(decoder);
        decoder.setTerminator(CRLF);
        decoder.resume();

        assertThat(tail.events()).containsExactly("a");
        assertThat(tail.completedReads()).isOne();
        assertThat(channel.isOpen()).isTrue();
        channel.finishAndReleaseAll();
    }

    @Test
    void removalBetweenReadsFiresAReadComplete() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(CRLF);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        receive(channel, "half");
        int readsCompleted = tail.completedReads();

        channel.pipeline().remove(decoder);

        assertThat(tail.events()).containsExactly("half");
        assertThat(tail.completedReads()).isEqualTo(readsCompleted + 1);
        channel.finishAndReleaseAll();
    }

    @Test
    void removedDecoderDeliversNothing() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        tail.on("a", ctx -> {
            decoder.setTerminator(Terminator.length(0));
            ctx.pipeline().remove(decoder);
        });

        receive(channel, "a|b");

        assertThat(tail.events()).containsExactly("a", "b");
        channel.finishAndReleaseAll();
    }

    @Test
    void replacingDecoderReceivesTheRest() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        tail.on("a", ctx -> ctx.pipeline().replace(decoder, null, new TerminatorFrameDecoder(delimiter(";"))));

        receive(channel, "a|b;c");
        receive(channel, "|d;");

        assertThat(tail.events()).containsExactly("a", "b", "c|d");
        channel.finishAndReleaseAll();
    }

    @Test
    void replacingHandlerReceivesTheRest() {
        RecordingHandler second = new RecordingHandler(delimiter(";"));
        RecordingHandler first = new RecordingHandler(BAR);
        first.on("found", () -> first.channel().pipeline().replace(first, null, second));
        EmbeddedChannel channel = new EmbeddedChannel(first);

        receive(channel, "a|b;c");
        receive(channel, "|d;");

        assertThat(first.events).containsExactly("connect", "a", "found");
        assertThat(second.events).containsSubsequence("b", "found", "c", "|d", "found");
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a|b|", "a,|b|"})
    void replacingHandlerInsideAFrameReceivesItsEndUnderEveryCut(String wire) {
        RecordingHandler second = new RecordingHandler(BAR);
        RecordingHandler first = new RecordingHandler(BAR);
        first.on("data", () -> first.channel().pipeline().replace(first, null, second));
        EmbeddedChannel channel = new EmbeddedChannel(first);

        for (String read : wire.split(",", -1)) {
            receive(channel, read);
        }

        assertThat(first.events).containsExactly("connect", "a");
        assertThat(second.events).containsExactly("connect", "found", "b", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void removedHandlerRemovesItsDecoder() {
        RecordingHandler handler = new RecordingHandler(CRLF);
        handler.on("found", () -> handler.channel().pipeline().remove(handler));
        EmbeddedChannel channel = new EmbeddedChannel(handler, tail);

        receive(channel, "a\r\nrest\r");

        assertThat(tail.events()).containsExactly("rest\r");
        assertThat(channel.pipeline().get(TerminatorFrameDecoder.class)).isNull();
        channel.finishAndReleaseAll();
    }

    @Test
    void handlerRemovedInsideAFrameMayUseItsData() {
        String[] kept = new String[1];
        AsyncChatHandler leaves = new AsyncChatHandler() {
            {
                setTerminator(CRLF);
            }

            @Override
            protected void collectIncomingData(ByteBuf data) {
                channel().pipeline().remove(this);
                kept[0] = data.toString(ISO_8859_1);
            }

            @Override
            protected void foundTerminator() {}
        };
        EmbeddedChannel channel = new EmbeddedChannel(leaves, tail);

        receive(channel, "data\r");

        assertThat(kept).containsExactly("data");
        assertThat(tail.events()).containsExactly("\r");
        channel.finishAndReleaseAll();
    }

    @Test
    void waitingEndOfInputIsForwardedBehindTheBytes() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        decoder.pause();
        receive(channel, "a|");
        EmbeddedInput.endInput(channel);

        channel.pipeline().remove(decoder);

        assertThat(tail.events()).containsExactly("a|", "end of input");
        channel.finishAndReleaseAll();
    }
}
