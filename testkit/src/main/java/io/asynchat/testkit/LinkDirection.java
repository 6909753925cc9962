package io.asynchat.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One direction of a link: its bytes in flight, and when they arrive. */
final class LinkDirection {

    /** The receiving end of a direction. */
    interface Endpoint {
        /** Returns true if the end accepts data now. */
        boolean isOpen();

        /** Receives a piece and owns it; the promise comes with the last piece of a write. */
        void arrive(Object piece, @Nullable ChannelPromise promise);

        /** Ends this direction. */
        void end();

        /** Reports that data was delivered later than in the call that sent it. */
        void deliveredLate();
    }

    /** One write and its time: bytes, a file region, or an action in order with them. */
    private record InFlight(Object content, @Nullable ChannelPromise promise, long sent) {}

    private final ChannelHandlerContext ctx;
    private final LinkFaults faults;
    private final Endpoint endpoint;
    private final ArrayDeque<InFlight> inFlight = new ArrayDeque<>();

    private long passed; // bytes delivered so far
    private long bytes; // in flight
    private long busyUntil; // nothing arrives before this time
    private boolean delivering; // true inside a delivery, in which handlers may send or read
    private boolean scheduled; // a later delivery is scheduled
    private boolean stalled; // without an end
    private boolean ended;

    LinkDirection(ChannelHandlerContext ctx, LinkFaults faults, Endpoint endpoint) {
        this.ctx = ctx;
        this.faults = faults;
        this.endpoint = endpoint;
        busyUntil = now();
    }

    /** Applies a stall or an end that comes before the first byte. */
    void begin() {
        stallOrEnd();
    }

    void send(Object content, @Nullable ChannelPromise promise) {
        InFlight write = new InFlight(content, promise, now());
        if (ended) {
            drop(write, null);
            return;
        }
        inFlight.add(write);
        bytes += sizeOf(content);
        deliver();
    }

    /** Delivers what is due, as long as the end accepts it. */
    void deliver() {
        if (delivering) {
            return;
        }
        delivering = true;
        try {
            while (!inFlight.isEmpty() && !stalled && endpoint.isOpen()) {
                long wait = Math.max(inFlight.element().sent() + faults.delayNanos(), busyUntil) - now();
                if (wait > 0) {
                    schedule(wait);
                    return;
                }
                deliverPiece(inFlight.element());
            }
        } finally {
            delivering = false;
        }
    }

    private void schedule(long nanos) {
        if (!scheduled) {
            scheduled = true;
            ctx.executor().schedule(this::onTimer, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void onTimer() {
        scheduled = false;
        deliver();
        endpoint.deliveredLate();
    }

    private void deliverPiece(InFlight write) {
        int most = faults.maxPiece(passed);
        if (write.content() instanceof ByteBuf data && data.readableBytes() > most) {
            bytes -= most;
            endpoint.arrive(data.readRetainedSlice(most), null);
            passed(most);
            return;
        }
        inFlight.remove();
        if (write.content() instanceof Runnable action) {
            action.run();
            return;
        }
        long size = sizeOf(write.content());
        bytes -= size;
        endpoint.arrive(write.content(), write.promise());
        passed(size);
    }

    private void passed(long more) {
        passed += more;
        if (more > 0) {
            busyUntil = now() + faults.intervalNanos();
            stallOrEnd();
        }
    }

    /** Applies the stall or the end that comes after the bytes delivered so far. */
    private void stallOrEnd() {
        long stall = faults.stallNanosAt(passed);
        stalled = stall == LinkFaults.FOR_EVER;
        busyUntil = Math.max(busyUntil, stalled ? 0 : now() + stall);
        if (!ended && faults.endsAt(passed)) {
            ended = true;
            lose(null);
            endpoint.end();
        }
    }

    /** Releases everything in flight, because the channel is closed. */
    void lose() {
        ended = true;
        lose(new ClosedChannelException());
    }

    private void lose(@Nullable Throwable cause) {
        bytes = 0;
        List<InFlight> lost = List.copyOf(inFlight);
        inFlight.clear();
        lost.forEach(write -> drop(write, cause));
    }

    private static void drop(InFlight write, @Nullable Throwable cause) {
        ReferenceCountUtil.release(write.content());
        if (write.promise() != null && cause != null) {
            write.promise().tryFailure(cause);
        } else if (write.promise() != null) {
            write.promise().trySuccess();
        }
    }

    boolean isEmpty() {
        return inFlight.isEmpty();
    }

    /** Returns true if nothing in flight will arrive. */
    boolean isStalled() {
        return stalled;
    }

    long bytes() {
        return bytes;
    }

    private long now() {
        return ctx.executor().ticker().nanoTime();
    }

    private static long sizeOf(Object content) {
        if (content instanceof ByteBuf data) {
            return data.readableBytes();
        }
        return content instanceof FileRegion file ? file.count() : 0;
    }
}
