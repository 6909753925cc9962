package io.asynchat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asynchat.testkit.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.nio.channels.ClosedChannelException;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes out beside pushes, through the pipeline or by a group: behind what was pushed, whole, and never within it. */
@ExtendWith(NoLeaks.class)
class SendPipelineWriteOrderTest {
    private static final int ENTRY = 96; // what Netty adds to each write that waits

    private final RecordingHandler handler = new RecordingHandler(Terminator.LF);

    /** How a message is sent that is no push of the handler's own. */
    enum Way {
        CHANNEL((handler, data) -> handler.channel().writeAndFlush(data)),
        CHANNEL_GROUP((handler, data) -> {
            ChannelGroup group = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
            group.add(handler.channel());
            group.writeAndFlush(data);
        }),
        HANDLER_BEHIND(
                (handler, data) -> handler.channel().pipeline().lastContext().writeAndFlush(data)),
        OUR_GROUP((handler, data) -> {
            AsyncChatGroup group = new AsyncChatGroup();
            group.join(handler);
            group.broadcast(data);
        });

        @SuppressWarnings("ImmutableEnumChecker") // a lambda without a state
        private final BiConsumer<RecordingHandler, ByteBuf> send;

        Way(BiConsumer<RecordingHandler, ByteBuf> send) {
            this.send = send;
        }
    }

    @ParameterizedTest
    @EnumSource
    void messageIsSentBehindAnUnfinishedProducer(Way way) {
        WriteBlocker stall = new WriteBlocker();
        EmbeddedChannel channel = new EmbeddedChannel(stall, handler, new ChannelInboundHandlerAdapter());
        stall.watermarks(1, 2 + ENTRY); // a piece fills it

        handler.pushWithProducer(new TestProducer("abc", "abc", "abc"));
        handler.push("|", US_ASCII);
        channel.runPendingTasks();
        way.send.accept(handler, EmbeddedInput.buffer("!"));
        handler.push("?", US_ASCII);
        channel.runPendingTasks();
        stall.go();
        channel.runPendingTasks();

        assertThat(sent(channel)).isIn("abcabcabc|!?", way == Way.OUR_GROUP ? "abcabcabc|?!" : "");
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @EnumSource
    void messageIsSentBehindThePushesOfTheCallback(Way way) {
        EmbeddedChannel channel = new EmbeddedChannel(handler, new ChannelInboundHandlerAdapter());
        handler.on("found", () -> {
            handler.push("a", US_ASCII);
            way.send.accept(handler, EmbeddedInput.buffer("!"));
            handler.push("b", US_ASCII);
        });

        EmbeddedInput.receive(channel, "\n");

        assertThat(sent(channel)).isEqualTo(way == Way.OUR_GROUP ? "ab!" : "a!b");
        channel.finishAndReleaseAll();
    }

    @Test
    void writeWithoutPushesIsSentAtOnce() {
        TestSocket socket = TestSocket.open();
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler, new ChannelInboundHandlerAdapter());

        ChannelFuture written = channel.writeAndFlush(EmbeddedInput.buffer("!"));

        assertThat(written.isSuccess()).isTrue();
        assertThat(socket.text()).isEqualTo("!");
        assertThat(socket.flushes()).isEqualTo(1);
        channel.finishAndReleaseAll();
    }

    @Test
    void writeAfterCloseWhenDoneFailsAndIsReleased() {
        TestSocket socket = TestSocket.stalled();
        EmbeddedChannel channel = new EmbeddedChannel(socket, handler);
        handler.push("a", US_ASCII);
        handler.closeWhenDone();
        ByteBuf late = EmbeddedInput.buffer("late");

        ChannelFuture refused = channel.writeAndFlush(late);
        channel.runPendingTasks();
        socket.openUp();
        channel.runPendingTasks();

        assertThat(refused.cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(late.refCnt()).isZero();
        assertThat(socket.text()).isEqualTo("a");
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void writeOfAnEarlierHandlerPassesBy() {
        TestSocket socket = TestSocket.stalled();
        ChannelInboundHandlerAdapter before = new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                ctx.writeAndFlush(EmbeddedInput.buffer("!"));
            }
        };
        EmbeddedChannel channel = new EmbeddedChannel(socket, before, handler);
        socket.writable(false);
        handler.pushWithProducer(new TestProducer("a"));
        channel.pipeline().fireUserEventTriggered("now");
        socket.writable(true);
        socket.openUp();
        channel.runPendingTasks();

        assertThat(socket.text()).isEqualTo("!a");
        channel.finishAndReleaseAll();
    }

    private static String sent(EmbeddedChannel channel) {
        StringBuilder sent = new StringBuilder();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            sent.append(next.toString(US_ASCII));
            next.release();
        }
        return sent.toString();
    }
}
