package io.asynchat;

import static io.asynchat.EmbeddedInput.receive;
import static io.asynchat.Terminator.CRLF;
import static io.asynchat.Terminator.LF;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code channelReadComplete} comes behind the last message and before the end of the input, as Netty's does. */
@ExtendWith(NoLeaks.class)
class DecoderEndOfReadTest {
    private static final String COMPLETE = "complete";

    /** How the input ends. */
    enum End {
        EVENT {
            @Override
            void of(EmbeddedChannel channel) {
                channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            }
        },
        INACTIVE {
            @Override
            void of(EmbeddedChannel channel) {
                channel.pipeline().fireChannelInactive();
            }
        };

        abstract void of(EmbeddedChannel channel);
    }

    /** Writes everything down in its order. */
    private static final class Order extends ChannelInboundHandlerAdapter {
        private final List<String> all = new ArrayList<>();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            all.add(
                    message instanceof TruncatedFrame rest
                            ? rest.content().toString(ISO_8859_1) + "!"
                            : message instanceof FrameFragment piece
                                    ? piece.content().toString(ISO_8859_1) + "~"
                                    : ((ByteBuf) message).toString(ISO_8859_1));
            ReferenceCountUtil.release(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            all.add(COMPLETE);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            all.add("end");
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            all.add("end");
        }
    }

    private final Order order = new Order();

    /** Sends without the end of the read, if there is one to come. */
    private static void send(EmbeddedChannel channel, String bytes) {
        channel.pipeline().fireChannelRead(EmbeddedInput.buffer(bytes));
    }

    @ParameterizedTest
    @EnumSource
    void truncatedFrameIsFollowedByTheEndOfTheReadAndThenTheEnd(End end) {
        EmbeddedChannel channel = new EmbeddedChannel(new TerminatorFrameDecoder(LF), order);

        channel.writeInbound(EmbeddedInput.buffer("ab"));
        order.all.clear();
        end.of(channel);

        assertThat(order.all).containsExactly("ab!", COMPLETE, "end");
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @EnumSource
    void bytesOfNoFrameAreFollowedByTheEndOfTheReadAndThenTheEnd(End end) {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(LF);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, order);

        channel.writeInbound(EmbeddedInput.buffer("ab"));
        decoder.setTerminator(Terminator.none());
        order.all.clear();
        end.of(channel);

        assertThat(order.all).containsExactly("ab", COMPLETE, "end");
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @EnumSource
    void piecesHeldBackAreFollowedByTheEndOfTheReadAndThenTheEnd(End end) {
        EmbeddedChannel channel = new EmbeddedChannel(TerminatorFrameDecoder.streaming(CRLF), order);

        channel.writeInbound(EmbeddedInput.buffer("ab\r"));
        order.all.clear();
        end.of(channel);

        assertThat(order.all).containsExactly("\r~", "!", COMPLETE, "end");
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @EnumSource
    void endWithinAReadComesBehindTheEndOfTheRead(End end) {
        EmbeddedChannel channel = new EmbeddedChannel(new TerminatorFrameDecoder(LF), order);

        send(channel, "a\nb");
        end.of(channel);

        assertThat(order.all).startsWith("a", "b!", COMPLETE, "end");
        assertThat(order.all.subList(4, order.all.size())).doesNotContain("end");
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @EnumSource
    void endBetweenTwoFramesNeedsNoFurtherEndOfARead(End end) {
        EmbeddedChannel channel = new EmbeddedChannel(new TerminatorFrameDecoder(LF), order);

        channel.writeInbound(EmbeddedInput.buffer("a\n"));
        end.of(channel);

        assertThat(order.all).containsExactly("a", COMPLETE, "end");
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @EnumSource
    void framesThatWaitedAreFollowedByTheEndOfTheReadAndThenTheEnd(End end) {
        TerminatorFrameDecoder decoder = new TerminatorFrameDecoder(LF);
        EmbeddedChannel channel = new EmbeddedChannel(decoder, order);
        decoder.pause();
        channel.writeInbound(EmbeddedInput.buffer("a\nb\nc"));
        end.of(channel);
        assertThat(order.all).doesNotContain("a", "end");
        order.all.clear();

        decoder.resume();

        assertThat(order.all).containsExactly("a", "b", "c!", COMPLETE, "end");
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @EnumSource
    void handlersBehindAnAsyncChatHandlerSeeTheSameOrder(End end) {
        RecordingHandler handler = new RecordingHandler(LF);
        handler.on("end", () -> order.all.add("handleEndOfInput"));
        handler.on("found", () -> order.all.add("found"));
        EmbeddedChannel channel = new EmbeddedChannel(handler, order);

        channel.writeInbound(EmbeddedInput.buffer("a\nb"));
        end.of(channel);

        assertThat(order.all).containsExactly("found", COMPLETE, "handleEndOfInput", "end");
        channel.finishAndReleaseAll();
    }

    /** Writes in a read, flushes at its end, closes at the end of the input: many of Netty's handlers do. */
    private static ChannelInboundHandlerAdapter answering() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                if (message instanceof TruncatedFrame rest) {
                    ctx.write(rest.content());
                } else {
                    ctx.write(message);
                }
            }

            @Override
            public void channelReadComplete(ChannelHandlerContext ctx) {
                ctx.flush();
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                ctx.close();
            }
        };
    }

    @Test
    void answerThatIsFlushedAtTheEndOfAReadIsSentBeforeTheCloseUnderEveryCut() {
        Supplier<TerminatorFrameDecoder> decoder = () -> new TerminatorFrameDecoder(CRLF);
        EveryCut.of("one\r\n\r\ntwo\r\nrest\r", ISO_8859_1)
                .through((pipeline, transcript) -> pipeline.addLast(decoder.get(), answering()))
                .expectingWritten("onetworest\r", ISO_8859_1)
                .endingInput()
                .agrees();
    }

    @Test
    void answerToTheTruncatedFrameIsSentOverTcp() throws Exception {
        try (Loopback loopback = new Loopback(new TerminatorFrameDecoder(LF), answering())) {
            loopback.peer().getOutputStream().write("one\nrest".getBytes(ISO_8859_1));
            loopback.peer().shutdownOutput();

            assertThat(new String(loopback.peer().getInputStream().readAllBytes(), ISO_8859_1))
                    .isEqualTo("onerest");
        }
    }

    @Test
    void lastWordAboutACorruptFrameIsSentThoughThePeerEndsItsSideMeanwhile() {
        TestSocket socket = TestSocket.stalled();
        RecordingHandler handler = new RecordingHandler(Terminator.varintPrefix());
        handler.on("error", () -> {
            handler.push("last word", US_ASCII);
            handler.closeWhenDone(Duration.ofSeconds(2));
        });
        HalfClosable channel = new HalfClosable(socket, handler);
        receive(channel, "\u00ff\u00ff\u00ff\u00ff\u00ff");
        assertThat(handler.errors).hasSize(1);

        channel.endInput();
        socket.openUp();

        assertThat(socket.text()).isEqualTo("last word");
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }
}
