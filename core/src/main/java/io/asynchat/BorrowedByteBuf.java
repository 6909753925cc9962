package io.asynchat;

import io.netty.buffer.AbstractReferenceCountedByteBuf;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;

/**
 * A part of a received buffer, lent to one callback or message after another: a slice that is moved, not created again.
 *
 * <p>It has a reference count of its own. A callback borrows it: the count is the loop's, and one {@code release()} too many
 * shows at once, on the channel that made it, where on a plain slice it would free the bytes of other frames. A message is
 * given away: the count is the receiver's. In both cases a view that is retained beyond the call retains the received buffer,
 * and another view takes its place.
 *
 * <p>With assertions or a leak level of advanced and above each loan is a new view, so that a stale one throws.
 */
// Longer than other files: ByteBuf has many ways to get at a byte.
final class BorrowedByteBuf extends AbstractReferenceCountedByteBuf {
    private static final boolean ASSERTIONS = BorrowedByteBuf.class.desiredAssertionStatus();

    private ByteBuf parent = Unpooled.EMPTY_BUFFER; // empty unless the view is lent or retained
    private int offset; // of index 0 in the parent
    private int length;
    private boolean retained; // beyond the call: then it retains the parent until its count is zero

    BorrowedByteBuf() {
        super(Integer.MAX_VALUE);
    }

    /** Returns whether a view is lent once only, so that a use after the call is found. */
    static boolean isLentOnce() {
        return ASSERTIONS || ResourceLeakDetector.getLevel().compareTo(ResourceLeakDetector.Level.ADVANCED) >= 0;
    }

    /** Moves the view to these bytes, from reader index 0 to writer index {@code length}. For a view that is not retained. */
    @SuppressWarnings("ReferenceEquality") // a store is spared, nothing is compared
    void lend(ByteBuf parent, int index, int length) {
        if (this.parent != parent) {
            this.parent = parent;
        }
        this.offset = index;
        if (this.length != length) {
            this.length = length;
            maxCapacity(length);
        }
        setIndex(0, length);
    }

    /** As {@link #lend}, and gives the reference count to the receiver of a message. */
    void give(ByteBuf parent, int index, int length) {
        if (refCnt() == 0) {
            resetRefCnt();
        }
        lend(parent, index, length);
    }

    /** Gives the view up after a call in which it was retained: it retains the received buffer and drops the loop's count. */
    void retainParentAndRelease() {
        parent.retain();
        retained = true;
        release();
    }

    /**
     * Returns, after the call that received this view, whether the view was released in it and can be given again.
     *
     * <p>Another thread may be releasing it at this moment. So the loop takes a count of its own first: either that fails, or
     * the parent is retained before the last count is released.
     */
    boolean isBack() {
        if (refCnt() == 0) {
            return true;
        }
        try {
            retain();
        } catch (IllegalReferenceCountException released) {
            return true;
        }
        retainParentAndRelease();
        return false;
    }

    /** Empties the view, so that a reference that was kept without a count accesses nothing. */
    void cutOff() {
        parent = Unpooled.EMPTY_BUFFER;
        offset = 0;
        length = 0;
        maxCapacity(0);
        setIndex(0, 0);
    }

    @Override
    protected void deallocate() {
        if (retained) {
            parent.release();
        }
    }

    @Override
    public ByteBuf touch() {
        parent.touch();
        return this;
    }

    @Override
    public ByteBuf touch(Object hint) {
        parent.touch(hint);
        return this;
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
        return nioBuffer(index, length); // the parent has one only, and returns it to all callers
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
