package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.stream.ChunkedInput;
import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Makes what is to be sent, piece by piece, when there is room for it: what {@link AsyncChatHandler#pushWithProducer}
 * asks.
 *
 * <p>It is asked only when all that was pushed before it has been handed to the transport, and only while the channel is
 * writable, so what waits in memory stays below twice the channel's high watermark plus one piece, whatever its size.
 *
 * <p><b>Thread:</b> asked and closed on the handler's executor. It must not block there.
 *
 * <p><b>Source.</b> asynchat's producers: any object with {@code more()}.
 */
@FunctionalInterface
public interface Producer {

    /**
     * The next piece: a {@link ByteBuf}, or a {@link io.netty.channel.FileRegion} where the transport takes one; null or
     * an empty buffer at the end.
     *
     * <p><b>Ownership:</b> the caller takes the piece over.
     *
     * @param alloc where to take a buffer from
     * @throws Exception is told to {@link AsyncChatHandler#handleError}, which by default closes the channel; the producer
     *     is closed, and its future fails
     */
    @Nullable
    ReferenceCounted more(ByteBufAllocator alloc) throws Exception;

    /** Lets go of what it holds. Called exactly once, at its end or when it is given up; by default does nothing. */
    default void close() throws Exception {}

    /** Sends these bytes; they are not copied, and must not change until they are sent. */
    static Producer of(byte... bytes) {
        return Producers.bytes(bytes);
    }

    /** Sends this buffer, and takes it over. */
    static Producer of(ByteBuf bytes) {
        return Producers.buffer(bytes);
    }

    /** Sends what the stream gives, at most 8 KiB a piece, and closes it. Its reads must not block for long. */
    static Producer of(InputStream in) {
        return Producers.stream(in);
    }

    /**
     * Sends {@code length} bytes of the file from {@code position} on, and closes it. Where nothing in the pipeline has
     * to see the bytes (TLS has to) they go from the file to the socket without a copy.
     *
     * @throws IllegalArgumentException if position or length is negative
     * @throws IOException if the file is shorter than that; it stays open then
     */
    static Producer of(FileChannel file, long position, long length) throws IOException {
        return new FileProducer(file, position, length);
    }

    /**
     * Sends the chunks of one of Netty's chunked inputs, and closes it.
     *
     * <p>An input that has nothing for now and is not at its end ends the connection: there is nobody to ask it again.
     */
    static Producer of(ChunkedInput<ByteBuf> input) {
        return Producers.chunked(input);
    }
}
