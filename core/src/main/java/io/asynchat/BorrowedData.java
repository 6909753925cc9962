package io.asynchat;

import io.netty.buffer.AbstractReferenceCountedByteBuf;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;

/**
 * A part of a received buffer, lent to one callback after another: a slice that is moved instead of made anew.
 *
 * <p>It has a reference count of its own, one while it is lent. A callback that retains it keeps it: it is then given up
 * here and holds the received buffer itself. One {@code release()} too many shows at once as a count of zero, on the
 * channel that did it, where on a plain slice it would free the bytes of other frames.
 *
 * <p>This file is longer than others because {@link ByteBuf} has so many ways to get at a byte.
 */
final class BorrowedData extends AbstractReferenceCountedByteBuf {
    private ByteBuf parent = Unpooled.EMPTY_BUFFER; // unless it is lent or kept
    private int offset; // of index 0 in the parent
    private int length;
    private boolean lent; // now
    private boolean kept; // by the callback: the parent is held until the count is zero

    BorrowedData() {
        super(Integer.MAX_VALUE);
    }

    /** Shows these bytes from now on, from reader index 0 to writer index {@code length}. */
    void lend(ByteBuf parent, int index, int length) {
        this.parent = parent;
        this.offset = index;
        this.length = length;
        lent = true;
        maxCapacity(length);
        setIndex(0, length);
    }

    /** Whether it is what the callback under way has been given. */
    boolean isLent() {
        return lent;
    }

    /** Whether it came back and can be lent again; if not, it has been kept and lives on its own, or is dead. */
    boolean isBack() {
        lent = false;
        int count = refCnt(); // once: another thread may be releasing it
        if (count > 1) {
            parent.retain();
            kept = true;
            release();
            return false;
        }
        parent = Unpooled.EMPTY_BUFFER;
        return count == 1;
    }

    /** Whether the callback has released what was only lent. */
    boolean isDead() {
        return refCnt() == 0;
    }

    @Override
    protected void deallocate() {
        if (kept) {
            parent.release();
        }
    }

    @Override
    protected byte _getByte(int index) {
        return parent.getByte(offset + index);
    }

    @Override
    protected short _getShort(int index) {
        return parent.getShort(offset + index);
    }

    @Override
    protected short _getShortLE(int index) {
        return parent.getShortLE(offset + index);
    }

    @Override
    protected int _getUnsignedMedium(int index) {
        return parent.getUnsignedMedium(offset + index);
    }

    @Override
    protected int _getUnsignedMediumLE(int index) {
        return parent.getUnsignedMediumLE(offset + index);
    }

    @Override
    protected int _getInt(int index) {
        return parent.getInt(offset + index);
    }

    @Override
    protected int _getIntLE(int index) {
        return parent.getIntLE(offset + index);
    }

    @Override
    protected long _getLong(int index) {
        return parent.getLong(offset + index);
    }

    @Override
    protected long _getLongLE(int index) {
        return parent.getLongLE(offset + index);
    }

    @Override
    protected void _setByte(int index, int value) {
        parent.setByte(offset + index, value);
    }

    @Override
    protected void _setShort(int index, int value) {
        parent.setShort(offset + index, value);
    }

    @Override
    protected void _setShortLE(int index, int value) {
        parent.setShortLE(offset + index, value);
    }

    @Override
    protected void _setMedium(int index, int value) {
        parent.setMedium(offset + index, value);
    }

    @Override
    protected void _setMediumLE(int index, int value) {
        parent.setMediumLE(offset + index, value);
    }

    @Override
    protected void _setInt(int index, int value) {
        parent.setInt(offset + index, value);
    }

    @Override
    protected void _setIntLE(int index, int value) {
        parent.setIntLE(offset + index, value);
    }

    @Override
    protected void _setLong(int index, long value) {
        parent.setLong(offset + index, value);
    }

    @Override
    protected void _setLongLE(int index, long value) {
        parent.setLongLE(offset + index, value);
    }

    @Override
    public ByteBuf getBytes(int index, ByteBuf dst, int dstIndex, int length) {
        checkIndex(index, length);
        parent.getBytes(offset + index, dst, dstIndex, length);
        return this;
    }

