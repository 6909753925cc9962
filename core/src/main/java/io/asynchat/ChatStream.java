package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A connection that straight-line code reads and writes: each read waits for one frame and names what ends it.
 *
 * <pre>{@code
 * ChatStream.Protocol echo = stream -> {
 *     for (String line; (line = stream.readText(Terminator.LINE, UTF_8)) != null; ) {
 *         stream.write(line + "\n", UTF_8);
 *     }
 * };
 * AsyncChatServer.streams(Executors.newCachedThreadPool(), echo).bind(new InetSocketAddress("127.0.0.1", 5005));
 * }</pre>
 *
 * <p>{@link AsyncChatServer#streams} runs a protocol for each connection of a server; {@link AsyncChatClient#open} connects and
 * returns a stream; {@link #handler} makes the handler of a pipeline.
 *
 * <h2>Reading</h2>
 *
 * <p>One read takes one frame, and its terminator governs the very next byte. Between two reads nothing is decoded; bytes are
 * read ahead up to a bound ({@link #setReadAhead}), and the peer waits for the rest. A read takes a frame as a whole or not at
 * all: after an interrupt, a timeout or a cancelled future the next read begins at the same byte.
 *
 * <p>A read returns null at the end of the input between two frames. It throws
 *
 * <ul>
 *   <li>a {@link TruncatedFrameException} if the input ends inside the frame, and null is returned from then on;
 *   <li>a {@link FrameTooLongException} if the frame is longer than its limit; the rest of it is skipped, and the next read
 *       takes the frame after it;
 *   <li>a {@link io.netty.handler.codec.CorruptedFrameException} if a length prefix is invalid, a {@link
 *       ProtocolTimeoutException} of the frame or idle timeout, or the {@link IOException} of a reset: these end the input, and
 *       every later read throws them again;
 *   <li>a {@link ProtocolTimeoutException} of kind {@code READ} after {@link #setReadTimeout};
 *   <li>a {@link ClosedChannelException} if the connection is closed on this side, or the handler is removed from its pipeline.
 * </ul>
 *
 * <h2>Writing</h2>
 *
 * <p>Written bytes are sent before a read waits, by {@link #flush}, and as soon as the high watermark of the channel has come
 * together. While more than that is on its way, a write waits: a loop that writes 2 MiB takes as long as the peer does to read
 * them. A failed connection is reported by the next write or flush.
 *
 * <p><b>Thread:</b> any that may block, one reader at a time; several threads may write. On an event loop the methods that wait
 * throw an {@link IllegalStateException}; there {@link #readAsync} reads, and a write is refused above the send limit, as of a
 * {@link AsyncChatHandler#push(ByteBuf, ByteBuf...)}. An interrupt ends a wait with an {@link InterruptedException}.
 *
 * <p><b>Ownership:</b> a buffer that is written is taken over, always; a buffer that is read belongs to the caller.
 *
 * <p><b>Source.</b> asyncio's {@code StreamReader} and {@code StreamWriter}.
 */
// Longer than other files: it is the whole vocabulary of streams, and most of it is contract.
public final class ChatStream implements AutoCloseable {
    /** Straight-line code that serves one connection. */
    @FunctionalInterface
    public interface Protocol {
        /**
         * Serves a connection. When it returns, what it has written is sent and the connection is closed. An exception that it
         * throws closes the connection at once, and is logged as one of a handler's callback: see {@link
         * AsyncChatHandler#handleError}.
         */
        void run(ChatStream stream) throws Exception;
    }

    private final StreamHandler handler;
    private volatile long readNanos; // 0: no timeout
    private volatile long writeNanos; // the same

    ChatStream(StreamHandler handler) {
        this.handler = handler;
    }

    /**
     * Returns the handler of one connection, which runs the protocol when the connection is established.
     *
     * <p>A protocol that the executor has not begun when the connection closes is not run. One that the executor rejects closes
     * the connection.
     *
     * @param executor has threads that may block, such as {@code Executors.newVirtualThreadPerTaskExecutor()}. A pool serves as
     *     many connections at a time as it has threads; others wait, and are read ahead
     * @throws IllegalArgumentException if the executor is an event loop or a group of them
     */
    public static ChannelHandler handler(Executor executor, Protocol protocol) {
        Checks.notNull(protocol, "protocol");
        return new StreamHandler(EventLoops.requireBlocking(executor), protocol);
    }

    /**
     * Returns the handler of one connection, which passes the stream on when the connection is established, on the event loop: to
     * read by {@link #readAsync}. The connection stays open until it is closed.
     */
    public static ChannelHandler handler(Consumer<? super ChatStream> onConnect) {
        return new StreamHandler(Checks.notNull(onConnect, "onConnect"));
    }

    // ---- reads

    /** Reads a frame as text. Returns null at the end of the input. */
    public @Nullable String readText(Terminator terminator, Charset charset) throws IOException, InterruptedException {
        return await(terminator, text(charset));
    }

    /** Reads a frame as a new array. Returns null at the end of the input. */
    public byte @Nullable [] readBytes(Terminator terminator) throws IOException, InterruptedException {
        return await(terminator, ChatStream::takeBytes);
    }

    /** Reads a frame as a buffer, which the caller releases. Returns null at the end of the input. */
    public @Nullable ByteBuf readBuffer(Terminator terminator) throws IOException, InterruptedException {
        return await(terminator, Function.identity());
    }

    /**
     * Reads what has come, one byte at least, whatever ends it: a frame of {@link Terminator#none()}. The caller releases the
     * buffer. Returns null at the end of the input.
     */
    public @Nullable ByteBuf readSome() throws IOException, InterruptedException {
        return readBuffer(Terminator.none());
    }

    /**
     * Reads a frame without waiting; on any thread. The future succeeds with a buffer, which belongs to the caller, or null at the
     * end of the input, and fails as {@link #readBuffer} throws. {@code none()} reads what has come.
     *
     * <p>Cancelling it, or completing it in another way, such as {@code orTimeout}, withdraws the read, and no byte is lost. It is
     * completed on the event loop, so what depends on it must not block; a chain of reads there is no recursion.
     *
     * @throws IllegalStateException if another read waits
     */
    public CompletableFuture<@Nullable ByteBuf> readAsync(Terminator terminator) {
        return handler.read(terminator, Function.identity());
    }

    /** The same, as text. */
    public CompletableFuture<@Nullable String> readAsync(Terminator terminator, Charset charset) {
        return handler.read(terminator, text(charset));
    }

    private static Function<ByteBuf, String> text(Charset charset) {
        Checks.notNull(charset, "charset");
        return frame -> {
            try {
                return frame.toString(charset);
            } finally {
                frame.release();
            }
        };
    }

    private static byte[] takeBytes(ByteBuf frame) {
        try {
            return ByteBufUtil.getBytes(frame);
        } finally {
            frame.release();
        }
    }

    /** Returns the delimiter that ended the frame read last; null if a length did, or none was read. */
    public Terminator.@Nullable Delimiter matchedDelimiter() {
        return handler.matched();
    }

    private <T> @Nullable T await(Terminator terminator, Function<ByteBuf, T> take)
            throws IOException, InterruptedException {
        Checks.notNull(terminator, "terminator");
        handler.refuseOnEventLoop("read");
        if (Thread.interrupted()) {
            throw new InterruptedException("read: interrupted before it began");
        }
        CompletableFuture<@Nullable T> read = handler.read(terminator, take);
        long nanos = readNanos;
        try {
            return nanos == 0 ? read.get() : read.get(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupt) {
            if (read.cancel(false)) {
                throw new InterruptedException("read: interrupted while it waited for " + terminator.description());
            }
            Thread.currentThread().interrupt(); // the frame came first
        } catch (TimeoutException late) {
            if (read.cancel(false)) {
                throw new ProtocolTimeoutException(
                        ProtocolTimeoutException.Kind.READ,
                        "read: " + terminator.description() + " not received within "
                                + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms");
            }
        } catch (ExecutionException failed) {
            throw rethrown(failed.getCause());
        }
        return result(read);
    }

    /** Returns the result of a read that could not be withdrawn any more: it is complete, or about to be. */
    private static <T> @Nullable T result(CompletableFuture<@Nullable T> read) throws IOException {
        try {
            return read.join();
        } catch (CompletionException failed) {
            throw rethrown(failed.getCause());
        }
    }

    /** Throws what has ended a wait, or returns it as an exception of input and output. */
    static IOException rethrown(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof IOException failed ? failed : new IOException(cause);
    }

    // ---- writes

    /** Writes buffers with nothing in between, and takes them over, whatever happens. Waits while too much is on its way. */
    public void write(ByteBuf first, ByteBuf... rest) throws IOException, InterruptedException {
        handler.output().write(Outbound.join(first, rest), writeNanos);
    }

    /** Writes a copy of these bytes. See {@link #write(ByteBuf, ByteBuf...)}. */
    public void write(byte[] bytes) throws IOException, InterruptedException {
        write(Outbound.copy(bytes, channel().alloc()));
    }

    /** Writes text; characters that the charset lacks become its replacement. See {@link #write(ByteBuf, ByteBuf...)}. */
    public void write(CharSequence text, Charset charset) throws IOException, InterruptedException {
        write(Outbound.encode(text, charset, channel().alloc()));
    }

    /** Writes the pieces of a producer, and returns when all have gone. The producer is closed, once, whatever happens. */
    public void write(Producer producer) throws IOException, InterruptedException {
        handler.output().write(Checks.notNull(producer, "producer"), writeNanos);
    }

    /** Sends what has been written, and returns when it has gone to the socket. asyncio's {@code drain}. */
    public void flush() throws IOException, InterruptedException {
        handler.refuseOnEventLoop("flush");
        handler.output().flush(writeNanos);
    }

    /**
     * Sends what has been written, starts TLS behind it, and returns when the handshake is done. See {@link
     * AsyncChatHandler#startTls}, also for what happens to bytes that have come in clear.
     *
     * @throws IOException if the handshake fails; the connection is then closed. So it is after an interrupt
     */
    public void startTls(SslContext ssl) throws IOException, InterruptedException {
        Checks.notNull(ssl, "ssl");
        handler.refuseOnEventLoop("startTls");
        handler.output().startTls(ssl);
    }

    /**
     * Closes when what has been written is sent, and returns when the connection is closed; on an event loop, without waiting.
     * If the write timeout passes or the thread is interrupted meanwhile, it closes at once.
     */
    @Override
    public void close() {
        close(Duration.ZERO);
    }

    /**
     * As {@link #close()}, but ends only this side first, and drops further bytes until the peer ends its own, or for {@code
     * linger} at most. See {@link AsyncChatHandler#closeWhenDone(Duration)}.
     */
    public void close(Duration linger) {
        handler.output().close(Checks.notNegative(linger, "linger"), writeNanos);
    }

    // ---- settings, and the connection

    /** Sets how long a read may wait; for ever unless set, or zero. For {@link #readAsync} use {@code orTimeout}. */
    public void setReadTimeout(Duration timeout) {
        readNanos = Checks.notNegative(timeout, "read timeout").toNanos();
    }

    /**
     * Sets how long a write or flush may wait; for ever unless set, or zero. The exception is a {@link ProtocolTimeoutException}
     * of kind {@code WRITE}. What is being written is then not sent, what was written before stays so.
     */
    public void setWriteTimeout(Duration timeout) {
        writeNanos = Checks.notNegative(timeout, "write timeout").toNanos();
    }

    /** Sets how many bytes are read ahead between two reads, at least one; 16 KiB unless set. See {@link AsyncChatHandler#setReadAhead}. */
    public void setReadAhead(int bytes) {
        handler.setReadAhead(Checks.positive(bytes, "read-ahead"));
    }

    /** Sets the limit of frames whose terminator carries none, in bytes; 64 KiB unless set. */
    public void setFrameLimit(long bytes) {
        handler.setFrameLimit(bytes);
    }

    /**
     * Returns whether the server is closing. It waits for protocols to return until its drain timeout, then closes their
     * connections and interrupts their threads.
     */
    public boolean isDraining() {
        return handler.isDraining();
    }

    /** Returns the peer's address; null while there is none. */
    public @Nullable SocketAddress remoteAddress() {
        return handler.remoteAddress();
    }

    /** Returns the channel. */
    public Channel channel() {
        return handler.channel();
    }

    /**
     * A read that waits. It is decided once: by the handler, which claims it before it hands the frame over, or by its owner, who
     * thereby withdraws it.
     */
    static final class Read<T> extends CompletableFuture<@Nullable T> {
        private final StreamHandler handler;
        private final Terminator terminator;
        private final Function<ByteBuf, T> take;
        private final AtomicBoolean decided = new AtomicBoolean();

        Read(StreamHandler handler, Terminator terminator, Function<ByteBuf, T> take) {
            this.handler = handler;
            this.terminator = Checks.notNull(terminator, "terminator");
            this.take = take;
        }

        Terminator terminator() {
            return terminator;
        }

        boolean isDecided() {
            return decided.get();
        }

        /** Returns whether the handler is to complete it. */
        boolean claim() {
            return decided.compareAndSet(false, true);
        }

        /** Takes the frame over; null at the end of the input. */
        void succeed(@Nullable ByteBuf frame) {
            try {
                super.complete(frame == null ? null : take.apply(frame));
            } catch (Throwable fault) {
                super.completeExceptionally(fault);
            }
        }

        void fail(Throwable cause) {
            super.completeExceptionally(cause);
        }

        private boolean withdraw() {
            boolean first = claim();
            if (first) {
                handler.withdraw(this);
            }
            return first;
        }

        @Override
        public boolean complete(@Nullable T value) {
            return withdraw() && super.complete(value);
        }

        @Override
        public boolean completeExceptionally(Throwable cause) {
            return withdraw() && super.completeExceptionally(cause);
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            return withdraw() && super.cancel(mayInterrupt);
        }
    }
}
