package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.stream.ChunkedInput;
import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Makes bytes to send, piece by piece, while the channel accepts them; see {@link AsyncChatHandler#pushWithProducer}.
 *
 * <p>{@link #more} is called only when all that was pushed before has been handed to the transport, and only while the channel
 * is writable, so the bytes in memory stay below twice the channel's high watermark plus one piece.
 *
 * <pre>{@code
 * void countTo(int last) {
 *     AtomicInteger next = new AtomicInteger(1);
 *     pushWithProducer(alloc -> next.get() > last
 *             ? null // the end
 *             : ByteBufUtil.writeAscii(alloc, next.getAndIncrement() + "\n"));
 * }
 * }</pre>
 *
 * <p><b>Thread:</b> called and closed on the handler's executor. It must not block there.
 *
 * <p><b>Source.</b> asynchat's producers: any object with {@code more()}.
 */
@FunctionalInterface
public interface Producer {

    /**
     * The answer of a producer that has nothing to send now and is not at its end. {@link #more} is called again after {@link
     * AsyncChatHandler#resumeProducer}; pushes behind it wait, and are not refused because of the send limit.
     */
    ReferenceCounted NOT_YET = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(new byte[1]));

    /**
     * Returns the next piece: a {@link ByteBuf}, or a {@link io.netty.channel.FileRegion} where the transport takes one; null
     * or an empty buffer at the end.
     *
     * <p><b>Ownership:</b> the caller takes the piece over.
     *
     * @param alloc the channel's allocator
     * @throws Exception is reported to {@link AsyncChatHandler#handleError}, which by default closes the channel; the
     *     producer is closed, and its future fails
     */
    @Nullable
    ReferenceCounted more(ByteBufAllocator alloc) throws Exception;

    /** Releases its resources. Called exactly once, at its end or when it fails; by default does nothing. */
    default void close() throws Exception {}

    /** Returns a producer of these bytes; they are not copied, and must not change until they are sent. */
    static Producer of(byte[] bytes) {
        return Producers.bytes(bytes);
    }

    /** Returns a producer of this buffer, and takes it over. */
    static Producer of(ByteBuf bytes) {
        return Producers.buffer(bytes);
    }

    /** Returns a producer of the bytes of a stream, at most 8 KiB a piece, and closes it. Its reads must not block for long. */
    static Producer of(InputStream in) {
        return Producers.stream(in);
    }

    /**
     * Returns a producer of {@code length} bytes of the file from {@code position} on, which closes it. Without TLS the
     * bytes go from the file to the socket without a copy.
     *
     * @throws IllegalArgumentException if position or length is negative
     * @throws IOException if the file is shorter than that; it stays open then
     */
    static Producer of(FileChannel file, long position, long length) throws IOException {
        return new Producers.FileProducer(file, position, length);
    }

    /**
     * Returns a producer of the chunks of one of Netty's chunked inputs, which closes it.
     *
     * <p>An input that has nothing now and is not at its end is read again after {@link AsyncChatHandler#resumeProducer}.
     */
    static Producer of(ChunkedInput<ByteBuf> input) {
        return Producers.chunked(input);
    }
}
