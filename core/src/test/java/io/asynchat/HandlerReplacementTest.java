package io.asynchat;

import static io.asynchat.EmbeddedInput.receive;
import static io.asynchat.Terminator.CRLF;
import static io.asynchat.Terminator.LF;
import static io.asynchat.Terminator.length;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.RecordingTail;
import io.asynchat.testkit.Transcript;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Handlers that come in the place of others: they get every byte that those have not read, once, and their limits hold. */
@ExtendWith(NoLeaks.class)
class HandlerReplacementTest {
    private static final int LIMIT = 8;
    private static final String IT = "it"; // the handler that is replaced
    private static final int THOUSANDS = 20_000;
    private static final long SMALL_STACK = 1 << 18; // bytes

    private final RecordingTail tail = EmbeddedInput.tail();

    /** Takes lines; one that is too long is written down, and skipped. */
    private static final class Lines extends AsyncChatHandler {
        private final Transcript transcript;

        Lines(Transcript transcript) {
            this.transcript = transcript;
            setTerminator(LF.atMost(LIMIT));
        }

        @Override
        protected void foundTerminator() {
            transcript.event(takeText(ISO_8859_1));
        }

        @Override
        protected void handleError(Throwable cause) {
            transcript.event(cause.getClass().getSimpleName());
        }
    }

    /** Reads four bytes, and gives way to lines. */
    enum Predecessor {
        NETTYS_DECODER {
            @Override
            void addTo(ChannelPipeline pipeline, Lines lines) {
                pipeline.addLast(new Four() {
                    @Override
                    void giveWay(ChannelHandlerContext ctx, ByteBuf in) {
                        ctx.pipeline().replace(this, "lines", lines);
                    }
                });
            }
        },
        NETTYS_DECODER_THAT_SENDS_THE_REST {
            @Override
            void addTo(ChannelPipeline pipeline, Lines lines) {
                pipeline.addLast(new Four() {
                    @Override
                    void giveWay(ChannelHandlerContext ctx, ByteBuf in) {
                        ByteBuf rest = in.readRetainedSlice(in.readableBytes());
                        ctx.pipeline().replace(this, "lines", lines);
                        ctx.fireChannelRead(rest);
                    }
                });
            }
        },
        NETTYS_DECODER_THAT_ADDS_AND_LEAVES {
            @Override
            void addTo(ChannelPipeline pipeline, Lines lines) {
                pipeline.addLast(new Four() {
                    @Override
                    void giveWay(ChannelHandlerContext ctx, ByteBuf in) {
                        ctx.pipeline().addAfter(ctx.name(), "lines", lines).remove(this);
                    }
                });
            }
        },
        NETTYS_DECODER_OF_LINES {
            @Override
            void addTo(ChannelPipeline pipeline, Lines lines) {
                pipeline.addLast("first", new LineBasedFrameDecoder(4)).addLast(new GivesWay("first", lines));
            }
        },
        OUR_DECODER {
            @Override
            void addTo(ChannelPipeline pipeline, Lines lines) {
                pipeline.addLast("first", new TerminatorFrameDecoder(LF)).addLast(new GivesWay("first", lines));
            }
        },
        OUR_DECODER_OF_PIECES {
            @Override
            void addTo(ChannelPipeline pipeline, Lines lines) {
                pipeline.addLast("first", TerminatorFrameDecoder.streaming(LF)).addLast(new GivesWay("first", lines));
            }
        },
        OUR_HANDLER {
            @Override
            void addTo(ChannelPipeline pipeline, Lines lines) {
                pipeline.addLast(new AsyncChatHandler() {
                    {
                        setTerminator(LF);
                    }

                    @Override
                    protected void foundTerminator() {
                        takeBytes();
                        channel().pipeline().replace(this, "lines", lines);
                    }
                });
            }
        },
        OUR_HANDLER_IN_THE_MIDDLE_OF_ITS_FRAME {
            @Override
            void addTo(ChannelPipeline pipeline, Lines lines) {
                pipeline.addLast(new AsyncChatHandler() {
                    private boolean greeted;

                    {
                        setTerminator(LF);
                    }

                    @Override
                    protected void collectIncomingData(ByteBuf data) throws Exception {
                        super.collectIncomingData(data);
                        if (greeted) {
                            channel().pipeline().replace(this, "lines", lines); // what was gathered goes along
                        }
                    }

                    @Override
                    protected void foundTerminator() {
                        takeBytes();
                        greeted = true;
                    }
                });
            }
        };

