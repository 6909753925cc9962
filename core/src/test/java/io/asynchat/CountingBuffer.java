package io.asynchat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.util.ByteProcessor;
import java.util.concurrent.atomic.AtomicLong;

/** Counts how many bytes are looked at, however; copying a whole range is not looking, nor is what its memory shows. */
final class CountingBuffer extends UnpooledHeapByteBuf {
    private final AtomicLong reads;
    private final int pieces; // so many, as it says

    private CountingBuffer(byte[] bytes, AtomicLong reads, int pieces) {
        super(ByteBufAllocator.DEFAULT, bytes, bytes.length);
        this.reads = reads;
        this.pieces = pieces;
    }

    /** Shows its memory to nobody. */
    CountingBuffer(byte[] bytes, AtomicLong reads) {
        this(bytes, reads, 2);
    }

    /** Shows its memory to any caller that asks for it. */
    static CountingBuffer inOnePiece(byte[] bytes, AtomicLong reads) {
        return new CountingBuffer(bytes, reads, 1);
    }

    @Override
    protected byte _getByte(int index) {
        reads.addAndGet(Byte.BYTES);
        return super._getByte(index);
    }

    @Override
    protected short _getShort(int index) {
        reads.addAndGet(Short.BYTES);
        return super._getShort(index);
    }

    @Override
    protected short _getShortLE(int index) {
        reads.addAndGet(Short.BYTES);
        return super._getShortLE(index);
    }

    @Override
    protected int _getInt(int index) {
        reads.addAndGet(Integer.BYTES);
        return super._getInt(index);
    }

    @Override
    protected int _getIntLE(int index) {
        reads.addAndGet(Integer.BYTES);
        return super._getIntLE(index);
    }

    @Override
    protected long _getLong(int index) {
        reads.addAndGet(Long.BYTES);
        return super._getLong(index);
    }

    @Override
    protected long _getLongLE(int index) {
        reads.addAndGet(Long.BYTES);
        return super._getLongLE(index);
    }

    @Override
    public int forEachByte(int index, int length, ByteProcessor processor) {
        reads.addAndGet(length);
        return super.forEachByte(index, length, processor);
    }

    @Override
    public int indexOf(int from, int to, byte value) {
        reads.addAndGet(to - from);
        return super.indexOf(from, to, value);
    }

    @Override
    public int nioBufferCount() {
        return pieces;
    }

    @Override
    public boolean hasArray() {
        return false;
    }

    @Override
    public byte[] array() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ByteBuf getBytes(int index, byte[] to, int toIndex, int length) {
        return super.getBytes(index, to, toIndex, length);
    }
}
