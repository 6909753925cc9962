package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** What a callback throws closes its channel, is reported once, and goes no further: R17, R18. */
@ExtendWith(NoLeaks.class)
class HandlerErrorTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(AsyncChatHandler.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    HandlerErrorTest() {
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
        logger.setLevel(Level.DEBUG);
    }

    @AfterEach
    void quiet() {
        logger.detachAppender(log);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    static Stream<Arguments> callbacksAndFaults() {
        return Stream.of("connect", "data", "found", "truncated", "end", "drain", "slow")
                .flatMap(callback -> Stream.of(
                                new IOException("planted"),
                                new IllegalStateException("planted"),
                                new LinkageError("planted"),
                                new StackOverflowError("planted"))
                        .map(fault -> Arguments.of(callback, fault)));
    }

    @ParameterizedTest
    @MethodSource("callbacksAndFaults")
    void callbackErrorIsReportedOnceAndCloses(String callback, Throwable fault) {
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        RecordingHandler neighbour = new RecordingHandler(Terminator.LF);
        EmbeddedChannel other = new EmbeddedChannel(neighbour);
        handler.on("slow", () -> {}).on(callback, () -> TestProducer.throwIt(fault));

        TestSocket socket = TestSocket.stalled();
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        assertThatCode(() -> everythingHappens(channel, handler)).doesNotThrowAnyException();

        assertThat(handler.errors).containsExactly(fault);
        assertThat(channel.isOpen()).isFalse();
        assertThat(Collections.frequency(handler.events, "close")).isEqualTo(1);
        assertThat(handler.events.subList(handler.events.indexOf("error"), handler.events.size()))
                .containsExactly("error", "close");
        assertThatCode(channel::checkException).doesNotThrowAnyException();
        other.writeInbound(ascii("a\n"));
        assertThat(neighbour.events).containsExactly("connect", "a", "found");
        other.finishAndReleaseAll();
        channel.finishAndReleaseAll();
    }

    private static void everythingHappens(EmbeddedChannel channel, RecordingHandler handler) {
        handler.setSendLimit(0);
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.fireChannelRead(ascii("a\nb")).fireChannelReadComplete();
        handler.push("a", US_ASCII); // keeps the channel open
        channel.runPendingTasks();
        pipeline.fireUserEventTriggered(DrainEvent.INSTANCE);
        handler.discardBuffers();
        handler.push("b", US_ASCII);
        pipeline.fireChannelRead(ascii("c")).fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.runPendingTasks();
    }

    @Test
    void errorInHandleCloseIsReported() {
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        RuntimeException fault = new IllegalStateException("planted");
        handler.on("close", () -> {
            throw fault;
        });
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        channel.finishAndReleaseAll();

        assertThat(handler.events).containsExactly("connect", "close", "error");
        assertThat(handler.errors).containsExactly(fault);
        assertThatCode(channel::checkException).doesNotThrowAnyException();
    }

    @Test
    void errorInHandleErrorIsLoggedAndCloses() {
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        StackOverflowError fault = new StackOverflowError("second");
        handler.on("found", () -> {
            throw new IllegalStateException("first");
        });
        handler.on("error", () -> {
            throw fault;
        });
        EmbeddedChannel channel = new EmbeddedChannel(handler);

        assertThatCode(() -> channel.writeInbound(ascii("a\nb\n"))).doesNotThrowAnyException();

        assertThat(handler.events).containsExactly("connect", "a", "found", "error", "close");
        assertThat(log.list).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            assertThat(event.getThrowableProxy().getMessage()).isEqualTo("second");
        });
        channel.finishAndReleaseAll();
    }

    @Test
    void errorInHandleErrorIsNotReportedAgain() {
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        handler.on("error", () -> {
            throw new IllegalStateException("second");
        });
        EmbeddedChannel channel = new EmbeddedChannel(handler);

        channel.pipeline().fireExceptionCaught(new IOException("first"));
        channel.runPendingTasks();

        assertThat(handler.events).containsExactly("connect", "error", "close");
        channel.finishAndReleaseAll();
    }

    @Test
    void handlerThatStaysOpenAfterAnErrorReceivesTheNextFrame() {
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        handler.on("error", () -> handler.push("sorry", US_ASCII));
        handler.on("data", () -> {
            throw new IllegalStateException("planted");
        });
        TestSocket socket = TestSocket.open();
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);

        channel.writeInbound(ascii("a\n\n"));

        assertThat(handler.events).containsExactly("connect", "a", "error", "found");
        assertThat(socket.text()).isEqualTo("sorry");
        channel.finishAndReleaseAll();
    }

    @Test
    void handlerThatStaysOpenBetweenReadsSendsItsPushesAndReceivesTheNextFrame() {
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        handler.on("error", () -> {});
        handler.on("drain", () -> {
            handler.push("sorry", US_ASCII);
            throw new IllegalStateException("planted");
        });
        TestSocket socket = TestSocket.open();
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);

        channel.pipeline().fireUserEventTriggered(DrainEvent.INSTANCE);
        assertThat(socket.text()).isEqualTo("sorry");
        channel.writeInbound(ascii("a\n"));

        assertThat(handler.events).containsExactly("connect", "drain", "error", "a", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void peerErrorIsNotPassedOnAndHandlerErrorIs() {
        ArithmeticException ours = new ArithmeticException("x");
        for (Throwable cause : List.of(new IOException("x"), new DecoderException("x"), ours)) {
            EmbeddedChannel channel = new EmbeddedChannel(new AsyncChatHandler() {
                @Override
                protected void foundTerminator() {}
            });
            channel.pipeline().fireExceptionCaught(cause);
            assertThat(channel.isOpen()).isFalse();
            if (cause == ours) {
                assertThatThrownBy(channel::checkException).isSameAs(ours);
            }
            channel.finishAndReleaseAll();
        }

        assertThat(log.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.DEBUG, Level.DEBUG);
    }

    @Test
    void connectionErrorAfterTheCloseIsNotReported() {
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        handler.on("found", () -> {
            handler.close();
            channel.pipeline().fireExceptionCaught(new IOException("late"));
        });

        channel.writeInbound(ascii("\n"));

        assertThat(handler.events).containsExactly("connect", "found", "close");
        channel.finishAndReleaseAll();
    }

    @Test
    void errorInTheReplacingCallbackClosesTheChannel() {
        RecordingHandler handler = new RecordingHandler(Terminator.LF);
        RecordingHandler next = new RecordingHandler(Terminator.LF);
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        handler.on("found", () -> {
            channel.pipeline().replace(handler, null, next);
            throw new IllegalStateException("planted");
        });

        channel.writeInbound(ascii("a\nb\n"));

        assertThat(handler.events).containsExactly("connect", "a", "found", "error");
        assertThat(next.events).doesNotContain("b").endsWith("close");
        channel.finishAndReleaseAll();
    }

    private static ByteBuf ascii(String text) {
        return ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, text);
    }
}
