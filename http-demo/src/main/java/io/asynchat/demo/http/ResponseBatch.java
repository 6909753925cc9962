package io.asynchat.demo.http;

import io.asynchat.Producer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The responses to pipelined requests of one read: one buffer, one write. The send queue asks this producer when the read is
 * over; until then responses are added.
 *
 * <p><b>Ownership:</b> owns the buffer until it is taken.
 */
final class ResponseBatch implements Producer {
    private @Nullable ByteBuf responses; // null once they have been taken

    ResponseBatch(ByteBuf responses) {
        this.responses = responses;
    }

    /** Returns the buffer to add a response to; null if it has been taken. */
    @Nullable
    ByteBuf responses() {
        return responses;
    }

    @Override
    public @Nullable ByteBuf more(ByteBufAllocator alloc) {
        return take();
    }

    @Nullable
    ByteBuf take() {
        ByteBuf taken = responses;
        responses = null;
        return taken;
    }

    @Override
    public void close() {
        ByteBuf unsent = take();
        if (unsent != null) {
            unsent.release();
        }
    }
}
