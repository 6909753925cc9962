package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The writing side of a {@link ChatStream}: what has been written is handed over to the handler in one task, and a writer waits
 * while more than the channel's high watermark is on its way.
 *
 * <p>Any thread may write; a lock keeps the order. The event loop takes it for a moment, and never waits for it to be sent.
 */
// Longer than other files: what is written, and how it ends, share one order.
final class StreamOutput {
    /** Up to this length a copy costs less than a buffer of its own. */
    private static final int MAX_COPY = 512;

    private static final int BLOCK = 4_096; // a buffer for short writes

    private final StreamHandler handler;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progress = lock.newCondition();
    // All that follows is changed under the lock.
    private final ArrayDeque<ByteBuf> batch = new ArrayDeque<>(2); // written, and not handed over
    private @Nullable ByteBuf tail; // the last of them, if short writes are copied into it
    private long batched; // bytes in the batch
    private long handedOver; // bytes in all; a producer counts as one
    private long sent; // of those
    private @Nullable Throwable end; // the reason why nothing more can be written

    private final CompletableFuture<@Nullable Void> closed =
            new CompletableFuture<>(); // completed with the channel's close

    StreamOutput(StreamHandler handler) {
        this.handler = handler;
    }

    /** Takes the data over. */
    void write(ByteBuf data, long nanos) throws IOException, InterruptedException {
        boolean taken = false;
        lock.lock();
        try {
            int high = handler.channel().config().getWriteBufferHighWaterMark();
            if (handedOver - sent > high && !handler.onEventLoop()) {
                awaitSent(handedOver - high, nanos);
            }
            requireOpen();
            taken = true;
            append(data);
            if (batched >= high) {
                handOver();
            }
        } finally {
            lock.unlock();
            if (!taken) {
                data.release();
            }
        }
    }

