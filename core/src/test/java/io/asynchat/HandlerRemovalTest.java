package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.EveryCut;
import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.RecordingTail;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A handler that leaves a pipeline, or gives way to another, and handlers that come and go around it. */
@ExtendWith(NoLeaks.class)
class HandlerRemovalTest {
    private final TestSocket socket = TestSocket.stalled();
    private final RecordingHandler handler = new RecordingHandler(Terminator.LF);
    private final RecordingHandler next = new RecordingHandler(Terminator.LF);
    private EmbeddedChannel channel = new EmbeddedChannel();

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void unreadBytesAreForwarded() {
        channel = new EmbeddedChannel(socket, handler);
        handler.on("found", () -> channel.pipeline().remove(handler));

        channel.writeInbound(ascii("a\nb\nc"), ascii("d"));

        assertThat(handler.events).containsExactly("connect", "a", "found");
        assertThat(text(channel.readInbound())).isEqualTo("b\nc");
        assertThat(text(channel.readInbound())).isEqualTo("d");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bytesGatheredUnderNoneAreForwarded(boolean noneFirst) {
        AsyncChatHandler gathering = new AsyncChatHandler() {
            @Override
            protected void foundTerminator() {}
        };
        channel = new EmbeddedChannel(gathering);
        gathering.setTerminator(noneFirst ? Terminator.none() : Terminator.LF);
        channel.writeInbound(ascii("ab"));
        gathering.setTerminator(noneFirst ? Terminator.LF : Terminator.none());
        channel.writeInbound(ascii("c"));

        channel.pipeline().remove(gathering);

        assertThat(text(channel.readInbound())).isEqualTo("abc");
    }

    @Test
    void frameIsForwardedWholeByAHandlerThatLeavesWithItsLastPieceUnderEveryCut() {
        EveryCut.of("abcde\nrest", US_ASCII)
                .through((pipeline, transcript) -> pipeline.addLast(
                        new AsyncChatHandler() {
                            private int collected;

                            {
                                setTerminator(Terminator.LF);
                            }

                            @Override
                            protected void collectIncomingData(ByteBuf data) throws Exception {
                                collected += data.readableBytes();
                                super.collectIncomingData(data);
                                if (collected == 5) {
                                    pipeline.remove(this);
                                }
                            }

                            @Override
                            protected void foundTerminator() {
                                transcript.event("found");
                            }
                        },
                        new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object message) {
                                transcript.data((ByteBuf) message);
                                ((ByteBuf) message).release();
                            }
                        }))
                .expecting(transcript -> transcript.data("abcde\nrest".getBytes(US_ASCII)))
                .agrees();
    }

    @Test
    void pendingPushesAreSentAndProducersFail() {
        channel = new EmbeddedChannel(socket, handler);
        TestProducer producer = new TestProducer("x");
        ChannelFuture[] futures = new ChannelFuture[3];
        handler.on("found", () -> {
            futures[0] = handler.push("a", US_ASCII);
            futures[1] = handler.pushWithProducer(producer);
            futures[2] = handler.push("behind it", US_ASCII);
            channel.pipeline().remove(handler);
        });

        channel.writeInbound(ascii("\n"));
        socket.openUp();

        assertThat(socket.text()).isEqualTo("a");
        assertThat(futures[0].isSuccess()).isTrue();
        assertThat(futures[1].cause()).hasMessageContaining("its handler was removed");
        assertThat(futures[2].cause()).hasMessageContaining("its handler was removed");
        assertThat(producer.asked()).isZero();
        assertThat(producer.closed()).isEqualTo(1);
    }

    @Test
    void producerIsNotAskedWhenAPushSentByTheRemovalCompletes() {
        TestSocket line = TestSocket.open();
        channel = new EmbeddedChannel(line, handler);
        TestProducer producer = new TestProducer("x");
        handler.push("a", US_ASCII);
        ChannelFuture future = handler.pushWithProducer(producer);

        channel.pipeline().remove(handler);

        assertThat(line.text()).isEqualTo("a");
        assertThat(future.cause()).hasMessageContaining("its handler was removed");
        assertThat(producer.asked()).isZero();
        assertThat(producer.closed()).isEqualTo(1);
    }

    @Test
    void waitingCloseStillHappens() {
        channel = new EmbeddedChannel(socket, handler);
        handler.push("a", US_ASCII);
        handler.closeWhenDone();
        channel.pipeline().remove(handler);
        assertThat(channel.isOpen()).isTrue();

        socket.openUp();

        assertThat(socket.text()).isEqualTo("a");
        assertThat(channel.isOpen()).isFalse();
        assertThat(handler.events).containsExactly("connect");
    }

    @Test
    void pushesAfterTheRemovalFailAndCloseDoesNothing() {
        channel = new EmbeddedChannel(socket, handler);
        channel.pipeline().remove(handler);
        TestProducer producer = new TestProducer("x");

        assertThat(handler.push("a", US_ASCII).cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(handler.pushWithProducer(producer).cause()).isInstanceOf(ClosedChannelException.class);
        handler.close();
        handler.closeWhenDone();
        channel.runPendingTasks();

        assertThat(producer.closed()).isEqualTo(1);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void pushInAListenerOfAPushFailedByTheRemovalFails() {
        channel = new EmbeddedChannel(socket, handler);
        ChannelFuture[] second = new ChannelFuture[1];
        socket.writable(false);
        handler.pushWithProducer(new TestProducer("x")).addListener(failed -> second[0] = handler.push("y", US_ASCII));

        channel.pipeline().remove(handler);

        assertThat(second[0].cause()).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void replacementInACallbackReceivesTheRestInOrder() {
        channel = new EmbeddedChannel(socket, handler);
        handler.on("found", () -> {
            handler.push("bye", US_ASCII);
            channel.pipeline().replace(handler, null, next);
        });
        next.on("connect", () -> next.push("hello", US_ASCII));

        channel.writeInbound(ascii("a\nb\nc"), ascii("d\n"));
        socket.openUp();

        assertThat(handler.events).containsExactly("connect", "a", "found");
        assertThat(next.events).containsExactly("connect", "b", "found", "c", "d", "found");
        assertThat(socket.text()).isEqualTo("byehello");
    }

    @Test
    void replacementInsideAFrameReceivesTheRestOfTheFrame() {
        channel = new EmbeddedChannel(socket, handler);
        handler.on("data", () -> channel.pipeline().replace(handler, null, next));

        channel.writeInbound(ascii("a"), ascii("b\nc\n"));

        assertThat(handler.events).containsExactly("connect", "a");
        assertThat(next.events).containsExactly("connect", "b", "found", "c", "found");
    }

    @Test
    void handlerThatReplacesItInHandleConnectReceivesEverything() {
        handler.on("connect", () -> handler.channel().pipeline().replace(handler, null, next));
        channel = new EmbeddedChannel(socket, handler);
        channel.writeInbound(ascii("a\n"));

        assertThat(handler.events).containsExactly("connect");
        assertThat(next.events).containsExactly("connect", "a", "found");
    }

    @Test
    void otherHandlerReceivesTheRestAsItIs() {
        channel = new EmbeddedChannel(socket, handler);
        List<String> raw = new ArrayList<>();
        handler.on(
                "found",
                () -> channel.pipeline().replace(handler, null, new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                        raw.add(text(message));
                    }
                }));

        channel.writeInbound(ascii("a\nb\nc"));
        channel.writeInbound(ascii("d"));

        assertThat(raw).containsExactly("b\nc", "d");
    }

    @Test
    void removalInHandleCloseEndsTheCallbacks() {
        channel = new EmbeddedChannel(socket, handler);
        handler.on("close", () -> channel.pipeline().remove(handler));
        channel.close();

        assertThat(handler.events).containsExactly("connect", "close");
    }

    @Test
    void removalInTheClosingCallbackIsFollowedByHandleClose() {
        channel = new EmbeddedChannel(socket, handler);
        handler.on("found", () -> {
            handler.close();
            channel.pipeline().remove(handler);
            assertThat(handler.events).containsExactly("connect", "found");
        });

        channel.writeInbound(ascii("\nlost\n"));

        assertThat(handler.events).containsExactly("connect", "found", "close");
    }

    @Test
    void otherMessagesAreForwarded() {
        channel = new EmbeddedChannel(socket, handler);

        channel.writeInbound("hello");

        assertThat(channel.<String>readInbound()).isEqualTo("hello");
    }

    private static String text(Object buffer) {
        ByteBuf data = (ByteBuf) buffer;
        try {
            return data.toString(US_ASCII);
        } finally {
            data.release();
        }
    }

    private static ByteBuf ascii(String text) {
        return ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, text);
    }

    @Test
    void handlerThatDiscardsAndLeavesWhileItCollectsForwardsNothingOfWhatItDiscarded() {
        RecordingHandler leaving = new RecordingHandler(Terminator.LF);
        RecordingTail behind = EmbeddedInput.tail();
        channel = new EmbeddedChannel(leaving, behind);
        leaving.on("data", () -> {
            leaving.discardBuffers();
            channel.pipeline().remove(leaving);
        });

        EmbeddedInput.receive(channel, "ab\ncd");
        EmbeddedInput.receive(channel, "ef");

        assertThat(String.join("", behind.events())).isEqualTo("ef");
    }
}
