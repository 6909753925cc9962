package io.asynchat.demo.http;

import io.asynchat.Producer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Answers to pipelined requests, which go out in one buffer and one write when the read that brought the requests is over:
 * until then nobody asks this producer.
 *
 * <p><b>Ownership:</b> owns the buffer until it is taken.
 */
final class ResponseBatch implements Producer {
    private @Nullable ByteBuf answers; // null once they are on their way

    ResponseBatch(ByteBuf answers) {
        this.answers = answers;
    }

    /** Where to write another answer; null if it is too late. */
    @Nullable
    ByteBuf answers() {
        return answers;
    }

    @Override
    public @Nullable ByteBuf more(ByteBufAllocator alloc) {
        return take();
    }

    @Nullable
    ByteBuf take() {
        ByteBuf taken = answers;
        answers = null;
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
