package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
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
final class SendQueue implements ChannelFutureListener {
    private static final AtomicLongFieldUpdater<SendQueue> WAITING =
            AtomicLongFieldUpdater.newUpdater(SendQueue.class, "waiting");

    /** One push: its own promise. */
    static final class Entry extends DefaultChannelPromise {
        private final @Nullable Object payload; // a buffer or a producer; null: the close
        private final int bytes; // that count as waiting
        private boolean written; // handed to the transport

        private Entry(ChannelHandlerContext ctx, @Nullable Object payload, int bytes) {
            super(ctx.channel(), ctx.executor());
            this.payload = payload;
            this.bytes = bytes;
        }
    }

    private final ChatLink link;
    private final ChannelHandlerContext ctx;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>(4);
    private volatile long waiting; // pushed from any thread, and neither sent nor given up
    private long unflushed; // bytes among the entries
    private int inFlight; // writes that the transport has not completed
    private boolean draining;

    SendQueue(ChatLink link, ChannelHandlerContext ctx) {
        this.link = link;
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
        Entry close = entry(null);
        close.setUncancellable();
        entries.add(close);
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
            do {
                while (writeFirst()) {
                    // until the queue is empty, or its first has to wait
                }
                ctx.flush();
            } while (!entries.isEmpty() && entries.element().payload instanceof ByteBuf); // pushed during the flush
        } finally {
            draining = false;
        }
        Entry first = entries.peek();
        if (first != null && first.payload == null && inFlight == 0) {
            entries.remove();
            link.finish(first);
        } else if (first != null
                && first.payload instanceof Producer
                && ctx.channel().isWritable()) {
            ctx.executor().execute(this::drain); // the flush made room: others first
        }
    }

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
            write((ReferenceCounted) first.payload, first);
        } else {
            ReferenceCountUtil.release(first.payload);
        }
        return true;
    }

    private void write(ReferenceCounted piece, Entry entry) {
        inFlight++;
        entry.written = true;
        ctx.write(piece, entry);
    }

    /** Asks once; at the end the producer's future is that of an empty write behind its pieces. */
    private boolean produce(Entry entry, Producer producer) {
        try {
            if (producer instanceof FileProducer file) {
                file.asRegion(
                        ctx.channel() instanceof SocketChannel && ctx.pipeline().get(SslHandler.class) == null);
            }
            ReferenceCounted piece = entry.isCancelled() ? null : producer.more(ctx.alloc());
            if (entries.peek() != entry) {
                ReferenceCountUtil.release(piece); // it has discarded itself
            } else if (piece != null && !(piece instanceof ByteBuf bytes && !bytes.isReadable())) {
                write(piece, entry(null));
            } else {
                ReferenceCountUtil.release(piece);
                entries.remove();
                producer.close();
                if (entry.setUncancellable()) {
                    write(Unpooled.EMPTY_BUFFER, entry);
                }
            }
            return true;
        } catch (Throwable fault) {
            if (entries.peek() == entry) {
                entries.remove();
                giveUp(entry, fault);
            }
            link.failed(fault);
            return false;
        }
    }

    /** A write has completed, or an entry been given up. */
    @Override
    public void operationComplete(ChannelFuture future) {
        Entry entry = (Entry) future;
        if (entry.bytes > 0) {
            WAITING.addAndGet(this, -entry.bytes);
        }
        if (entry.written && --inFlight == 0) {
            drain();
        }
    }

    /** The handler leaves a pipeline that lives on: buffers go out, producers cannot be asked any more. */
    void leave() {
        drain();
        boolean close = !entries.isEmpty() && entries.getLast().payload == null;
        failAll(new IllegalStateException("push: its handler was removed (expected: sent before that)"));
        if (close) {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(CLOSE);
        }
    }

    /** Fails all that has not been handed over. */
    void failAll(Throwable cause) {
        unflushed = 0;
        for (Entry entry = entries.poll(); entry != null; entry = entries.poll()) {
            giveUp(entry, cause);
        }
    }

    /** Fails one push that has not been handed over, and lets go of what it holds. */
    void giveUp(Entry entry, Throwable cause) {
        if (entry.payload instanceof Producer producer) {
            try {
                producer.close();
            } catch (Throwable fault) {
                cause.addSuppressed(fault);
            }
        } else {
            ReferenceCountUtil.release(entry.payload);
        }
        entry.tryFailure(cause);
    }
}
