package io.asynchat;

import io.netty.buffer.ByteBuf;

/**
 * Where a {@link FrameEngine} puts what it finds: one of the ways out of the decoder.
 *
 * <p><b>Ownership.</b> Bytes are lent for the call, as a part of a buffer that belongs to the engine.
 */
interface FrameSink {
    /** Bytes of a frame that goes on; at least one. */
    void piece(ByteBuf in, int index, int length);

    /** The last bytes of a frame, if any, and its end. */
    void end(ByteBuf in, int index, int length);

    /** Bytes under no terminator. */
    void passThrough(ByteBuf in, int index, int length);

    /** The stream ended inside a frame that {@code terminator} should have ended. */
    void truncated(Terminator terminator);

    /** Forgets what was gathered of the frame, which has grown too long or is being discarded. */
    void drop();

    /** Whether frames are kept until they are whole, so that a length has to be bounded before its first byte. */
    boolean holdsFrames();
}
