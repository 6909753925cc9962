package io.asynchat.cookbook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asynchat.testkit.EveryCut;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.function.Supplier;

/** What a handler sends back. Each character stands for a byte. */
final class Answers {
    private Answers() {}

    /** The answer to a wire, and that it is the same however the wire is cut. */
    static String to(String wire, Supplier<? extends ChannelHandler> handlers) {
        EveryCut.of(wire, ISO_8859_1).through(handlers).agrees();
        return toUncut(wire, handlers);
    }

    /** The answer to a wire that comes in one read; ends with {@code <closed>} if the handler has closed. */
    static String toUncut(String wire, Supplier<? extends ChannelHandler> handlers) {
        EmbeddedChannel channel = new EmbeddedChannel(handlers.get());
        String answer = send(channel, wire);
        channel.finishAndReleaseAll();
        return answer;
    }

    /** The answer of a conversation that goes on. */
    static String send(EmbeddedChannel channel, String wire) {
        ByteBuf bytes = ByteBufAllocator.DEFAULT.buffer();
        bytes.writeCharSequence(wire, ISO_8859_1);
        channel.writeInbound(bytes);
        StringBuilder answer = new StringBuilder();
        for (ByteBuf sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
            answer.append(sent.toString(ISO_8859_1));
            sent.release();
        }
        return answer + (channel.isOpen() ? "" : "<closed>");
    }
}
