package io.asynchat;

import static io.asynchat.EmbeddedInput.buffer;
import static io.asynchat.EmbeddedInput.receive;
import static io.asynchat.Terminator.delimiter;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.asynchat.testkit.RecordingTail;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A takeover from a decoder on another executor that is late or refused: no byte is lost, and what was refused is closed. */
@ExtendWith(NoLeaks.class)
@SuppressWarnings("deprecation") // Netty discourages executors of handlers, and still has them
class DecoderTakeoverLateTest {
    private static final Terminator BAR = delimiter("|");

    private final ManualExecutor executor = new ManualExecutor();
    private final RecordingHandler handler = new RecordingHandler();
    private final RecordingTail tail = EmbeddedInput.tail();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    private void run() {
        do {
            channel.runPendingTasks();
        } while (executor.runOne());
    }

    @Test
    void decoderGoesOnWhereTheHandlerIsRemovedBetweenItsAdditionAndTheTakeover() {
        channel.pipeline()
                .addLast(new TerminatorFrameDecoder(BAR))
                .addLast(executor, handler)
                .addLast(tail);
        executor.runOne(); // handlerAdded: from now on the decoder waits to give up
        channel.pipeline().fireChannelRead(buffer("a|b|"));

        channel.pipeline().remove(handler);
        run();

        assertThat(tail.events()).containsExactly("a", "b");
        channel.finishAndReleaseAll();
    }

    @Test
    void unreadBytesOfADecoderThatHasStoppedGoOnWhereTheHandlerIsRemovedFirst() {
        channel.pipeline()
                .addLast(new TerminatorFrameDecoder(BAR))
                .addLast(executor, handler)
                .addLast(tail);
        executor.runOne(); // handlerAdded
        channel.pipeline().fireChannelRead(buffer("a|b|"));
        executor.execute(() -> channel.pipeline().remove(handler));
        channel.runPendingTasks(); // the decoder stops for the handler, which is still there

        run();

        assertThat(String.join("", tail.events())).isEqualTo("a|b|");
        assertThat(tail.completedReads()).isEqualTo(1);
        channel.finishAndReleaseAll();
    }

    @Test
    void handlerThatIsAddedAmongFramesIsClosedThoughItDoesNotCloseOnErrors() {
        handler.on("error", () -> {});
        channel.pipeline().addLast(new TerminatorFrameDecoder(BAR), new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ReferenceCountUtil.release(message);
                ctx.pipeline().addLast(executor, handler);
                ctx.pipeline().remove(this);
            }
        });

        receive(channel, "go|b|c|");
        run();

        assertThat(handler.errors).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void handlerThatGetsFragmentsIsClosedThoughItDoesNotCloseOnErrors() {
        handler.on("error", () -> {});
        channel.pipeline().addLast(TerminatorFrameDecoder.streaming(BAR), new ChannelInboundHandlerAdapter(), handler);

        receive(channel, "half");

        assertThat(handler.errors).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void limitOfTheHandlerHoldsForTheTerminatorOfTheDecoder() {
        handler.setFrameLimit(3);
        handler.on("error", () -> {});
        channel.pipeline().addLast(new TerminatorFrameDecoder(BAR), handler);

        receive(channel, "abcd|ab|");

        assertThat(handler.errors).singleElement().isInstanceOf(FrameTooLongException.class);
        assertThat(handler.events).endsWith("ab", "found").doesNotContain("abcd");
        channel.finishAndReleaseAll();
    }
}
