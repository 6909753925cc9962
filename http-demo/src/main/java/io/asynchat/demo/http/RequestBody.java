package io.asynchat.demo.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The body of a request that is wanted whole. It grows by what has come, not by what was announced, and all bodies of a
 * server together stay within one bound: many that are small enough each may be too much.
 */
final class RequestBody {
    private static final byte[] NONE = {};

    private final Limits limits;
    private final AtomicLong held; // by all bodies of the server
    private byte[] in = NONE;
    private int length;
    private long received; // kept or not

    RequestBody(Limits limits, AtomicLong held) {
        this.limits = limits;
        this.held = held;
    }

    /**
     * Takes more of it, or only counts it; returns how many KiB are full that were not before.
     *
     * <p><b>Ownership:</b> borrows {@code data}.
     */
    long add(ByteBuf data, boolean keep) {
        long before = received >> 10;
        received += data.readableBytes();
        if (keep) {
            keep(data);
        }
        return (received >> 10) - before;
    }

    private void keep(ByteBuf data) {
        int more = data.readableBytes();
        if (length + more > in.length) {
            int capacity = length == 0 ? more : Math.max(length + more, 2 * in.length);
            if (held.addAndGet(capacity - in.length) > limits.held()) {
                held.addAndGet(in.length - capacity);
                throw new BadRequestException(RequestRejectReason.OVERLOADED);
            }
            in = Arrays.copyOf(in, capacity);
        }
        data.getBytes(data.readerIndex(), in, length, more);
        length += more;
    }

    /** Its octets, up to {@link #length}. */
    byte[] octets() {
        return in;
    }

    int length() {
        return length;
    }

    /** Forgets it. */
    void clear() {
        held.addAndGet(-in.length);
        in = NONE;
        length = 0;
        received = 0;
    }
}
