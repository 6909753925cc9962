package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.DefaultMessageSizeEstimator;
import io.netty.channel.MessageSizeEstimator;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.PromiseNotifier;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The entries to send, strictly in order: buffers, producers, writes through the pipeline, and at last the close.
 *
 * <p>A push waits here until the turn ends: in a callback until its read is over, elsewhere until a task that was submitted
 * with the first push runs. Then all go to the transport in one flush, and cannot be withdrawn. Owns the payload of an
 * entry from {@link #entry} on. On the handler's executor only, except {@link #entry} and {@link #pendingBytes}.
 */
// Longer than other files: buffers, producers, writes and the close share one order, and so one class.
final class SendQueue implements ChannelFutureListener {
    private static final AtomicLongFieldUpdater<SendQueue> PENDING =
            AtomicLongFieldUpdater.newUpdater(SendQueue.class, "pendingBytes");
    private static final AtomicLongFieldUpdater<SendQueue> UNREPORTED =
            AtomicLongFieldUpdater.newUpdater(SendQueue.class, "unreported");
    private static final MessageSizeEstimator.Handle SIZES = new DefaultMessageSizeEstimator(0).newHandle();
    private static final long UNKNOWN = -1;

    /** One push: its own promise. */
    final class Entry extends DefaultChannelPromise {
        private final @Nullable Object payload; // a buffer, message, producer or task; null: the close
        private final int bytes; // that count as pending
        private boolean accepted; // its bytes count against the limit of later pushes
        private int pieces; // of a producer, which the transport has not completed
        private boolean written; // the payload is handed to the transport
        private boolean unreported; // sent, but operationComplete has not run

        private Entry(@Nullable Object payload) {
            super(ctx.channel(), ctx.executor());
            this.payload = payload;
            bytes = SIZES.size(payload);
        }

        /** Returns the promise of the write. Netty completes one of another executor there, and not on the event loop. */
        private ChannelPromise promiseOfWrite() {
            return executor() == channel().eventLoop()
                    ? this
                    : new DefaultChannelPromise(channel(), ImmediateEventExecutor.INSTANCE).addListener(this::sent);
        }

        /** Called by the event loop: the bytes stop counting before the listeners have their turn on another executor. */
        private void sent(Future<? super Void> write) {
            unreported = true;
            UNREPORTED.addAndGet(SendQueue.this, bytes);
            if (write.isSuccess()) {
                trySuccess();
            } else {
                tryFailure(write.cause());
            }
        }
    }

    private final ConnectionListener listener;
    private final ConnectionState state;
    private final ChannelHandlerContext ctx;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>(4);
    private volatile long pendingBytes; // pushed from any thread, and neither sent nor failed
    private long accepted; // of those, the bytes that this queue has accepted
    private volatile long unreported; // of those, the bytes that are sent, while operationComplete waits for its turn
    private long acceptedBefore = UNKNOWN; // accepted and not sent when this turn began
    private long unflushed; // bytes among the entries
    private int inFlight; // writes that the transport has not completed
    private boolean draining;
    private boolean flushScheduled;
    private boolean stalled; // the producer at the head has nothing now
    private boolean resumed; // while more() was being called
    private long stallNanos = TimeUnit.SECONDS.toNanos(60);
    private @Nullable Future<?> stallTimer; // while it is stalled

    SendQueue(ConnectionListener listener, ConnectionState state, ChannelHandlerContext ctx) {
        this.listener = listener;
        this.state = state;
        this.ctx = ctx;
    }

    /** Returns how many pushed bytes have not been written to the socket. */
    long pendingBytes() {
        return pendingBytes;
    }

    /** Returns a new entry, whose bytes are pending from now on; from any thread. */
    Entry entry(@Nullable Object payload) {
        Entry entry = new Entry(payload);
        PENDING.addAndGet(this, entry.bytes);
        entry.addListener(this);
        return entry;
    }

    /**
     * Accepts a push, or refuses it: after the connection has been closed, or if more than {@code limit} bytes waited when this
     * turn of the event loop began.
     *
     * @param inCallback whether {@link #endTurn} will be called
     */
    void push(Entry entry, long limit, boolean inCallback) {
        if (!state.canPush() || !ctx.channel().isOpen()) {
            fail(entry, new ClosedChannelException());
            return;
        }
        if (acceptedBefore == UNKNOWN) {
            acceptedBefore = accepted - unreported;
        }
        if (acceptedBefore > limit && entry.bytes > 0 && !stalled) {
            String reason = "push: " + acceptedBefore + " bytes wait to be sent (expected: at most " + limit + ")";
            fail(entry, new IllegalStateException(reason));
            listener.slowReader();
            return;
        }
        accept(entry);
        if (!inCallback && !flushScheduled) {
            flushScheduled = true;
            ctx.executor().execute(() -> {
                flushScheduled = false;
                endTurn();
            });
        } else if (inCallback && unflushed >= ctx.channel().config().getWriteBufferHighWaterMark()) {
            flush(); // so much in one callback had better go now
        }
    }

    private Entry accept(Entry entry) {
        entry.accepted = true;
        accepted += entry.bytes;
        unflushed += entry.bytes;
        entries.add(entry);
        return entry;
    }

    /** Queues a write of the pipeline behind earlier pushes. Returns false if none waits. */
    boolean queueWrite(Object message, ChannelPromise promise) {
        if (entries.isEmpty()) {
            return false;
        }
        Entry entry = accept(entry(message));
        PromiseNotifier.cascade(false, entry, promise.unvoid()); // it may have been cancelled already
        return true;
    }

    /** Queues a task, which runs when all that was pushed before is handed over, or the close, if it is null. */
    Entry add(@Nullable Runnable task) {
        return accept(entry(task));
    }

    /** Flushes the pushes of this turn. */
    void endTurn() {
        if (!flushScheduled) {
            acceptedBefore = UNKNOWN;
        }
        if (!entries.isEmpty()) {
            flush();
        }
    }

    /** Writes and flushes what can be sent now; reports the close once nothing is before it. Returns whether there was any. */
    boolean flush() {
        if (draining || state.isOutputEnded() || !ctx.channel().isActive()) {
            return false;
        }
        draining = true;
        boolean wrote = false;
        try {
            while (!state.isOutputEnded() && writeFirst()) {
                wrote = true;
            }
            if (wrote) {
                ctx.flush();
            }
        } finally {
            draining = false;
        }
        afterFlush();
        return wrote;
    }

    /** Returns whether nothing is left that could be written now. */
    boolean isDrained() {
        return entries.isEmpty() || stalled;
    }

    /** Returns whether the transport holds more bytes of pushes than it takes before it is no longer writable. */
    boolean isTransportFull() {
        return accepted - unreported - unflushed > ctx.channel().config().getWriteBufferHighWaterMark();
    }

    private void afterFlush() {
        if (isDrained()) {
            listener.drained();
        } else if (entries.element().payload == null) {
            if (inFlight == 0) {
                listener.allSent(entries.remove());
            }
        } else if (!(entries.element().payload instanceof Producer)
                || ctx.channel().isWritable()) {
            ctx.executor().execute(this::flush); // the flush made room, or led to a push: other tasks first
        }
    }

    /** Returns whether there was something to hand over, and it is handed over. */
    private boolean writeFirst() {
        Entry first = entries.peek();
        if (first == null || first.payload == null) {
            return false;
        }
        if (first.payload instanceof Producer producer) {
            return ctx.channel().isWritable() && !stalled && produce(first, producer);
        }
        entries.remove();
        unflushed -= first.bytes;
        if (first.payload instanceof Runnable task) {
            task.run();
            first.trySuccess();
        } else if (first.setUncancellable()) {
            inFlight++;
            first.written = true;
            ctx.write(first.payload, first.promiseOfWrite());
        } else {
            ReferenceCountUtil.safeRelease(first.payload);
        }
        return true;
    }

    /** Calls the producer once. Returns false if it has nothing to send now. */
    private boolean produce(Entry entry, Producer producer) {
        ReferenceCounted piece;
        resumed = false;
        try {
            piece = entry.isCancelled() ? null : Producers.more(producer, ctx);
        } catch (Throwable fault) {
            failProducer(entry, fault);
            listener.failed(fault);
            return false;
        }
        if (entries.peek() != entry) {
            ReferenceCountUtil.safeRelease(piece); // the producer has discarded its own entry
        } else if (piece == Producer.NOT_YET) {
            stall(entry);
            return false;
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

    private void stall(Entry entry) {
        stalled = true;
        if (resumed) {
            ctx.executor().execute(this::resumeProducer); // in the call: call it again, other tasks first
        } else if (stallNanos > 0) {
            stallTimer = ctx.executor().schedule(() -> stallTimeout(entry), stallNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void stallTimeout(Entry entry) {
        Throwable late = new IllegalStateException("producer: nothing to send for "
                + TimeUnit.NANOSECONDS.toMillis(stallNanos) + " ms (expected: resumeProducer() before that)");
        failProducer(entry, late);
        listener.failed(late);
    }

    private void unstall() {
        stalled = false;
        if (stallTimer != null) {
            stallTimer.cancel(false);
        }
    }

    /** Calls a stalled producer at the head again. */
    void resumeProducer() {
        resumed = true;
        if (stalled) {
            unstall();
            flush();
        }
    }

    void stallTimeoutNanos(long nanos) {
        stallNanos = nanos;
    }

    private void end(Entry entry, Producer producer) {
        try {
            producer.close();
        } catch (Throwable fault) {
            entry.tryFailure(fault);
            listener.failed(fault);
        }
        if (entry.pieces == 0) {
            entry.trySuccess();
        }
    }

    private void pieceWritten(Entry entry, @Nullable Throwable failure) {
        entry.pieces--;
        if (failure != null) {
            failProducer(entry, failure);
        } else if (entry.pieces == 0 && entries.peek() != entry) {
            entry.trySuccess();
        }
        if (--inFlight == 0) {
            flush();
        }
    }

    /** Fails a producer, which is not called again. */
    private void failProducer(Entry entry, Throwable cause) {
        if (entries.peek() == entry) {
            entries.remove();
            unstall();
            fail(entry, cause);
        } else {
            entry.tryFailure(cause);
        }
    }

    /** A push was sent, or has failed. */
    @Override
    public void operationComplete(ChannelFuture future) {
        Entry entry = (Entry) future;
        PENDING.addAndGet(this, -entry.bytes);
        accepted -= entry.accepted ? entry.bytes : 0;
        if (entry.unreported) {
            UNREPORTED.addAndGet(this, -entry.bytes);
        }
        if (entry.written && --inFlight == 0) {
            flush();
        } else if (entry.unreported) {
            listener.drained(); // the transport may no longer be full
        } else if (stalled && entries.peek() == entry) { // cancelled: it makes way
            resumeProducer();
        }
    }

    /** Writes the pushes before the channel is closed; bytes that the socket does not accept are lost. */
    void flushMessages() {
        boolean wrote = false;
        while (ctx.channel().isActive() && isMessage(entries.peek())) {
            wrote |= writeFirst();
        }
        if (wrote) {
            ctx.flush();
        }
    }

    private static boolean isMessage(@Nullable Entry entry) {
        Object payload = entry == null ? null : entry.payload;
        return payload != null && !(payload instanceof Producer) && !(payload instanceof Runnable);
    }

    /** Writes the pushes up to the first producer and fails the rest: the handler was removed, and the channel stays open. */
    void handlerRemoved() {
        flushMessages();
        boolean close = !entries.isEmpty() && entries.getLast().payload == null;
        failAll(new IllegalStateException("push: its handler was removed (expected: sent before that)"));
        if (close) {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(CLOSE);
        }
    }

    /** Fails all entries that have not been written; pushes made by their listeners are refused or fail later. */
    void failAll(Throwable cause) {
        List<Entry> all = List.copyOf(entries);
        entries.clear();
        unflushed = 0;
        unstall();
        all.forEach(entry -> fail(entry, cause));
    }

    /** Fails one entry that has not been written, and releases its payload. */
    private static void fail(Entry entry, Throwable cause) {
        Producers.release(entry.payload, cause);
        entry.tryFailure(cause);
    }
}
