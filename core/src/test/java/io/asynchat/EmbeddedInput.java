package io.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asynchat.testkit.RecordingTail;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/** What a peer and the network do to an {@code EmbeddedChannel}, and the tail that records what comes of it. */
final class EmbeddedInput {

    private EmbeddedInput() {}

    /** Creates a tail that records {@code "abc"} for a frame, {@code "abc~"} for a fragment, {@code "abc!"} for a truncated frame. */
    static RecordingTail tail() {
        return new RecordingTail(message -> {
            if (message instanceof FrameFragment fragment) {
                return fragment.content().toString(ISO_8859_1) + "~";
            }
            if (message instanceof TruncatedFrame rest) {
                return rest.content().toString(ISO_8859_1) + "!";
            }
            return RecordingTail.describe(message);
        });
    }

    /** Delivers bytes in one read. */
    static void receive(EmbeddedChannel channel, String bytes) {
        channel.pipeline().fireChannelRead(buffer(bytes));
        channel.pipeline().fireChannelReadComplete();
        channel.runPendingTasks();
    }

    /** Ends the input, as a half-closing peer does. */
    static void endInput(EmbeddedChannel channel) {
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.runPendingTasks();
    }

    /** Closes the channel as the network does: not through the handlers. */
    static void disconnect(EmbeddedChannel channel) {
        channel.unsafe().close(channel.voidPromise());
        channel.runPendingTasks();
    }

    static ByteBuf buffer(String bytes) {
        return ByteBufAllocator.DEFAULT.buffer().writeBytes(bytes.getBytes(ISO_8859_1));
    }
}