        abstract void addTo(ChannelPipeline pipeline, Lines lines);

        /** Whether a line end belongs to the four bytes. */
        boolean readsALine() {
            return !name().startsWith(NETTYS_DECODER.name()) || this == NETTYS_DECODER_OF_LINES;
        }
    }

    /** Skips four bytes, and gives way. */
    private abstract static class Four extends ByteToMessageDecoder {
        @Override
        protected final void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            if (in.readableBytes() >= 4) {
                in.skipBytes(4);
                giveWay(ctx, in);
            }
        }

        abstract void giveWay(ChannelHandlerContext ctx, ByteBuf in);
    }

    /** Behind a decoder: lets another handler take the decoder's place at its first whole frame. */
    private static final class GivesWay extends ChannelInboundHandlerAdapter {
        private final String before;
        private final ChannelHandler successor;

        GivesWay(String before, ChannelHandler successor) {
            this.before = before;
            this.successor = successor;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            boolean whole = message instanceof ByteBuf;
            ReferenceCountUtil.release(message);
            if (whole) {
                ctx.pipeline().replace(before, "lines", successor);
                ctx.pipeline().remove(this);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void successorGetsTheVeryNextByteAndItsLimitHoldsUnderEveryCut(Predecessor predecessor) {
        String first = predecessor.readsALine() ? "LIN1\n" : "LIN1";
        EveryCut.of(first + "hello\nworld\n\n12345678\n123456789\nend\n", ISO_8859_1)
                .through((pipeline, transcript) -> predecessor.addTo(pipeline, new Lines(transcript)))
                .expecting(transcript -> List.of(
                                "hello", "world", "", "12345678", FrameTooLongException.class.getSimpleName(), "end")
                        .forEach(transcript::event))
                .agrees();
    }

    @ParameterizedTest
    @EnumSource
    void successorFindsALineThatNeverEndsTooLong(Predecessor predecessor) {
        String first = predecessor.readsALine() ? "LIN1\n" : "LIN1";
        EveryCut.of(first + "x".repeat(LIMIT + 20), ISO_8859_1)
                .through((pipeline, transcript) -> predecessor.addTo(pipeline, new Lines(transcript)))
                .expecting(transcript -> transcript.event(FrameTooLongException.class.getSimpleName()))
                .agrees();
    }

    // ---- in the middle of a frame

    /** Gathers, and takes nothing before the end of a frame. */
    private static AsyncChatHandler gathering(Terminator terminator, List<String> frames) {
        return new AsyncChatHandler() {
            {
                setTerminator(terminator);
            }

            @Override
            protected void foundTerminator() {
                frames.add(takeText(ISO_8859_1));
                setTerminator(terminator);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", " /\n", "xx"})
    void gatheredPartOfAFrameIsForwardedWhereverTheHandlerIsRemoved(String delimiter) {
        String wire = "GET /\r\nHost: a\r\n\r\n";
        List<Terminator> all =
                List.of(Terminator.delimiter(delimiter), length(5), length(30), CRLF, Terminator.anyOf(LF, CRLF));
        for (Terminator terminator : all) {
            for (int cut = 0; cut <= wire.length(); cut++) {
                List<String> frames = new ArrayList<>();
                RecordingTail behind = EmbeddedInput.tail();
                AsyncChatHandler handler = gathering(terminator, frames);
                EmbeddedChannel channel = new EmbeddedChannel(handler, behind);
                receive(channel, wire.substring(0, cut));

                channel.pipeline().remove(handler);
                int complete = behind.completedReads();
                receive(channel, wire.substring(cut));

                String forwarded = String.join("", behind.events());
                assertThat(wire).as("%s, removed at %s", terminator, cut).endsWith(forwarded);
                assertThat(delivered(terminator, wire.substring(0, cut), frames) + forwarded)
                        .as("%s, removed at %s", terminator, cut)
                        .isEqualTo(wire);
                assertThat(behind.completedReads()).isEqualTo(complete + 1);
                channel.finishAndReleaseAll();
            }
        }
    }

    /** The bytes that the frames took from the wire, with their delimiters. */
    private static String delivered(Terminator terminator, String wire, List<String> frames) {
        int at = 0;
        for (String frame : frames) {
            assertThat(wire.substring(at)).startsWith(frame);
            at += frame.length();
            if (terminator instanceof Terminator.Delimiter delimiter) {
                at += delimiter.length();
            } else if (terminator instanceof Terminator.AnyDelimiter) {
                at += wire.startsWith("\r\n", at) ? 2 : 1;
            }
        }
        return wire.substring(0, at);
    }

    @Test
    void gatheredPartOfAFrameReachesTheSuccessorWhole() {
        String wire = "GET /\nHost\n";
        for (int cut = 0; cut <= wire.length(); cut++) {
            List<String> frames = new ArrayList<>();
            AsyncChatHandler handler = gathering(LF, frames);
            EmbeddedChannel channel = new EmbeddedChannel(handler);
            receive(channel, wire.substring(0, cut));

            channel.pipeline().replace(handler, null, gathering(LF, frames));
            receive(channel, wire.substring(cut));

            assertThat(frames).as("replaced at %s", cut).containsExactly("GET /", "Host");
            channel.finishAndReleaseAll();
        }
    }

    @Test
    void gatheredPartOfAFrameGoesBeforeTheEndOfTheInput() {
        AsyncChatHandler handler = gathering(LF, new ArrayList<>());
        EmbeddedChannel channel = new EmbeddedChannel(handler, tail);
        receive(channel, "GE");
        handler.pause();
        receive(channel, "T /\n");
        EmbeddedInput.endInput(channel);

        channel.pipeline().remove(handler);

        assertThat(String.join("", tail.events())).isEqualTo("GET /\nend of input");
        channel.finishAndReleaseAll();
    }

    // ---- while frames wait

    /** Why frames wait. */
    enum Wait {
        RATE {
            @Override
            void begin(RecordingHandler handler, TestSocket socket) {
                handler.setRateLimit(RateLimit.perSecond(1).burst(1).perTurn(1));
            }
        },
        PAUSE {
            @Override
            void begin(RecordingHandler handler, TestSocket socket) {
                handler.on("found", handler::pause);
            }
        },
        SLOW_READER {
            @Override
            void begin(RecordingHandler handler, TestSocket socket) {
                handler.on("found", () -> socket.writable(false));
            }
        };

        abstract void begin(RecordingHandler handler, TestSocket socket);
    }

    @ParameterizedTest
    @EnumSource
    void framesThatWaitGoToTheSuccessorOnce(Wait wait) {
        for (boolean replaced : new boolean[] {true, false}) {
            RecordingHandler handler = new RecordingHandler(LF);
            RecordingHandler next = new RecordingHandler(LF);
            RecordingTail behind = EmbeddedInput.tail();
            TestSocket socket = TestSocket.open();
            EmbeddedChannel channel = new EmbeddedChannel(socket, handler, behind);
            channel.freezeTime();
            wait.begin(handler, socket);
            receive(channel, "a\nb\nc\n");
            assertThat(handler.events).containsExactly("connect", "a", "found");

            if (replaced) {
                channel.pipeline().replace(handler, null, next);
            } else {
                channel.pipeline().remove(handler);
            }
            socket.writable(true);
            handler.resume();
            for (int i = 0; i < 5; i++) {
                channel.advanceTimeBy(10, TimeUnit.SECONDS);
                channel.runScheduledPendingTasks();
                channel.runPendingTasks();
            }
            receive(channel, "d\n");

            assertThat(handler.events).containsExactly("connect", "a", "found");
            if (replaced) {
                assertThat(next.events).containsExactly("connect", "b", "found", "c", "found", "d", "found");
            } else {
                assertThat(String.join("", behind.events())).isEqualTo("b\nc\nd\n");
            }
            assertThat(channel.config().isAutoRead()).isTrue();
            channel.finishAndReleaseAll();
        }
    }

    // ---- thousands of them

    private final List<String> frames = new ArrayList<>();
    private final List<String> expected = new ArrayList<>();
    private int made;

    private String wire() {
        StringBuilder wire = new StringBuilder();
        for (int i = 0; i < THOUSANDS; i++) {
            String line = Integer.toString(1_000_000 + i).substring(4); // three digits
            expected.add(line);
            wire.append(line).append('\n');
        }
        return wire.toString();
    }

    private void assertAllInOrder(Function<HandlerReplacementTest, ChannelHandler> first) throws InterruptedException {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(IT, first.apply(this));

        assertAllInOrder(channel);
        assertThat(made).isGreaterThanOrEqualTo(THOUSANDS);
    }

    private void assertAllInOrder(EmbeddedChannel channel) throws InterruptedException {
        String wire = wire();
        Thread thread = new Thread(null, () -> receive(channel, wire), "small stack", SMALL_STACK);
        thread.start();
        thread.join();

        assertThat(frames.equals(expected)).as("all, in order").isTrue();
        channel.finishAndReleaseAll();
    }

    /** Takes one line, and lets another take its place. */
    private static final class OneLine extends AsyncChatHandler {
        private final HandlerReplacementTest test;
        private final Function<HandlerReplacementTest, ChannelHandler> next;

        OneLine(HandlerReplacementTest test, Function<HandlerReplacementTest, ChannelHandler> next) {
            this.test = test;
            this.next = next;
            test.made++;
            setTerminator(LF);
        }

        @Override
        protected void foundTerminator() {
            test.frames.add(takeText(ISO_8859_1));
            channel().pipeline().replace(this, IT, next.apply(test));
        }
    }

    @Test
    void thousandsOfHandlersThatReplaceThemselvesNeedNoStack() throws InterruptedException {
        assertAllInOrder(HandlerReplacementTest::oneLine);
    }

    private static ChannelHandler oneLine(HandlerReplacementTest test) {
        return new OneLine(test, HandlerReplacementTest::oneLine);
    }

    @Test
    void handlersThatReplaceThemselvesInTheMiddleOfAFrameNeedNoStack() throws InterruptedException {
        assertAllInOrder(HandlerReplacementTest::lineInTwoParts);
    }

    /** Gathers a line's first part, and leaves it to the next. */
    private static ChannelHandler lineInTwoParts(HandlerReplacementTest test) {
        test.made++;
        return new AsyncChatHandler() {
            {
                setTerminator(LF);
            }

            @Override
            protected void collectIncomingData(ByteBuf data) throws Exception {
                super.collectIncomingData(data);
                channel().pipeline().replace(this, IT, oneLineThenTwoParts(test));
            }

            @Override
            protected void foundTerminator() {}
        };
    }

    private static ChannelHandler oneLineThenTwoParts(HandlerReplacementTest test) {
        return new OneLine(test, HandlerReplacementTest::lineInTwoParts);
    }

    @Test
    void handlersBetweenWhichOthersForwardOnRemovalNeedNoStack() throws InterruptedException {
        assertAllInOrder(HandlerReplacementTest::oneLineThenAnother);
    }

    private static ChannelHandler oneLineThenAnother(HandlerReplacementTest test) {
        return new OneLine(test, HandlerReplacementTest::forwarding);
    }

    /** Gives way to the next at its first bytes, and then forwards them. */
    private static ChannelHandler forwarding(HandlerReplacementTest test) {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ctx.pipeline().replace(this, IT, oneLineThenAnother(test));
                ctx.fireChannelRead(message);
            }
        };
    }

    @Test
    void handlersBetweenWhichNettysDecodersForwardOnRemovalNeedNoStack() throws InterruptedException {
        assertAllInOrder(HandlerReplacementTest::oneLineThenNettys);
    }

    private static ChannelHandler oneLineThenNettys(HandlerReplacementTest test) {
        return new OneLine(test, HandlerReplacementTest::nettys);
    }

    /** A decoder that reads nothing; what it holds goes on when it is removed. */
    private static ChannelHandler nettys(HandlerReplacementTest test) {
        return new ByteToMessageDecoder() {
            @Override
            protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
                ctx.pipeline().replace(this, IT, oneLineThenNettys(test));
            }
        };
    }

    @Test
    void decodersThatAreReplacedByTheirReceiverNeedNoStack() throws InterruptedException {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast("decoder", new TerminatorFrameDecoder(LF));
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                frames.add(((ByteBuf) message).toString(ISO_8859_1));
                ((ByteBuf) message).release();
                ctx.pipeline().replace("decoder", "decoder", new TerminatorFrameDecoder(LF));
            }
        });

        assertAllInOrder(channel);
    }

    @Test
    void handlersAndDecodersThatReplaceEachOtherNeedNoStack() throws InterruptedException {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(IT, new TerminatorFrameDecoder(LF));
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                frames.add(((ByteBuf) message).toString(ISO_8859_1));
                ((ByteBuf) message).release();
                ctx.pipeline()
                        .replace(IT, IT, new OneLine(HandlerReplacementTest.this, HandlerReplacementTest::decoder));
            }
        });

        assertAllInOrder(channel);
    }

    private static ChannelHandler decoder(HandlerReplacementTest test) {
        return new TerminatorFrameDecoder(LF);
    }
}
