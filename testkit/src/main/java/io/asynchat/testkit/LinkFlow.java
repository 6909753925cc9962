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

/** One direction of a link: what is on its way, and when it arrives. */
final class LinkFlow {

    /** Where it arrives. */
    interface Shore {
        /** Whether something is wanted there. */
        boolean isOpen();

        /** Takes a piece over, with its promise if it is the last of what was sent. */
        void arrive(Object piece, @Nullable ChannelPromise promise);

        /** This direction ends. */
        void end();

        /** Something has arrived later than when it was sent. */
        void late();
    }

    /** What was sent at a time: bytes, a file, or an action that comes after them. */
    private record Parcel(Object content, @Nullable ChannelPromise promise, long sent) {}

    private final ChannelHandlerContext ctx;
    private final LinkWay way;
    private final Shore shore;
    private final ArrayDeque<Parcel> parcels = new ArrayDeque<>();

    private long passed; // bytes so far
    private long bytes; // on their way
    private long busyUntil; // before that nothing arrives
    private boolean delivering; // guards against handlers that send, or read, while something arrives
    private boolean scheduled; // to go on later
    private boolean stalled; // for ever
    private boolean ended;

    LinkFlow(ChannelHandlerContext ctx, LinkWay way, Shore shore) {
        this.ctx = ctx;
        this.way = way;
        this.shore = shore;
        busyUntil = now();
    }

    /** Stalls or ends before the first byte, if that is the fault. */
    void begin() {
        stallOrEnd();
    }

    void send(Object content, @Nullable ChannelPromise promise) {
        Parcel parcel = new Parcel(content, promise, now());
        if (ended) {
            drop(parcel, null);
            return;
        }
        parcels.add(parcel);
        bytes += sizeOf(content);
        deliver();
    }

    /** Delivers what is due and wanted. */
    void deliver() {
        if (delivering) {
            return;
        }
        delivering = true;
        try {
            while (!parcels.isEmpty() && !stalled && shore.isOpen()) {
                long wait = Math.max(parcels.element().sent() + way.nanosLate(), busyUntil) - now();
                if (wait > 0) {
                    schedule(wait);
                    return;
                }
                deliverPiece(parcels.element());
            }
        } finally {
            delivering = false;
        }
    }

    private void schedule(long nanos) {
        if (!scheduled) {
            scheduled = true;
            ctx.executor().schedule(this::goOn, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void goOn() {
        scheduled = false;
        deliver();
        shore.late();
    }

    private void deliverPiece(Parcel parcel) {
        int room = way.room(passed);
        if (parcel.content() instanceof ByteBuf data && data.readableBytes() > room) {
            bytes -= room;
            shore.arrive(data.readRetainedSlice(room), null);
            passed(room);
            return;
        }
        parcels.remove();
        if (parcel.content() instanceof Runnable action) {
            action.run();
            return;
        }
        long size = sizeOf(parcel.content());
        bytes -= size;
        shore.arrive(parcel.content(), parcel.promise());
        passed(size);
    }

    private void passed(long more) {
        passed += more;
        if (more > 0) {
            busyUntil = now() + way.nanosBetween();
            stallOrEnd();
        }
    }

    /** Where the fault is after as many bytes as have passed. */
    private void stallOrEnd() {
        long stall = way.nanosStalledAt(passed);
        stalled = stall == LinkWay.FOR_EVER;
        busyUntil = Math.max(busyUntil, stalled ? 0 : now() + stall);
        if (!ended && way.endsAt(passed)) {
            ended = true;
            lose(null);
            shore.end();
        }
    }

    /** Loses what is on its way because the channel is closed. */
    void lose() {
        ended = true;
        lose(new ClosedChannelException());
    }

    private void lose(@Nullable Throwable cause) {
        bytes = 0;
        List<Parcel> lost = List.copyOf(parcels);
        parcels.clear();
        lost.forEach(parcel -> drop(parcel, cause));
    }

    private static void drop(Parcel parcel, @Nullable Throwable cause) {
        ReferenceCountUtil.release(parcel.content());
        if (parcel.promise() != null && cause != null) {
            parcel.promise().tryFailure(cause);
        } else if (parcel.promise() != null) {
            parcel.promise().trySuccess();
        }
    }

    boolean isEmpty() {
        return parcels.isEmpty();
    }

    /** Whether what is on its way will not arrive. */
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
