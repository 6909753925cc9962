package io.asynchat.internal.framing;

import io.netty.buffer.ByteBuf;

/**
 * Receives the results of a {@link Framer}, one a call.
 *
 * <p>A call may change the framer in any way: begin another reading, append bytes, discard. It must not throw.
 *
 * <p><b>Ownership.</b> Bytes are lent for the call, as a part of a buffer that belongs to the framer.
 *
 * @param <T> the type of the names of readings
 */
public interface FrameListener<T> {
    /** Bytes of a frame that are not its last; at least one. */
    void fragment(ByteBuf in, int index, int length);

    /** The last bytes of a frame, if any, and its end. */
    void end(ByteBuf in, int index, int length);

    /** Bytes that belong to no frame; at least one. A fragment too, unless overridden. */
    default void passThrough(ByteBuf in, int index, int length) {
        fragment(in, index, length);
    }

    /** The input ended inside a frame of that reading. */
    void truncated(T reading);

    /** A frame of that reading has more bytes than {@code limit}; the rest of it is skipped. */
    void tooLong(T reading, long limit);

    /** The number in front of a frame cannot be its length. Nothing more is delivered. */
    void corrupted(T reading, String number);
}
