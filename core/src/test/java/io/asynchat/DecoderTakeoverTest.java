package io.asynchat;

import static io.asynchat.EmbeddedInput.receive;
import static io.asynchat.Terminator.delimiter;
import static io.asynchat.Terminator.length;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.RecordingTail;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A handler right behind a decoder takes its place; behind anything else it frames what it is sent. */
@ExtendWith(NoLeaks.class)
class DecoderTakeoverTest {
    private static final Terminator BAR = delimiter("|");

    private final RecordingHandler handler = new RecordingHandler();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    @Test
    void decoderRightBeforeLeavesAndItsTerminatorGoverns() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        channel.pipeline().addLast(decoder, handler);

        receive(channel, "a|b");

        assertThat(handler.events).containsExactly("connect", "a", "found", "b");
        assertThat(channel.pipeline().get(TerminatorFrameDecoder.class)).isNull();
        channel.finishAndReleaseAll();
    }

    @Test
    void handlersOfAConstructorWorkBeforeRegistration() {
        EmbeddedChannel made = new EmbeddedChannel(new TerminatorFrameDecoder(BAR), handler);

        receive(made, "a|");

        assertThat(handler.events).containsExactly("connect", "a", "found");
        made.finishAndReleaseAll();
    }

    @Test
    void verbsOfTheDecoderActOnTheHandler() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        channel.pipeline().addLast(decoder, handler);

        decoder.setTerminator(length(2));
        assertThat(handler.getTerminator()).isEqualTo(length(2));
        assertThat(decoder.getTerminator()).isEqualTo(length(2));
        decoder.pause();
        receive(channel, "abc");
        assertThat(handler.events).containsExactly("connect");
        decoder.resume();

        assertThat(handler.events).containsExactly("connect", "ab", "found", "c");
        channel.finishAndReleaseAll();
    }

    @Test
    void settingsOfTheHandlerWin() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        decoder.setFrameLimit(7);
        handler.setTerminator(Terminator.LF);
        handler.setFrameLimit(9);
        channel.pipeline().addLast(decoder, handler);

        assertThat(handler.getTerminator()).isEqualTo(Terminator.LF);
        assertThat(decoder.frameLimit()).isEqualTo(9);
        channel.finishAndReleaseAll();
    }

    @Test
    void frameBegunAndUnreadBytesComeAlong() {
        for (Terminator terminator :
                new Terminator[] {delimiter("|;"), length(6), length(20).atMost(30)}) {
            EmbeddedChannel late = new EmbeddedChannel();
            TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(terminator);
            RecordingHandler taker = new RecordingHandler();
            late.pipeline().addLast(decoder);
            receive(late, "half|");

            late.pipeline().addLast(taker);
            receive(late, ";next");

            String data = String.join("", taker.events).replace("connect", "");
            String expected = terminator instanceof Terminator.Delimiter
                    ? "halffoundnext"
                    : terminator.equals(length(6)) ? "half|;foundnext" : "half|;next";
            assertThat(data).isEqualTo(expected);
            late.finishAndReleaseAll();
        }
    }

    @Test
    void heldBytesThatComeAlongBeginADelimiterOnce() {
        channel.pipeline().addLast(new TerminatorFrameDecoder(Terminator.BLANK_LINE));
        receive(channel, "\r\nabc\r\n");

        channel.pipeline().addLast(handler);
        receive(channel, "d");
        receive(channel, "\r\n\r\n");

        assertThat(String.join("", handler.events)).isEqualTo("connect\r\nabc\r\ndfound");
        channel.finishAndReleaseAll();
    }

    @Test
    void pausedDecoderLeavesAPausedHandler() {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        channel.pipeline().addLast(decoder);
        decoder.pause();
        receive(channel, "a|");

        channel.pipeline().addLast(handler);
        channel.runPendingTasks();
        assertThat(handler.events).containsExactly("connect");
        handler.resume();

        assertThat(handler.events).containsExactly("connect", "a", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void handlerThatComesInTheDecodersOwnMessageGetsTheVeryNextByteUnderEveryCut() {
        EveryCut.of("go|a|b|", ISO_8859_1)
                .through((pipeline, transcript) ->
                        pipeline.addLast(new TerminatorFrameDecoder(BAR), new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object message) {
                                ((ByteBuf) message).release();
                                ctx.pipeline().replace(this, null, new AsyncChatHandler() {
                                    @Override
                                    protected void foundTerminator() {
                                        transcript.event(takeText(ISO_8859_1));
                                    }
                                });
                            }
                        }))
                .expecting(transcript -> {
                    transcript.event("a");
                    transcript.event("b");
                })
                .agrees();
    }

    @Test
    void handlerFurtherOnFramesWhatItIsSent() {
        List<String> frames = new ArrayList<>();
        AsyncChatHandler counting = new AsyncChatHandler() {
            {
                setTerminator(length(2));
            }

            @Override
            protected void foundTerminator() {
                frames.add(takeText(ISO_8859_1));
                setTerminator(length(2));
            }
        };
        channel.pipeline().addLast(new TerminatorFrameDecoder(BAR), new ChannelInboundHandlerAdapter(), counting);

        receive(channel, "abc|d|");

        assertThat(frames).containsExactly("ab", "cd");
        channel.finishAndReleaseAll();
    }

    @Test
    void fragmentsOfADecoderFurtherBeforeAreRefused() {
        channel.pipeline().addLast(TerminatorFrameDecoder.streaming(BAR), new ChannelInboundHandlerAdapter(), handler);

        receive(channel, "half");

        assertThat(handler.errors).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void decoderAddedBeforeAHandlerThatIsThereIsRefused() {
        channel.pipeline().addLast(handler);
        channel.pipeline().addFirst(new TerminatorFrameDecoder(BAR));

        assertThat(handler.errors)
                .singleElement()
                .satisfies(refused ->
                        assertThat(refused).hasMessageStartingWith("decoder: added before an AsyncChatHandler"));
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void decoderInThePlaceOfAHandlerBeforeIsRefused() {
        for (TerminatorFrameDecoder decoder :
                new TerminatorFrameDecoder[] {new TerminatorFrameDecoder(BAR), TerminatorFrameDecoder.streaming(BAR)}) {
            RecordingHandler there = new RecordingHandler(BAR);
            EmbeddedChannel late = new EmbeddedChannel();
            late.pipeline().addLast("first", new ChannelInboundHandlerAdapter()).addLast("it", there);
            receive(late, "a|");

            late.pipeline().replace("first", null, decoder);

            assertThat(there.errors).singleElement().isInstanceOf(IllegalStateException.class);
            assertThat(there.events).containsExactly("connect", "a", "found", "error", "close");
            assertThat(late.isOpen()).isFalse();
            late.finishAndReleaseAll();
        }
    }

    @Test
    @SuppressWarnings("deprecation") // Netty discourages executors of handlers, and still has them
    void decoderAddedBeforeAHandlerOnAnExecutorOfItsOwnIsRefused() {
        ManualExecutor executor = new ManualExecutor();
        channel.pipeline().addLast(executor, handler);
        executor.runAll();

        channel.pipeline().addFirst(new TerminatorFrameDecoder(BAR));
        do {
            channel.runPendingTasks();
        } while (executor.runOne());

        assertThat(handler.errors).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void decoderAddedFurtherBeforeAHandlerThatIsThereSuppliesFrames() {
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter(), handler);
        channel.pipeline().addFirst(new TerminatorFrameDecoder(BAR));

        receive(channel, "a|b|");

        assertThat(handler.errors).isEmpty();
        assertThat(handler.events).containsExactly("connect", "a", "b");
        channel.finishAndReleaseAll();
    }

    @Test
    void otherMessagesPass() {
        channel.pipeline().addLast(handler);

        channel.writeInbound("hello");

        assertThat(channel.<String>readInbound()).isEqualTo("hello");
        channel.finishAndReleaseAll();
    }

    @Test
    void receivedBufferItselfIsLent() {
        List<ByteBuf> lent = new ArrayList<>();
        channel.pipeline().addLast(new AsyncChatHandler() {
            @Override
            protected void collectIncomingData(ByteBuf data) {
                lent.add(data.unwrap());
            }

            @Override
            protected void foundTerminator() {}
        });
        ByteBuf received = EmbeddedInput.buffer("a");

        channel.writeInbound(received);

        assertThat(lent).singleElement().isSameAs(received);
        channel.finishAndReleaseAll();
    }

    @Test
    @SuppressWarnings("deprecation") // Netty discourages executors of handlers, and still has them
    void verbOfTheDecoderThatWaitsForItsExecutorDuringTheTakeoverActsOnTheHandler() {
        ManualExecutor executor = new ManualExecutor();
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
        channel.pipeline().addLast(executor, decoder);
        executor.runAll();
        channel.pipeline().addLast(executor, handler);
        decoder.setTerminator(length(3)); // behind handlerAdded
        decoder.setFrameLimit(17);
        executor.runAll();

        assertThat(handler.getTerminator()).isEqualTo(length(3));
        assertThat(decoder.frameLimit()).isEqualTo(17);
        channel.close();
        executor.runAll();
        channel.finishAndReleaseAll();
    }

    @Test
    @SuppressWarnings("deprecation") // Netty discourages executors of handlers, and still has them
    void handlerOnAnotherExecutorThatIsAddedAmongFramesIsRefusedAndNothingIsLeft() {
        ManualExecutor executor = new ManualExecutor();
        channel.pipeline().addLast(new TerminatorFrameDecoder(BAR), new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ReferenceCountUtil.release(message);
                ctx.pipeline().addLast(executor, handler);
                ctx.pipeline().remove(this);
            }
        });

        receive(channel, "go|b|c|");
        do {
            channel.runPendingTasks();
        } while (executor.runOne());

        assertThat(handler.errors)
                .singleElement()
                .satisfies(refused -> assertThat(refused)
                        .hasMessageStartingWith("decoder: has delivered frames to a handler that was being added"));
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    @SuppressWarnings("deprecation") // Netty discourages executors of handlers, and still has them
    void decoderGoesOnWhereTheHandlerIsRemovedBeforeItsTurn() {
        for (int steps = 0; steps < 4; steps++) {
            ManualExecutor executor = new ManualExecutor();
            RecordingHandler removed = new RecordingHandler();
            RecordingTail behind = EmbeddedInput.tail();
            EmbeddedChannel late = new EmbeddedChannel();
            late.pipeline()
                    .addLast(new TerminatorFrameDecoder(BAR))
                    .addLast(executor, removed)
                    .addLast(behind);
            late.pipeline().fireChannelRead(EmbeddedInput.buffer("a|"));
            for (int step = 0; step < steps; step++) {
                late.runPendingTasks();
                executor.runOne();
            }
            late.pipeline().remove(removed);
            do {
                late.runPendingTasks();
            } while (executor.runOne());
            late.pipeline().fireChannelRead(EmbeddedInput.buffer("b|"));
            do {
                late.runPendingTasks();
            } while (executor.runOne());

            String all = String.join("|", removed.events) + String.join("|", behind.events());
            assertThat(all)
                    .as("removed after %s steps: %s, %s", steps, removed.events, behind.events())
                    .contains("a")
                    .contains("b");
            late.finishAndReleaseAll();
        }
    }

    @Test
    @SuppressWarnings("deprecation") // Netty discourages executors of handlers, and still has them
    void settingsOfTheHandlerBeforeTheTakeoverIsCompleteStay() {
        ManualExecutor executor = new ManualExecutor();
        channel.pipeline().addLast(new TerminatorFrameDecoder(BAR)).addLast(executor, handler);
        executor.runOne(); // handlerAdded
        handler.setTerminator(length(3));
        handler.setFrameLimit(17);
        do {
            channel.runPendingTasks();
        } while (executor.runOne());

        assertThat(handler.getTerminator()).isEqualTo(length(3));
        channel.close();
        do {
            channel.runPendingTasks();
        } while (executor.runOne());
        channel.finishAndReleaseAll();
    }

    @Test
    @SuppressWarnings("deprecation") // Netty discourages executors of handlers, and still has them
    void takeoverGoesOnWhereTheHandlerIsReplacedOrTheDecoderRemovedBeforeItIsComplete() {
        for (boolean replaced : new boolean[] {true, false}) {
            ManualExecutor executor = new ManualExecutor();
            TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(BAR);
            RecordingHandler first = new RecordingHandler();
            RecordingHandler second = new RecordingHandler();
            EmbeddedChannel late = new EmbeddedChannel();
            late.pipeline().addLast(decoder).addLast(executor, first);
            late.pipeline().fireChannelRead(EmbeddedInput.buffer("a|b|"));
            if (!replaced) {
                first.setTerminator(BAR);
            }
            executor.runOne();
            if (replaced) {
                late.pipeline().replace(first, null, second);
            } else {
                late.pipeline().remove(decoder);
            }
            do {
                late.runPendingTasks();
            } while (executor.runOne());

            assertThat((replaced ? second : first).events).containsExactly("connect", "a", "found", "b", "found");
            assertThat(late.isOpen()).isTrue();
            late.close();
            executor.runAll();
            late.finishAndReleaseAll();
        }
    }
}