    /** Takes the producer over. */
    void write(Producer producer, long nanos) throws IOException, InterruptedException {
        lock.lock();
        try {
            if (end != null) {
                Producers.release(producer, end);
            }
            requireOpen();
            handOver();
            long upTo = ++handedOver;
            if (!handler.submit(
                    () -> handler.pushWithProducer(producer).addListener(done -> onSent(1, done.cause())))) {
                Producers.release(producer, end(new ClosedChannelException()));
            }
            if (!handler.onEventLoop()) {
                awaitSent(upTo, nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Sends what has been written, and waits until it has gone. */
    void flush(long nanos) throws IOException, InterruptedException {
        lock.lock();
        try {
            requireOpen();
            handOver();
            awaitSent(handedOver, nanos);
        } finally {
            lock.unlock();
        }
    }

    /** Sends what has been written. */
    void send() {
        lock.lock();
        try {
            handOver();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends what has been written, and runs an action behind it, before anything that the peer answers to it is read. Returns false
     * if the event loop has ended.
     */
    private boolean sendThen(Runnable behind) {
        lock.lock();
        try {
            return handOver(behind);
        } finally {
            lock.unlock();
        }
    }

    /** Sends what has been written, and refuses more. */
    void sendLast() {
        lock.lock();
        try {
            handOver();
            end(new ClosedChannelException());
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more can be written: ends the waits. Returns the first reason for that. */
    Throwable end(Throwable reason) {
        lock.lock();
        try {
            Throwable first = end == null ? reason : end;
            end = first;
            batch.forEach(ByteBuf::release);
            batch.clear();
            tail = null;
            progress.signalAll();
            return first;
        } finally {
            lock.unlock();
        }
    }

    private void append(ByteBuf data) {
        int length = data.readableBytes();
        batched += length;
        if (length == 0) {
            data.release();
        } else if (length > MAX_COPY || batch.isEmpty()) {
            batch.add(data);
            tail = null;
        } else {
            if (tail == null || tail.writableBytes() < length) {
                tail = handler.channel().alloc().buffer(BLOCK);
                batch.add(tail);
            }
            tail.writeBytes(data);
            data.release();
        }
    }

    /** Pushes what has been written, in one task. */
    private void handOver() {
        if (!batch.isEmpty()) {
            handOver(() -> {});
        }
    }

    /** Pushes what has been written, and runs an action behind it, in one task. Returns false if the event loop has ended. */
    private boolean handOver(Runnable behind) {
        List<ByteBuf> all = List.copyOf(batch);
        long bytes = batched;
        batch.clear();
        tail = null;
        batched = 0;
        handedOver += bytes;
        boolean runs = handler.submit(() -> {
            push(all, bytes);
            behind.run();
        });
        if (!runs) {
            all.forEach(ByteBuf::release);
            end(new ClosedChannelException());
        }
        return runs;
    }

    private void push(List<ByteBuf> all, long bytes) {
        boolean outer = handler.loop().beginCallback(); // one flush behind them
        ChannelFuture last = null;
        for (ByteBuf data : all) {
            last = handler.push(data);
        }
        if (last != null) {
            last.addListener(done -> onSent(bytes, done.cause()));
        }
        handler.loop().endCallback(outer);
    }

    private void onSent(long bytes, @Nullable Throwable failure) {
        lock.lock();
        try {
            if (failure == null) {
                sent += bytes;
                progress.signalAll();
            } else {
                end(handler.endInput(failure));
            }
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() throws IOException {
        if (end != null) {
            throw ChatStream.rethrown(end);
        }
    }

    /** Waits until that much has been sent. */
    private void awaitSent(long upTo, long nanos) throws IOException, InterruptedException {
        long left = nanos;
        while (sent < upTo) {
            requireOpen();
            try {
                if (nanos == 0) {
                    progress.await();
                } else if (left > 0) {
                    left = progress.awaitNanos(left);
                } else {
                    throw new ProtocolTimeoutException(
                            ProtocolTimeoutException.Kind.WRITE,
                            "write: " + (handedOver - sent) + " bytes wait to be sent after "
                                    + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms");
                }
            } catch (InterruptedException interrupt) {
                throw new InterruptedException("write: interrupted while bytes wait to be sent");
            }
        }
    }

    // ---- the close, and TLS

    CompletableFuture<@Nullable Void> closed() {
        return closed;
    }

    /** The channel is closed. */
    void onClose(Throwable reason) {
        end(reason);
        closed.complete(null);
    }

    /** Sends what has been written, then closes. Returns false if the event loop has ended, and the channel with it. */
    boolean closeWhenSent(Duration linger) {
        sendLast();
        return handler.submit(() -> {
            handler.fail(handler.endInput(new ClosedChannelException()));
            handler.closeWhenDone(linger);
        });
    }

    /** The same, and waits for the end on threads that may block. */
    void close(Duration linger, long nanos) {
        if (!closeWhenSent(linger) || handler.onEventLoop()) {
            return;
        }
        try {
            if (nanos == 0) {
                closed.get();
            } else {
                closed.get(nanos, TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException interrupt) {
            handler.close();
            Thread.currentThread().interrupt();
        } catch (TimeoutException late) {
            handler.close();
        } catch (ExecutionException impossible) {
            throw new AssertionError("closed never fails", impossible);
        }
    }

    /** Sends what has been written, starts TLS behind it, and waits for the handshake. */
    void startTls(SslContext ssl) throws IOException, InterruptedException {
        CompletableFuture<@Nullable Void> shaken = new CompletableFuture<>();
        if (!sendThen(() -> handler.startTls(ssl).addListener(done -> {
            if (done.isSuccess()) {
                shaken.complete(null);
            } else {
                shaken.completeExceptionally(handler.endInput(done.cause()));
            }
        }))) {
            throw new ClosedChannelException();
        }
        try {
            shaken.get();
        } catch (InterruptedException interrupt) {
            handler.close(); // half a handshake is of no use
            throw new InterruptedException("startTls: interrupted during the handshake");
        } catch (ExecutionException failed) {
            handler.close();
            throw ChatStream.rethrown(failed.getCause());
        }
    }
}
