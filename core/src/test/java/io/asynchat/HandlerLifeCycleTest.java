package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which callback comes when, and how often: R12, R13, R15, R16, R18. */
@ExtendWith(NoLeaks.class)
class HandlerLifeCycleTest {
    private final RecordingHandler handler = new RecordingHandler(Terminator.LF);

    @Test
    void connectThenFramesThenTheEndThenTheClose() {
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        channel.writeInbound(ascii("a\n"));
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.runPendingTasks();

        assertThat(handler.events).containsExactly("connect", "a", "found", "end", "close");
    }

    @Test
    void truncatedFrameIsReportedBeforeTheEnd() {
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        handler.setTerminator(Terminator.CRLF);
        channel.writeInbound(ascii("a\r"));
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.runPendingTasks();

        assertThat(handler.events).containsExactly("connect", "a", "\r", "truncated", "end", "close");
    }

    @Test
    void endOfInputFlushesTheQueue() {
        TestSocket socket = TestSocket.stalled();
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        handler.on("found", () -> handler.push("answer", US_ASCII));
        channel.writeInbound(ascii("\n"));
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(channel.isOpen()).isTrue();

        socket.openUp();

        assertThat(socket.text()).isEqualTo("answer");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void handlerMayReplyToTheEndAndStayOpen() {
        TestSocket socket = TestSocket.open();
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        handler.on("end", () -> handler.push("bye", US_ASCII));
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        assertThat(socket.text()).isEqualTo("bye");
        assertThat(channel.isOpen()).isTrue();
        channel.finishAndReleaseAll();
    }

    @Test
    void connectionLossWithoutHalfClosureIsAnEndOfInput() {
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        channel.writeInbound(ascii("a"));
        channel.unsafe().close(channel.newPromise());
        channel.runPendingTasks();

        assertThat(handler.events).containsExactly("connect", "a", "truncated", "end", "close");
    }

    @Test
    void localCloseIsNoEndOfInput() {
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        channel.writeInbound(ascii("a"));
        channel.close();

        assertThat(handler.events).containsExactly("connect", "a", "close");
    }

    @Test
    void resetIsAnErrorAndNoEndOfInput() {
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        handler.on("error", () -> {});
        handler.pause();
        channel.writeInbound(ascii("a\n"));
        channel.pipeline().fireExceptionCaught(new IOException("Connection reset"));
        channel.finishAndReleaseAll();

        assertThat(handler.events).containsExactly("connect", "error", "close");
    }

    @Test
    void failedConnectIsReportedAsClosed() {
        ConnectingChannel channel = new ConnectingChannel(handler);
        channel.close();
        channel.runPendingTasks();

        assertThat(handler.events).containsExactly("close");
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "closeWhenDone", "channel", "context", "twice"})
    void closeIsReportedOnce(String who) {
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        handler.on("found", () -> {
            switch (who) {
                case "close" -> handler.close();
                case "closeWhenDone" -> handler.closeWhenDone();
                case "channel" -> channel.close();
                case "context" -> channel.pipeline().context(handler).close();
                default -> {
                    handler.close();
                    handler.close();
                    channel.close();
                }
            }
        });

        channel.writeInbound(ascii("a\nb\n"));
        channel.finishAndReleaseAll();

        assertThat(handler.events).containsExactly("connect", "a", "found", "close");
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "closeWhenDone", "channel", "context", "channel, then removed"})
    void closeWhileCollectingSuppressesFoundTerminator(String who) {
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        handler.on("data", () -> {
            switch (who) {
                case "close" -> handler.close();
                case "closeWhenDone" -> handler.closeWhenDone();
                case "channel" -> channel.close();
                case "context" -> channel.pipeline().context(handler).close();
                default -> {
                    channel.close();
                    channel.pipeline().remove(handler);
                }
            }
        });

        channel.writeInbound(ascii("a\nb\n"));

        assertThat(handler.events).containsExactly("connect", "a", "close");
    }

    @Test
    void pendingCloseStopsDeliveryAndReads() {
        TestSocket socket = TestSocket.stalled();
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        handler.push("a", US_ASCII);
        handler.closeWhenDone();

        channel.writeInbound(ascii("a\n"));
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(channel.config().isAutoRead()).isFalse();
        channel.finishAndReleaseAll();

        assertThat(handler.events).containsExactly("connect", "close");
    }

    @Test
    void closeInHandleTruncatedSuppressesTheEndOfInput() {
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        handler.on("truncated", handler::closeWhenDone);
        channel.writeInbound(ascii("a"));
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.runPendingTasks();

        assertThat(handler.events).containsExactly("connect", "a", "truncated", "close");
    }

    @Test
    void everythingIsDataUntilATerminatorIsSet() {
        RecordingHandler plain = new RecordingHandler(Terminator.none());
        EmbeddedChannel channel = new EmbeddedChannel(plain);
        channel.writeInbound(ascii("a\nb"));

        assertThat(plain.getTerminator()).isEqualTo(Terminator.none());
        assertThat(plain.matchedDelimiter()).isNull();
        channel.finishAndReleaseAll();
        assertThat(plain.events).containsExactly("connect", "a\nb", "close");
    }

    @Test
    void terminatorSetWhileCollectingGovernsTheBytesAfterThePiece() {
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        handler.on("data", () -> {
            if (handler.events.size() == 2) {
                handler.setTerminator(Terminator.length(9));
                handler.setTerminator(Terminator.delimiter("|"));
            }
        });

        channel.writeInbound(ascii("a"), ascii("b\nc|d|"));

        assertThat(handler.events).containsExactly("connect", "a", "b\nc", "found", "d", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void terminatorSetInTheLastPieceGovernsTheNextFrame() {
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        handler.on("data", () -> handler.setTerminator(Terminator.length(2)));

        channel.writeInbound(ascii("a\nb\nc"));

        assertThat(handler.events).containsExactly("connect", "a", "found", "b\n", "found", "c");
        channel.finishAndReleaseAll();
    }

    @Test
    void methodsOutsideAPipelineNameTheMissingPipeline() {
        for (Consumer<AsyncChatHandler> verb : List.<Consumer<AsyncChatHandler>>of(
                AsyncChatHandler::close,
                AsyncChatHandler::closeWhenDone,
                AsyncChatHandler::discardBuffers,
                AsyncChatHandler::channel)) {
            assertThatThrownBy(() -> verb.accept(handler))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("handler: in no pipeline (expected: after handlerAdded)");
        }
    }

    private static ByteBuf ascii(String text) {
        return ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, text);
    }

    @Test
    void lengthSetForHeldBytesEndsItsFrameThoughTheChannelIsClosed() { // the differential's stream 1795805672757210330
        RecordingHandler held =
                new RecordingHandler(Terminator.delimiter("bbaaabb").atMost(1));
        EmbeddedChannel channel = new EmbeddedChannel(held);
        held.on("data", () -> held.setTerminator(Terminator.length(2)));
        held.on("found", () -> held.setTerminator(Terminator.none()));
        channel.writeInbound(ascii("bba"));

        EmbeddedInput.disconnect(channel);

        assertThat(held.events).startsWith("connect", "b", "ba", "found").endsWith("end", "close");
    }
}
