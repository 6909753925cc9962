package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultChannelPromise;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * What is to be sent, strictly in order: buffers, producers, and at last the close.
 *
 * <p>What is pushed in a callback waits here until the read is over, or a watermark's worth has come together, and then
 * goes to the transport in one flush; from then on it cannot be taken back. On the handler's executor only, but for
 * {@link #entry} and {@link #waiting}.
 *
 * <p><b>Ownership.</b> Owns what an entry holds from {@link #entry} on.
 */
// Longer than other files: buffers, producers and the close share one order, and so one class.
final class SendQueue implements ChannelFutureListener {
    private static final AtomicLongFieldUpdater<SendQueue> WAITING =
            AtomicLongFieldUpdater.newUpdater(SendQueue.class, "waiting");

    /** One push: its own promise. */
    static final class Entry extends DefaultChannelPromise {
        private final @Nullable Object payload; // a buffer or a producer; null: the close
        private final int bytes; // that count as waiting
        private int pieces; // of a producer, which the transport has not completed
        private boolean over; // the producer has no more
        private boolean written; // the buffer is handed to the transport

        private Entry(ChannelHandlerContext ctx, @Nullable Object payload, int bytes) {
            super(ctx.channel(), ctx.executor());
            this.payload = payload;
            this.bytes = bytes;
        }
    }

    private final Outbox outbox;
    private final ChannelHandlerContext ctx;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>(4);
    private volatile long waiting; // pushed from any thread, and neither sent nor given up
    private long unflushed; // bytes among the entries
    private int inFlight; // writes that the transport has not completed
    private boolean draining;

    SendQueue(Outbox outbox, ChannelHandlerContext ctx) {
        this.outbox = outbox;
        this.ctx = ctx;
    }

    /** How many pushed bytes have not reached the socket yet. */
    long waiting() {
        return waiting;
    }

    /** An entry whose bytes count from now on; from any thread. */
    Entry entry(@Nullable Object payload) {
        int bytes = payload instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
        Entry entry = new Entry(ctx, payload, bytes);
        if (bytes > 0) {
            WAITING.addAndGet(this, bytes);
        }
        entry.addListener(this);
        return entry;
    }

    void addClose() {
        entries.add(entry(null));
    }

    void add(Entry entry) {
        entries.add(entry);
        unflushed += entry.bytes;
    }

    /** Whether so much has been pushed in one callback that it had better go now. */
    boolean isWorthAFlush() {
        return unflushed >= ctx.channel().config().getWriteBufferHighWaterMark();
    }

    /** Hands over what may go now, and flushes it; the close, once nothing is before it. */
    void drain() {
        if (draining || entries.isEmpty()) {
            return;
        }
        draining = true;
        try {
            boolean wrote = false;
            while (writeFirst()) {
                wrote = true;
            }
            if (wrote) {
                ctx.flush();
            }
        } finally {
            draining = false;
        }
        Entry first = entries.peek();
        if (first != null && first.payload == null) {
            if (inFlight == 0) {
                entries.remove();
                outbox.finish(first);
            }
        } else if (first != null
                && (first.payload instanceof ByteBuf || ctx.channel().isWritable())) {
            ctx.executor().execute(this::drain); // the flush made room, or made somebody push: others first
        }
    }

    /** Whether there was something to hand over, and it is gone. */
    private boolean writeFirst() {
        Entry first = entries.peek();
        if (first == null || first.payload == null) {
            return false;
        }
        if (first.payload instanceof Producer producer) {
            return ctx.channel().isWritable() && produce(first, producer);
        }
        entries.remove();
        unflushed -= first.bytes;
        if (first.setUncancellable()) {
            inFlight++;
            first.written = true;
            ctx.write(first.payload, first);
        } else {
            ReferenceCountUtil.safeRelease(first.payload);
        }
        return true;
    }

    /** Asks once. */
    private boolean produce(Entry entry, Producer producer) {
        ReferenceCounted piece;
        try {
            if (producer instanceof FileProducer file) {
                file.decideHow(ctx);
            }
            piece = entry.isCancelled() ? null : producer.more(ctx.alloc());
        } catch (Throwable fault) {
            stop(entry, fault);
            outbox.producerFailed(fault);
            return false;
        }
        if (entries.peek() != entry) {
            ReferenceCountUtil.safeRelease(piece); // it has discarded itself
        } else if (piece == null || (piece instanceof ByteBuf bytes && !bytes.isReadable())) {
            ReferenceCountUtil.safeRelease(piece);
            entries.remove();
            end(entry, producer);
        } else {
            inFlight++;
            entry.pieces++;
            ctx.write(piece).addListener(written -> pieceWritten(entry, written.cause()));
        }
        return true;
    }

    private void end(Entry entry, Producer producer) {
        entry.over = true;
        try {
            producer.close();
        } catch (Throwable fault) {
            entry.tryFailure(fault);
            outbox.producerFailed(fault);
        }
        if (entry.pieces == 0) {
            entry.trySuccess();
        }
    }

    private void pieceWritten(Entry entry, @Nullable Throwable failure) {
        entry.pieces--;
        if (failure != null) {
            stop(entry, failure);
        } else if (entry.over && entry.pieces == 0) {
            entry.trySuccess();
        }
        completed();
    }

    /** Fails a producer, which is asked no more. */
    private void stop(Entry entry, Throwable cause) {
        if (entries.peek() == entry) {
            entries.remove();
            giveUp(entry, cause);
        } else {
            entry.tryFailure(cause);
        }
    }

    /** A push has been sent, or given up. */
    @Override
    public void operationComplete(ChannelFuture future) {
        Entry entry = (Entry) future;
        if (entry.bytes > 0) {
            WAITING.addAndGet(this, -entry.bytes);
        }
        if (entry.written) {
            completed();
        }
    }

    private void completed() {
        if (--inFlight == 0) {
            drain();
        }
    }

    /** The handler leaves a pipeline that lives on: what can go goes, but no producer can be asked any more. */
    void leave() {
        while (!entries.isEmpty() && entries.element().payload instanceof ByteBuf) {
            writeFirst();
        }
        ctx.flush();
        boolean close = !entries.isEmpty() && entries.getLast().payload == null;
        failAll(new IllegalStateException("push: its handler was removed (expected: sent before that)"));
        if (close) {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(CLOSE);
        }
    }

    /** Fails all that has not been handed over; what is pushed because of that is not meant. */
    void failAll(Throwable cause) {
        Entry[] all = entries.toArray(new Entry[0]);
        entries.clear();
        unflushed = 0;
        for (Entry entry : all) {
            giveUp(entry, cause);
        }
    }

    /** Fails one push that has not been handed over, and lets go of what it holds. */
    void giveUp(Entry entry, Throwable cause) {
        letGo(entry.payload, cause);
        entry.tryFailure(cause);
    }

    /** Releases a buffer, closes a producer. */
    static void letGo(@Nullable Object payload, Throwable cause) {
        try {
            if (payload instanceof Producer producer) {
                producer.close();
            } else {
                ReferenceCountUtil.release(payload);
            }
        } catch (Throwable fault) {
            if (fault != cause) { // which no throwable takes
                cause.addSuppressed(fault);
            }
        }
    }
}
