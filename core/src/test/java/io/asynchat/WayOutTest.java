package io.asynchat;

import static io.asynchat.Tail.receive;
import static io.asynchat.Terminator.delimiter;
import static io.asynchat.Terminator.length;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.logging.LogLevel;
import io.netty.handler.logging.LoggingHandler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Calls to the handler next door, messages to any other, and the change from one to the other. */
@ExtendWith(NoLeaks.class)
class WayOutTest {
    private static final Terminator BAR = delimiter("|");

    private final Tail tail = new Tail();

    /** Lets all pass, and counts. */
    private static final class Between extends ChannelInboundHandlerAdapter {
        private int messages;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            messages++;
            ctx.fireChannelRead(message);
        }
    }

    @Test
    void whoIsPutInBetweenSeesMessagesFromTheNextReadOnAndTheHandlerTheSame() {
        Recorder handler = new Recorder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        String name = channel.pipeline().context(handler).name();
        receive(channel, "a|b");

        Between between = new Between();
        channel.pipeline().addBefore(name, "between", between);
        channel.pipeline().addBefore(name, "log", new LoggingHandler(WayOutTest.class, LogLevel.TRACE));
        receive(channel, "c|d");
        assertThat(between.messages).isEqualTo(2);

        channel.pipeline().remove("between");
        channel.pipeline().remove("log");
        receive(channel, "e||f");
        assertThat(between.messages).isEqualTo(2);
        assertThat(handler.events)
                .containsExactly("connect", "a", "found", "b", "c", "found", "d", "e", "found", "found", "f");
        channel.finishAndReleaseAll();
    }

    @Test
    void whatIsGatheredOfAFrameOutlivesTheChange() {
        List<String> lines = new ArrayList<>();
        AsyncChatHandler handler = new AsyncChatHandler() {
            {
                setTerminator(BAR);
            }

            @Override
            protected void foundTerminator() {
                lines.add(takeText(ISO_8859_1));
            }
        };
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        receive(channel, "a");
        channel.pipeline().addBefore(channel.pipeline().context(handler).name(), "between", new Between());
        receive(channel, "b");
        channel.pipeline().remove("between");
        receive(channel, "c|");

        assertThat(lines).containsExactly("abc");
        channel.finishAndReleaseAll();
    }

    @Test
    void whatIsGatheredOfAFrameThatProvesTooLongIsDroppedWithMessagesToo() {
        List<String> told = new ArrayList<>();
        AsyncChatHandler handler = new AsyncChatHandler() {
            @Override
            protected void foundTerminator() {
                told.add(takeText(ISO_8859_1));
            }

            @Override
            protected void handleError(Throwable tooLong) {
                told.add(tooLong.getClass().getSimpleName());
            }
        };
        TerminatorFrameDecoder decoder =
                TerminatorFrameDecoder.streaming(delimiter("|").atMost(4));
        EmbeddedChannel channel = new EmbeddedChannel(decoder, new Between(), handler);

        receive(channel, "abc");
        receive(channel, "def|gh|");

        assertThat(told).containsExactly("TooLongFrameException", "gh");
        channel.finishAndReleaseAll();
    }

    @Test
    void truncatedFramesComeAsMessagesToo() {
        Recorder handler = new Recorder(BAR);
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        channel.pipeline().addBefore(channel.pipeline().context(handler).name(), "between", new Between());
        receive(channel, "a");

        Tail.endInput(channel);

        assertThat(handler.events).containsExactly("connect", "a", "truncated", "end", "close");
        channel.finishAndReleaseAll();
    }

    @Test
    void aStreamingDecoderThatIsAdoptedKeepsItsTerminatorAndLimit() {
        TerminatorFrameDecoder decoder = TerminatorFrameDecoder.streaming(BAR);
        decoder.setFrameLimit(2);
        Recorder handler = new Recorder();
        EmbeddedChannel channel = new EmbeddedChannel(decoder, handler.on("error", () -> {}));

        receive(channel, "ab|abc|d|");

        assertThat(handler.events).containsExactly("connect", "ab", "found", "ab", "error", "d", "found");
        assertThat(handler.getTerminator()).isEqualTo(BAR);
        assertThat(channel.pipeline().names()).hasSize(3);
        channel.finishAndReleaseAll();
    }

    @Test
    void aDecoderOfWholeFramesThatIsAdoptedGivesTheHandlerWholeFrames() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(length(3));
        Recorder handler = new Recorder();
        handler.on("found", () -> handler.setTerminator(handler.events.size() < 4 ? BAR : Terminator.none()));
        EmbeddedChannel channel = new EmbeddedChannel(decoder, handler);

        for (String read : List.of("a", "b", "cd", "e", "|f", "g")) {
            receive(channel, read);
        }
        Tail.endInput(channel);

        assertThat(handler.events).containsExactly("connect", "abc", "found", "de", "found", "f", "g", "end", "close");
        channel.finishAndReleaseAll();
    }

    @Test
    void whatADecoderOfWholeFramesHasGatheredIsNoFrameWhenNothingIsToEndIt() {
        Recorder handler = new Recorder();
        EmbeddedChannel channel = new EmbeddedChannel(new TerminatorFrameDecoder(BAR), handler);
        receive(channel, "a");
        handler.setTerminator(Terminator.none());

        Tail.endInput(channel);

        assertThat(handler.events).containsExactly("connect", "a", "end", "close");
        channel.finishAndReleaseAll();
    }

    @Test
    void whatAHandlerHasSetItselfGovernsTheDecoderThatItAdopts() {
        TerminatorFrameDecoder decoder = TerminatorFrameDecoder.streaming(length(1));
        Recorder handler = new Recorder(BAR);
        handler.setFrameLimit(5);
        handler.pause();
        EmbeddedChannel channel = new EmbeddedChannel(decoder, handler);
        receive(channel, "ab|");
        assertThat(handler.events).containsExactly("connect");
        assertThat(decoder.getTerminator()).isEqualTo(BAR);
        assertThat(decoder.frameLimit()).isEqualTo(5);

        decoder.resume();

        assertThat(handler.events).containsExactly("connect", "ab", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void aPauseAndALimitThatAHandlerHasSetHoldForTheBytesHeldInTheDecoderThatItAdopts() {
        TerminatorFrameDecoder decoder = TerminatorFrameDecoder.streaming(delimiter("abc|"));
        Recorder handler = new Recorder(BAR);
        handler.setFrameLimit(1);
        handler.pause();
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        receive(channel, "ab");

        channel.pipeline().addLast(handler.on("error", () -> {}));
        channel.runPendingTasks();
        assertThat(handler.events).containsExactly("connect");
        handler.resume();

        assertThat(handler.events).containsExactly("connect", "a", "error");
        channel.finishAndReleaseAll();
    }

    @Test
    void theNearestDecoderIsAdopted() {
        TerminatorFrameDecoder far = new TerminatorFrameDecoder(Terminator.LF);
        TerminatorFrameDecoder near = TerminatorFrameDecoder.streaming(BAR);
        Recorder handler = new Recorder();
        EmbeddedChannel channel = new EmbeddedChannel(far, near, handler);

        receive(channel, "a|b\n|c");
        receive(channel, "\n");

        assertThat(handler.events).containsExactly("connect", "a", "found", "b", "found", "c");
        channel.finishAndReleaseAll();
    }

    @Test
    void messagesThatAreNoBuffersPass() {
        EmbeddedChannel channel = new EmbeddedChannel(new TerminatorFrameDecoder(BAR), tail);

        channel.pipeline().fireChannelRead("no buffer");
        channel.pipeline().fireUserEventTriggered("an event");

        assertThat(tail.told).containsExactly("no buffer", "an event");
        channel.finishAndReleaseAll();
    }

    @Test
    void whatAHandlerFurtherOnThrowsComesToItAndNotToTheDecoder() {
        EmbeddedChannel channel = new EmbeddedChannel(new TerminatorFrameDecoder(BAR), tail);
        tail.on("a", ctx -> {
            throw new IllegalStateException("on purpose");
        });

        receive(channel, "a|b|");

        assertThat(tail.told).containsExactly("a", "IllegalStateException", "b");
        channel.finishAndReleaseAll();
    }
}