    @Override
    public ByteBuf getBytes(int index, byte[] dst, int dstIndex, int length) {
        checkIndex(index, length);
        parent.getBytes(offset + index, dst, dstIndex, length);
        return this;
    }

    @Override
    public ByteBuf getBytes(int index, ByteBuffer dst) {
        checkIndex(index, dst.remaining());
        parent.getBytes(offset + index, dst);
        return this;
    }

    @Override
    public ByteBuf setBytes(int index, ByteBuf src, int srcIndex, int length) {
        checkIndex(index, length);
        parent.setBytes(offset + index, src, srcIndex, length);
        return this;
    }

    @Override
    public ByteBuf setBytes(int index, byte[] src, int srcIndex, int length) {
        checkIndex(index, length);
        parent.setBytes(offset + index, src, srcIndex, length);
        return this;
    }

    @Override
    public ByteBuf setBytes(int index, ByteBuffer src) {
        checkIndex(index, src.remaining());
        parent.setBytes(offset + index, src);
        return this;
    }

    @Override
    public ByteBuf getBytes(int index, OutputStream out, int length) throws IOException {
        checkIndex(index, length);
        parent.getBytes(offset + index, out, length);
        return this;
    }

    @Override
    public int getBytes(int index, GatheringByteChannel out, int length) throws IOException {
        checkIndex(index, length);
        return parent.getBytes(offset + index, out, length);
    }

    @Override
    public int getBytes(int index, FileChannel out, long position, int length) throws IOException {
        checkIndex(index, length);
        return parent.getBytes(offset + index, out, position, length);
    }

    @Override
    public int setBytes(int index, InputStream in, int length) throws IOException {
        checkIndex(index, length);
        return parent.setBytes(offset + index, in, length);
    }

    @Override
    public int setBytes(int index, ScatteringByteChannel in, int length) throws IOException {
        checkIndex(index, length);
        return parent.setBytes(offset + index, in, length);
    }

    @Override
    public int setBytes(int index, FileChannel in, long position, int length) throws IOException {
        checkIndex(index, length);
        return parent.setBytes(offset + index, in, position, length);
    }

    @Override
    public ByteBuf copy(int index, int length) {
        checkIndex(index, length);
        return parent.copy(offset + index, length);
    }

    @Override
    public ByteBuffer nioBuffer(int index, int length) {
        checkIndex(index, length);
        return parent.nioBuffer(offset + index, length);
    }

    @Override
    public ByteBuffer internalNioBuffer(int index, int length) {
        return nioBuffer(index, length); // the parent has but one of its own, and lends it to all
    }

    @Override
    public ByteBuffer[] nioBuffers(int index, int length) {
        checkIndex(index, length);
        return parent.nioBuffers(offset + index, length);
    }

    @Override
    public int nioBufferCount() {
        return parent.nioBufferCount();
    }

    @Override
    public boolean hasArray() {
        return parent.hasArray();
    }

    @Override
    public byte[] array() {
        return parent.array();
    }

    @Override
    public int arrayOffset() {
        return parent.arrayOffset() + offset;
    }

    @Override
    public boolean hasMemoryAddress() {
        return parent.hasMemoryAddress();
    }

    @Override
    public long memoryAddress() {
        return parent.memoryAddress() + offset;
    }

    @Override
    public boolean isContiguous() {
        return parent.isContiguous();
    }

    @Override
    public boolean isDirect() {
        return parent.isDirect();
    }

    @Override
    public boolean isReadOnly() {
        return parent.isReadOnly();
    }

    @Override
    public int capacity() {
        return length;
    }

    @Override
    public ByteBuf capacity(int newCapacity) {
        throw new UnsupportedOperationException(
                "capacity: " + newCapacity + " (expected: " + length + ", as it was lent)");
    }

    @Override
    public ByteBufAllocator alloc() {
        return parent.alloc();
    }

    @Override
    @SuppressWarnings("deprecation") // of the method that it must implement
    public ByteOrder order() {
        return ByteOrder.BIG_ENDIAN;
    }

    @Override
    public ByteBuf unwrap() {
        return parent;
    }
}
