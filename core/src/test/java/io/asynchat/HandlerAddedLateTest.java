package io.asynchat;

import static io.asynchat.EmbeddedInput.buffer;
import static io.asynchat.EmbeddedInput.receive;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A handler that joins a connection, and its bytes follow at once: what it does in handleConnect governs the first of them. */
@ExtendWith(NoLeaks.class)
class HandlerAddedLateTest {
    private final RecordingHandler handler = new RecordingHandler(Terminator.LF);
    private final EmbeddedChannel channel = new EmbeddedChannel();

    /** As a handler does that looks at the first bytes, to see which protocol they are. */
    private void joinWith(String bytes) {
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ctx.pipeline().addLast(handler);
                ctx.fireChannelRead(message);
                ctx.pipeline().remove(this);
            }
        });
        channel.writeInbound(buffer(bytes));
    }

    @Test
    void handleConnectComesBeforeTheFirstBytes() {
        joinWith("a\n");

        assertThat(handler.events).containsExactly("connect", "a", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void handleConnectComesBeforeAFrameThatNeedsNoBytes() {
        handler.setTerminator(Terminator.length(0));
        channel.pipeline().addLast(handler);
        channel.runPendingTasks();

        assertThat(handler.events).containsExactly("connect", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void terminatorSetInHandleConnectGovernsTheFirstByte() {
        handler.on("connect", () -> handler.setTerminator(Terminator.length(2)));
        joinWith("a\nb");

        assertThat(handler.events).containsExactly("connect", "a\n", "found", "b");
        channel.finishAndReleaseAll();
    }

    @Test
    void pauseInHandleConnectHoldsTheFirstByte() {
        handler.on("connect", handler::pause);
        joinWith("a\n");
        assertThat(handler.events).containsExactly("connect");

        handler.resume();

        assertThat(handler.events).containsExactly("connect", "a", "found");
        channel.finishAndReleaseAll();
    }

    @Test
    void handlerThatReplacesItInHandleConnectReceivesEverything() {
        RecordingHandler next = new RecordingHandler(Terminator.LF);
        handler.on("connect", () -> channel.pipeline().replace(handler, null, next));
        joinWith("a\nb");

        assertThat(handler.events).containsExactly("connect");
        assertThat(next.events).containsExactly("connect", "a", "found", "b");
        channel.finishAndReleaseAll();
    }

    @Test
    void handlerRemovedInHandleConnectForwardsEverything() {
        handler.on("connect", () -> channel.pipeline().remove(handler));
        joinWith("a\nb");

        ByteBuf all = channel.readInbound();
        assertThat(all.toString(US_ASCII)).isEqualTo("a\nb");
        all.release();
        channel.finishAndReleaseAll();
    }

    @Test
    @SuppressWarnings("deprecation") // Netty discourages executors of handlers, and still has them
    void handleConnectRunsOnTheHandlersExecutor() {
        ManualExecutor executor = new ManualExecutor();
        channel.pipeline().addLast(TerminatorFrameDecoder.streaming(Terminator.LF));
        channel.pipeline().addLast(executor, handler);
        executor.runOne(); // handlerAdded

        receive(channel, "a\n");
        assertThat(handler.events).isEmpty();
        run(executor);

        assertThat(handler.events).containsExactly("connect", "a", "found");
        end(executor);
    }

    @Test
    @SuppressWarnings("deprecation") // the same
    void waitingBytesAreDeliveredWithoutATerminator() {
        ManualExecutor executor = new ManualExecutor();
        RecordingHandler plain = new RecordingHandler();
        channel.pipeline().addLast(TerminatorFrameDecoder.streaming(Terminator.LF));
        channel.pipeline().addLast(executor, plain);

        receive(channel, "a\n");
        run(executor);

        assertThat(plain.events).containsExactly("connect", "a", "found");
        end(executor);
    }

    private void run(ManualExecutor executor) {
        while (executor.runOne()) {
            channel.runPendingTasks();
        }
    }

    private void end(ManualExecutor executor) {
        channel.close();
        executor.runAll();
        channel.finishAndReleaseAll();
    }

    @Test
    @SuppressWarnings("deprecation") // Netty discourages executors of handlers, and still has them
    void waitingBytesAreDeliveredOnTheHandlersExecutor() {
        ManualExecutor executor = new ManualExecutor();
        handler.on("connect", () -> handler.setTerminator(Terminator.length(2)));
        channel.pipeline().addLast(TerminatorFrameDecoder.streaming(Terminator.LF));
        channel.pipeline().addLast(executor, handler);

        receive(channel, "a\nbc");
        run(executor);

        assertThat(handler.events).containsExactly("connect", "a\n", "found", "bc");
        end(executor);
    }

    @Test
    void handleConnectComesBeforeAnEndOfTheInputThatComesFirst() {
        channel.pipeline().addLast(handler);
        assertThat(handler.events).isEmpty(); // its task waits

        EmbeddedInput.endInput(channel);

        assertThat(handler.events).containsExactly("connect", "end", "close");
        channel.finishAndReleaseAll();
    }
}
