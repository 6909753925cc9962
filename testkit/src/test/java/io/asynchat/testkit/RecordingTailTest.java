package io.asynchat.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.DefaultByteBufHolder;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.LineBasedFrameDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The handler that records the end of a pipeline. */
@ExtendWith(NoLeaks.class)
class RecordingTailTest {

    private final RecordingTail tail = new RecordingTail();
    private final EmbeddedChannel channel = new EmbeddedChannel(new LineBasedFrameDecoder(8), tail);

    private static ByteBuf buffer(String text) {
        return ByteBufAllocator.DEFAULT.buffer().writeBytes(text.getBytes(US_ASCII));
    }

    @Test
    void messagesEventsAndExceptionsAreRecordedInOrder() {
        channel.writeInbound(buffer("ab\nmuch too long\nc\n"));
        channel.pipeline().fireChannelRead(new DefaultByteBufHolder(buffer("held")));
        channel.pipeline().fireUserEventTriggered("ready");
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        channel.finish();

        assertThat(tail.events())
                .containsExactly(
                        "ab",
                        "TooLongFrameException",
                        "c",
                        "DefaultByteBufHolder(held)",
                        "ready",
                        "end of input",
                        "inactive");
        assertThat(tail.exceptions()).singleElement().asString().contains("length (13)");
        assertThat(tail.completedReads()).isEqualTo(1);
    }

    @Test
    void actionRunsAfterItsEventIsRecorded() {
        tail.on("quit", ctx -> {
            assertThat(tail.events()).endsWith("quit");
            ctx.close();
        });

        channel.writeInbound(buffer("quit\n"));

        assertThat(channel.isOpen()).isFalse();
        assertThat(tail.events()).containsExactly("quit", "inactive");
    }

    @Test
    void actionRunsAtTheEndOfARead() {
        tail.on("read complete", ctx -> ctx.writeAndFlush(buffer("done")));

        channel.writeInbound(buffer("a\nb\n"));

        ByteBuf written = channel.readOutbound();
        assertThat(written.toString(US_ASCII)).isEqualTo("done");
        written.release();
        assertThat(channel.<Object>readOutbound()).isNull();
    }

    @Test
    void descriptionCanBeReplaced() {
        RecordingTail lengths = new RecordingTail(message -> "length " + ((ByteBuf) message).readableBytes());
        new EmbeddedChannel(lengths).writeInbound(buffer("abc"));

        assertThat(lengths.events()).containsExactly("length 3");
    }
}
