package io.asynchat;

import static io.asynchat.Tail.receive;
import static io.asynchat.Terminator.CRLF;
import static io.asynchat.Terminator.delimiter;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
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

    private final Tail tail = new Tail();

    @Test
    void inACallbackTheRestOfTheBufferGoesToTheNextHandler() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        tail.on("a", ctx -> {
            receive(channel, "fed meanwhile");
            ctx.pipeline().remove(decoder);
        });

        receive(channel, "a|b|c");
        receive(channel, "d|");

        assertThat(tail.told).containsExactly("a", "b|c", "fed meanwhile", "d|");
        channel.finishAndReleaseAll();
    }

    @Test
    void whatWasGatheredAndHeldBackGoesBeforeTheUnread() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(CRLF);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        receive(channel, "half\r");
        decoder.pause();
        receive(channel, "\nnext");

        channel.pipeline().remove(decoder);

        assertThat(String.join("", tail.told)).isEqualTo("half\r\nnext");
        assertThat(tail.readsCompleted).isPositive();
        channel.finishAndReleaseAll();
    }

    @Test
    void betweenTwoFramesThereIsNothingToHandOver() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        receive(channel, "a|");

        channel.pipeline().remove(decoder);
        decoder.setTerminator(CRLF);
        decoder.resume();

        assertThat(tail.told).containsExactly("a");
        assertThat(tail.readsCompleted).isOne();
        assertThat(channel.isOpen()).isTrue();
        channel.finishAndReleaseAll();
    }

    @Test
    void whatGoesOutBetweenTwoReadsIsAReadOfItsOwn() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(CRLF);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        receive(channel, "half");
        int readsCompleted = tail.readsCompleted;

        channel.pipeline().remove(decoder);

        assertThat(tail.told).containsExactly("half");
        assertThat(tail.readsCompleted).isEqualTo(readsCompleted + 1);
        channel.finishAndReleaseAll();
    }

    @Test
    void afterwardsNotEvenAFrameOfNoBytesEnds() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        tail.on("a", ctx -> {
            decoder.setTerminator(Terminator.length(0));
            ctx.pipeline().remove(decoder);
        });

        receive(channel, "a|b");

        assertThat(tail.told).containsExactly("a", "b");
        channel.finishAndReleaseAll();
    }

    @Test
    void anotherDecoderInItsPlaceGetsTheRest() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        tail.on("a", ctx -> ctx.pipeline().replace(decoder, null, new TerminatorFrameDecoder(delimiter(";"))));

        receive(channel, "a|b;c");
        receive(channel, "|d;");

        assertThat(tail.told).containsExactly("a", "b", "c|d");
        channel.finishAndReleaseAll();
    }

    @Test
    void anotherAsyncChatHandlerInItsPlaceGetsTheRest() {
        Recorder second = new Recorder(delimiter(";"));
        Recorder first = new Recorder(BAR);
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
    void anotherAsyncChatHandlerThatComesWhileAFrameIsCollectedIsToldItsEndWhereverItIsCut(String wire) {
        Recorder second = new Recorder(BAR);
        Recorder first = new Recorder(BAR);
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
    void aHandlerThatLeavesTakesAlongTheDecoderThatItBrought() {
        Recorder handler = new Recorder(CRLF);
        handler.on("found", () -> handler.channel().pipeline().remove(handler));
        EmbeddedChannel channel = new EmbeddedChannel(handler, tail);

        receive(channel, "a\r\nrest\r");

        assertThat(tail.told).containsExactly("rest\r");
        assertThat(channel.pipeline().get(TerminatorFrameDecoder.class)).isNull();
        channel.finishAndReleaseAll();
    }

    @Test
    void whoLeavesInTheMiddleOfAFrameMayStillUseItsData() {
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
        assertThat(tail.told).containsExactly("\r");
        channel.finishAndReleaseAll();
    }

    @Test
    void anEndOfTheInputThatWaitedIsHandedOnBehindTheBytes() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, tail);
        decoder.pause();
        receive(channel, "a|");
        Tail.endInput(channel);

        channel.pipeline().remove(decoder);

        assertThat(tail.told).containsExactly("a|", "end of input");
        channel.finishAndReleaseAll();
    }
}
