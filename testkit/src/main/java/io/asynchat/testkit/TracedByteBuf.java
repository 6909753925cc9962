package io.asynchat.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/** A buffer that remembers the handler to which a pipeline passed it last, by Netty's {@code touch}; slices count too. */
final class TracedByteBuf extends UnpooledHeapByteBuf {

    // Mutable because every hop in the pipeline replaces it; volatile because handlers may have executors of their own.
    private volatile @Nullable ChannelHandlerContext lastReceiver;

    TracedByteBuf(byte[] bytes) {
        super(ByteBufAllocator.DEFAULT, bytes, Integer.MAX_VALUE);
    }

    @Override
    public ByteBuf touch(@Nullable Object hint) {
        if (hint instanceof ChannelHandlerContext receiver) {
            lastReceiver = receiver;
        }
        return this;
    }

    /** Returns the class of the last receiver that is a handler of the test, null for none. */
    @Nullable
    Class<?> lastReceiver() {
        ChannelHandlerContext receiver = lastReceiver;
        return receiver == null ? null : receiver.handler().getClass();
    }
}
