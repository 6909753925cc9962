package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.util.concurrent.UnorderedThreadPoolEventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Events of the channel and the pipeline, and what a handler can ask of its connection. */
@ExtendWith(NoLeaks.class)
@SuppressWarnings("deprecation") // of addLast with an executor, which users still have
class HandlerEventsTest {
    private static final Object EVENT = "an event of the user";

    private final TestSocket socket = TestSocket.open();
    private final Listening handler = new Listening();
    private final List<Object> behind = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel(socket, handler, new ChannelInboundHandlerAdapter() {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            behind.add(event);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            behind.add(cause);
        }
    });

    /** Writes down the events too. */
    private static final class Listening extends RecordingHandler {
        private boolean inside; // a callback
        private boolean nested;

        Listening() {
            super(Terminator.LF);
        }

        @Override
        protected void foundTerminator() throws Exception {
            inside = true;
            super.foundTerminator();
            inside = false;
        }

        @Override
        protected void handleWritable() throws Exception {
            nested |= inside;
            events.add("writable");
            acted("writable");
        }

        @Override
        protected void handleUserEvent(Object event) throws Exception {
            nested |= inside;
            events.add(event.toString());
            acted("event");
        }
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    // ---- writable

    @Test
    void handleWritableComesAfterTheQueueWasDrainedAndBeforeDeliveryGoesOn() {
        List<String> sent = new ArrayList<>();
        handler.on("writable", () -> sent.add(socket.text()));
        handler.on("found", () -> {
            if (handler.events.size() == 3) {
                socket.writable(false);
                handler.pushWithProducer(new TestProducer("p1 ", "p2 "));
                handler.push("x ", US_ASCII);
            }
        });

        channel.writeInbound(ascii("one\ntwo\n"));
        assertThat(handler.events).containsExactly("connect", "one", "found");
        socket.writable(true);

        assertThat(handler.events).containsExactly("connect", "one", "found", "writable", "two", "found");
        assertThat(sent).containsExactly("p1 p2 x ");
    }

    @Test
    void pushInHandleWritableIsSent() {
        handler.on("writable", () -> handler.push("again", US_ASCII));
        socket.writable(false);

        socket.writable(true);
        channel.runPendingTasks();

        assertThat(socket.text()).isEqualTo("again");
        assertThat(handler.events).containsExactly("connect", "writable");
    }

    @Test
    void handleWritableDoesNotComeAfterCloseWhenDone() {
        socket.writable(false);
        handler.pushWithProducer(new TestProducer("p"));
        handler.closeWhenDone();

        socket.writable(true);

        assertThat(socket.text()).isEqualTo("p");
        assertThat(handler.events).containsExactly("connect", "close");
    }

    @Test
    void handleWritableDoesNotComeIfTheQueueFillsTheChannelAgain() {
        WriteBlocker stall = new WriteBlocker();
        Listening sender = new Listening();
        EmbeddedChannel line = new EmbeddedChannel(stall, sender);
        stall.watermarks(4, 8);
        sender.push("0123456789", US_ASCII);
        line.runPendingTasks();
        assertThat(line.isWritable()).isFalse();
        sender.pushWithProducer(new TestProducer("abcdefghij"));
        line.runPendingTasks();
        line.unsafe().outboundBuffer().addFlush();

        stall.stop();
        line.unsafe().flush(); // what is there goes, and the producer fills it again
        line.runPendingTasks();

        assertThat(sender.events).doesNotContain("writable");
        stall.go();
        assertThat(sender.events).endsWith("writable");
        line.finishAndReleaseAll();
    }

    @Test
    void errorInHandleWritableIsReported() {
        IllegalStateException fault = new IllegalStateException("planted");
        handler.on("writable", () -> {
            throw fault;
        });
        socket.writable(false);

        socket.writable(true);

        assertThat(handler.errors).containsExactly(fault);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void handleWritableIsNotCalledInsideACallback() {
        EmbeddedChannel line = new EmbeddedChannel();
        Listening sender = new Listening();
        line.pipeline().addLast(sender);
        line.runPendingTasks();
        line.config().setWriteBufferWaterMark(new WriteBufferWaterMark(4, 8));
        sender.on("found", () -> sender.push("0123456789", US_ASCII));

        line.writeInbound(ascii("one\ntwo\n"));

        assertThat(sender.nested).isFalse();
        assertThat(sender.events).containsSubsequence("one", "found", "two", "found");
        line.finishAndReleaseAll();
    }

    // ---- user events

    @Test
    void userEventComesToTheHandlerAndIsPassedOn() {
        channel.pipeline().fireUserEventTriggered(EVENT);

        assertThat(handler.events).containsExactly("connect", EVENT.toString());
        assertThat(behind).containsExactly(EVENT);
    }

    @Test
    void userEventIsPassedOnThoughItsCallbackThrows() {
        IllegalStateException fault = new IllegalStateException("planted");
        handler.on("error", () -> {});
        handler.on("event", () -> {
            throw fault;
        });

        channel.pipeline().fireUserEventTriggered(EVENT);

        assertThat(handler.errors).containsExactly(fault);
        assertThat(behind).containsExactly(EVENT);
    }

    @Test
    void userEventAfterTheCloseIsPassedOnOnly() {
        handler.push("a", US_ASCII);
        socket.writable(false);
        handler.pushWithProducer(new TestProducer("p"));
        handler.closeWhenDone();

        channel.pipeline().fireUserEventTriggered(EVENT);

        assertThat(handler.events).containsExactly("connect");
        assertThat(behind).containsExactly(EVENT);
    }

    @Test
    void endOfInputIsNoUserEvent() {
        handler.on("end", () -> {});

        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        assertThat(handler.events).containsExactly("connect", "end");
        assertThat(behind).containsExactly(ChannelInputShutdownEvent.INSTANCE);
    }

    @Test
    void drainIsNoUserEventAndIsPassedOn() {
        handler.on("drain", () -> {});

        channel.pipeline().fireUserEventTriggered(DrainEvent.INSTANCE);

        assertThat(handler.events).containsExactly("connect", "drain");
        assertThat(behind).containsExactly(DrainEvent.INSTANCE);
    }

    @Test
    void endOfReadsIsAUserEventAsAnyOther() {
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);

        assertThat(behind).containsExactly(ChannelInputShutdownReadComplete.INSTANCE);
        assertThat(handler.events).hasSize(2);
    }

    @Test
    void framesGoOnAfterWhatAUserEventSets() {
        handler.on("event", () -> handler.setTerminator(Terminator.delimiter("|")));
        channel.writeInbound(ascii("a|b\nc|"));
        assertThat(handler.events).containsExactly("connect", "a|b", "found", "c|");

        channel.pipeline().fireUserEventTriggered(EVENT);
        channel.writeInbound(ascii("d|"));

        assertThat(handler.events).endsWith(EVENT.toString(), "d", "found");
    }

    @Test
    void pushesOfAUserEventAreFlushedOnce() {
        handler.on("event", () -> {
            handler.push("a", US_ASCII);
            handler.push("b", US_ASCII);
        });

        channel.pipeline().fireUserEventTriggered(EVENT);

        assertThat(socket.text()).isEqualTo("ab");
        assertThat(socket.flushes()).isEqualTo(1);
    }

    // ---- the connection

    @Test
    void executorIsTheEventLoopUnlessAnotherWasGiven() {
        assertThat(handler.executor()).isSameAs(channel.eventLoop());

        ManualExecutor executor = new ManualExecutor();
        RecordingHandler other = new RecordingHandler();
        EmbeddedChannel line = new EmbeddedChannel();
        line.pipeline().addLast(executor, other);
        executor.runAll();
        assertThat(other.executor()).isSameAs(executor);
        assertThat(other.channel()).isSameAs(line);
        line.pipeline().remove(other);
        executor.runAll();
        assertThat(other.executor()).as("after its removal too").isSameAs(executor);
        line.finishAndReleaseAll();
    }

    @Test
    void remoteAddressIsTheChannels() {
        assertThat(handler.remoteAddress()).isEqualTo(channel.remoteAddress());
    }

    @Test
    void handlerOutsideAPipelineHasNoConnection() {
        RecordingHandler outside = new RecordingHandler();

        assertThatThrownBy(outside::executor)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("handler: in no pipeline (expected: after handlerAdded)");
        assertThatThrownBy(outside::remoteAddress).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(outside::channel).isInstanceOf(IllegalStateException.class);
        assertThat(outside.unsentBytes()).isZero();
        assertThat(outside.hasUnread()).isFalse();
    }

    @Test
    void unorderedExecutorIsRefused() throws Exception {
        UnorderedThreadPoolEventExecutor unordered = new UnorderedThreadPoolEventExecutor(1);
        RecordingHandler other = new RecordingHandler();
        EmbeddedChannel line = new EmbeddedChannel();
        try {
            line.pipeline().addLast(unordered, other);
            unordered.submit(() -> {}).get(20, TimeUnit.SECONDS);

            assertThatThrownBy(() -> {
                        line.runPendingTasks();
                        line.checkException();
                    })
                    .hasRootCauseInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith("has thrown an exception; removed.")
                    .hasStackTraceContaining("(expected: an OrderedEventExecutor)");
            assertThat(line.pipeline().get(RecordingHandler.class)).isNull();
        } finally {
            unordered.shutdownGracefully(0, 20, TimeUnit.SECONDS).get(20, TimeUnit.SECONDS);
            line.finishAndReleaseAll();
        }
    }

    @Test
    void hasUnreadIsTrueIfMoreThanThePresentPieceWasReceived() {
        List<Boolean> unread = new ArrayList<>();
        handler.on("found", () -> unread.add(handler.hasUnread()));

        channel.writeInbound(ascii("one\ntwo\nthr"));

        assertThat(unread).containsExactly(true, true);
        assertThat(handler.hasUnread()).isFalse();
        channel.writeInbound(ascii("ee\n"));
        assertThat(unread).containsExactly(true, true, false);
    }

    private static ByteBuf ascii(String text) {
        return ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, text);
    }
}
