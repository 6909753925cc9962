package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The socket of an {@code EmbeddedChannel}, put first in its pipeline: takes what is flushed when the test says so, and
 * as much of it. Until then the write is not complete, as with a peer that does not read.
 *
 * <p>The kit's links go by virtual time; here the test says which byte goes, which write fails, and counts flushes.
 */
final class TestSocket extends ChannelOutboundHandlerAdapter {
    private record Write(Object message, ChannelPromise promise) {}

    private final ArrayDeque<Write> writes = new ArrayDeque<>();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private @Nullable ChannelHandlerContext ctx;
    private int flushed; // of the writes
    private int flushes;
    private boolean open; // takes everything at once

    /** Takes everything at each flush. */
    static TestSocket open() {
        TestSocket socket = new TestSocket();
        socket.open = true;
        return socket;
    }

    /** Takes nothing until {@link #take}. */
    static TestSocket stalled() {
        return new TestSocket();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        writes.add(new Write(message, promise));
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        flushes++;
        flushed = writes.size();
        if (open) {
            take(Integer.MAX_VALUE);
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        ctx.close(promise);
        while (!writes.isEmpty()) {
            Write lost = writes.remove();
            ReferenceCountUtil.release(lost.message);
            lost.promise.tryFailure(new IOException("closed before it was sent"));
        }
        flushed = 0;
    }

    /** Sends at most so many bytes of what was flushed, and completes the writes that have gone. */
    void take(int bytes) {
        int room = bytes;
        while (flushed > 0) {
            Write first = writes.element();
            room -= send(first.message, room);
            if (first.message instanceof ByteBuf data && data.isReadable()) {
                return;
            }
            writes.remove();
            flushed--;
            ReferenceCountUtil.release(first.message);
            first.promise.trySuccess();
        }
    }

    private int send(Object message, int room) {
        try {
            if (message instanceof FileRegion region) {
                return (int) region.transferTo(Channels.newChannel(sent), 0);
            }
            ByteBuf data = (ByteBuf) message;
            int length = Math.min(room, data.readableBytes());
            data.readBytes(sent, length);
            return length;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Fails the first write that has not gone, as a handler does that cannot encode it. */
    void failFirst(Throwable cause) {
        Write first = writes.remove();
        flushed--;
        ReferenceCountUtil.release(first.message);
        first.promise.tryFailure(cause);
    }

    /** Tells the channel whether it is writable, and lets it tell its handlers. */
    void writable(boolean writable) {
        EmbeddedChannel channel = (EmbeddedChannel) Objects.requireNonNull(ctx).channel();
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        if (buffer != null) {
            buffer.setUserDefinedWritability(1, writable);
        }
        channel.runPendingTasks();
    }

    /** From now on takes everything, and at once what waits. */
    void openUp() {
        open = true;
        take(Integer.MAX_VALUE);
    }

    boolean isEmpty() {
        return writes.isEmpty();
    }

    int flushes() {
        return flushes;
    }

    byte[] sent() {
        return sent.toByteArray();
    }

    String text() {
        return sent.toString(StandardCharsets.UTF_8);
    }
}
