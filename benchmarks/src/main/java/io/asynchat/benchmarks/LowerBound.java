package io.asynchat.benchmarks;

import io.asynchat.benchmarks.Framing.Delimited;
import io.asynchat.benchmarks.Framing.Fixed;
import io.asynchat.benchmarks.Framing.HeadAndBody;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Finds the ends of frames without delivering them: a lower bound of the cost, not a peer. It expects well-formed streams
 * and checks nothing.
 */
final class LowerBound extends ChannelInboundHandlerAdapter {
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_SEVEN = 0x7f7f7f7f7f7f7f7fL;
    private static final long ONES = 0x0101010101010101L;

    private final FrameCounter counter;
    private final Framing framing;
    private final byte[] delimiter;
    private final long lastByte; // of the delimiter, repeated in each byte
    private long frame; // bytes of the current frame in earlier reads
    private long remaining = -1; // bytes of a counted frame, or -1
    private int prefix; // the bytes of the prefix so far, as a number
    private long previous; // the last eight bytes of earlier reads, the last one in the highest byte

    LowerBound(Framing framing, FrameCounter counter) {
        this.framing = framing;
        this.counter = counter;
        delimiter = framing instanceof Delimited delimited ? delimited.delimiter() : HeadAndBody.BLANK_LINE;
        lastByte = (delimiter[delimiter.length - 1] & 0xffL) * ONES;
        if (framing instanceof Fixed fixed) {
            remaining = fixed.length();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        ByteBuffer memory = in.nioBuffer();
        int at = 0;
        while (at < memory.limit()) {
            at = remaining >= 0 || !(framing instanceof Delimited || framing instanceof HeadAndBody)
                    ? count(memory, at)
                    : search(memory, at);
        }
        for (int i = Math.max(0, at - Long.BYTES); i < at; i++) {
            previous = (previous >>> 8) | ((long) memory.get(i) << 56);
        }
        in.release();
    }

    private int count(ByteBuffer memory, int from) {
        int at = from;
        while (remaining < 0) { // the prefix, which two reads may share
            if (at == memory.limit()) {
                return at;
            }
            if (frame == 0 && memory.limit() - at >= Integer.BYTES) {
                remaining = memory.getInt(at);
                at += Integer.BYTES;
            } else {
                prefix = (prefix << 8) | (memory.get(at++) & 0xff);
                if (++frame == Integer.BYTES) {
                    remaining = prefix;
                    frame = 0;
                }
            }
        }
        int length = (int) Math.min(remaining, memory.limit() - at);
        remaining -= length;
        counter.data(length);
        if (remaining == 0) {
            counter.end();
            remaining = framing instanceof Fixed fixed ? fixed.length() : -1;
        }
        return at + length;
    }

    /** Searches for the last byte of the delimiter, eight bytes at a time. */
    private int search(ByteBuffer memory, int from) {
        int start = from;
        int i = from;
        for (int last = memory.limit() - Long.BYTES; i <= last; i += Long.BYTES) {
            long x = (long) LONGS.get(memory, i) ^ lastByte;
            long found = ~(((x & LOW_SEVEN) + LOW_SEVEN) | x | LOW_SEVEN);
            while (found != 0) {
                int at = i + (Long.numberOfTrailingZeros(found) >>> 3);
                if (isDelimiter(memory, at)) {
                    end(memory, start, at + 1);
                    start = at + 1;
                    if (remaining >= 0) {
                        return start;
                    }
                }
                found &= found - 1;
            }
        }
        for (; i < memory.limit(); i++) {
            if (memory.get(i) == (byte) lastByte && isDelimiter(memory, i)) {
                end(memory, start, i + 1);
                start = i + 1;
                if (remaining >= 0) {
                    return start;
                }
            }
        }
        frame += memory.limit() - start;
        return i;
    }

    private boolean isDelimiter(ByteBuffer memory, int end) {
        for (int i = 1; i < delimiter.length; i++) {
            int at = end - i;
            byte b = at >= 0 ? memory.get(at) : (byte) (previous >>> (Long.SIZE + Byte.SIZE * at));
            if (b != delimiter[delimiter.length - 1 - i]) {
                return false;
            }
        }
        return true;
    }

    private void end(ByteBuffer memory, int start, int end) {
        counter.data((int) (frame + end - start - delimiter.length));
        counter.end();
        frame = 0;
        if (framing instanceof HeadAndBody) {
            remaining = number(memory, end - delimiter.length);
        }
    }

    private long number(ByteBuffer memory, int end) {
        long number = 0;
        long power = 1;
        for (int at = end - 1; ; at--) {
            byte b = at >= 0 ? memory.get(at) : (byte) (previous >>> (Long.SIZE + Byte.SIZE * at));
            if (b < '0' || b > '9') {
                return number;
            }
            number += power * (b - '0');
            power *= 10;
        }
    }
}
