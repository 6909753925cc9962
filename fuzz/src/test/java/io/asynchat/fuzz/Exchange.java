package io.asynchat.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A connection without a socket, in virtual time: a peer sends a wire in pieces, then ends its side or is silent.
 *
 * @param written all bytes that the handler has sent, each as one character
 * @param events what else came of the wire, in order
 * @param closed whether the handler has closed the connection
 */
public record Exchange(String written, List<String> events, boolean closed) {
    /** What the peer does after its last byte. */
    public enum Ending {
        /** Ends its side. */
        END_OF_INPUT,
        /** Sends nothing for an hour. */
        SILENCE,
        /** Closes the connection. */
        DISCONNECT
    }

    /** Plays the wire against the handler. Events that the handler itself records are added to {@code events}. */
    public static Exchange of(ChannelHandler handler, byte[] wire, Cut cut, Ending ending, List<String> events) {
        MockTicker time = Ticker.newMockTicker();
        Tail tail = new Tail(events);
        EmbeddedChannel channel =
                EmbeddedChannel.builder().ticker(time).handlers(handler, tail).build();
        List<ByteBuf> received = new ArrayList<>();
        for (byte[] piece : cut.pieces(wire)) {
            if (!channel.isOpen()) {
                break;
            }
            ByteBuf buffer = channel.alloc().buffer(piece.length).writeBytes(piece);
            received.add(buffer);
            channel.writeInbound(buffer);
        }
        end(channel, time, ending);
        boolean closed = !channel.isOpen();
        channel.close();
        channel.runPendingTasks();
        String written = written(channel);
        for (ByteBuf buffer : received) {
            FuzzAssertions.that(buffer.refCnt() == 0, () -> "a received buffer is not released");
        }
        FuzzAssertions.that(tail.faults().isEmpty(), tail.faults()::toString);
        return new Exchange(written, List.copyOf(events), closed);
    }

    private static void end(EmbeddedChannel channel, MockTicker time, Ending ending) {
        switch (ending) {
            case END_OF_INPUT -> {
                if (channel.isOpen()) {
                    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
                }
                channel.runPendingTasks();
                time.advance(1, TimeUnit.MINUTES);
            }
            case SILENCE -> time.advance(1, TimeUnit.HOURS);
            case DISCONNECT -> channel.unsafe().close(channel.voidPromise());
        }
        channel.runPendingTasks();
        channel.runScheduledPendingTasks();
    }

    private static String written(EmbeddedChannel channel) {
        StringBuilder written = new StringBuilder();
        Object message;
        while ((message = channel.readOutbound()) != null) {
            Object sent = message;
            FuzzAssertions.that(sent instanceof ByteBuf, () -> "written: " + sent);
            written.append(((ByteBuf) message).toString(ISO_8859_1));
            ReferenceCountUtil.release(message);
        }
        return written.toString();
    }
}
