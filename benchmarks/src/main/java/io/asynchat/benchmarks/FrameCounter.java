package io.asynchat.benchmarks;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Receives the frames of a candidate. Counts them; while the candidate is verified, also computes a checksum. */
final class FrameCounter {
    private final @Nullable CRC32 checksum; // of all bytes, and of the position of each end
    private final ByteBuffer position = ByteBuffer.allocate(Long.BYTES);
    private long frames;
    private long bytes;

    private FrameCounter(@Nullable CRC32 checksum) {
        this.checksum = checksum;
    }

    /** Returns a counter that does no more than a candidate is timed with. */
    static FrameCounter counting() {
        return new FrameCounter(null);
    }

    /** Returns a counter with a checksum. */
    static FrameCounter verifying() {
        return new FrameCounter(new CRC32());
    }

    /** Adds a part of a frame, or all of it. */
    void data(ByteBuf data) {
        bytes += data.readableBytes();
        if (checksum != null) {
            for (ByteBuffer part : data.nioBuffers()) {
                checksum.update(part);
            }
        }
    }

    /** Adds a part of a frame by its length, for a candidate that does not expose bytes. */
    void data(int length) {
        bytes += length;
    }

    /** Ends the frame. */
    void end() {
        frames++;
        if (checksum != null) {
            checksum.update(position.clear().putLong(bytes).flip());
        }
    }

    long frames() {
        return frames;
    }

    long bytes() {
        return bytes;
    }

    long checksum() {
        return checksum == null ? 0 : checksum.getValue();
    }
}
