package io.asynchat.demo.http;

import io.asynchat.demo.codec.http.BadRequestException;
import io.asynchat.demo.codec.http.RequestRejectReason;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The body of a request. It grows by what has been received, not by the announced length, and the bodies of all connections
 * share one limit.
 */
final class RequestBody {
    private static final byte[] EMPTY = {};

    private final Limits limits;
    private final AtomicLong held; // octets of all bodies of the server

    // All mutable because a connection has one body after another.
    private byte[] octets = EMPTY;
    private int length;
    private long received; // kept or discarded

    RequestBody(Limits limits, AtomicLong held) {
        this.limits = limits;
        this.held = held;
    }

    /**
     * Adds a piece, or only counts it. Returns the number of KiB that this piece has completed.
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
        if (length + more > octets.length) {
            int capacity = length == 0 ? more : Math.max(length + more, 2 * octets.length);
            if (held.addAndGet(capacity - octets.length) > limits.held()) {
                held.addAndGet(octets.length - capacity);
                throw new BadRequestException(RequestRejectReason.OVERLOADED);
            }
            octets = Arrays.copyOf(octets, capacity);
        }
        data.getBytes(data.readerIndex(), octets, length, more);
        length += more;
    }

    /** Returns the array that holds the body, up to {@link #length}. */
    byte[] octets() {
        return octets;
    }

    int length() {
        return length;
    }

    /** Discards the body. */
    void clear() {
        held.addAndGet(-octets.length);
        octets = EMPTY;
        length = 0;
        received = 0;
    }
}
