package io.asynchat.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One buffer that is handed to the handlers, and what must be true of it once they are done. */
final class Piece {

    private final ByteBuf handed;

    /** The memory that somebody else holds too; {@code null} if the handlers alone hold the buffer. */
    private final @Nullable ByteBuf held;

    private final byte[] heldBytes;

    private Piece(ByteBuf handed, @Nullable ByteBuf held, int unchangeable) {
        this.handed = handed;
        this.held = held;
        this.heldBytes = held == null ? new byte[0] : ByteBufUtil.getBytes(held, 0, unchangeable);
    }

    /** A buffer that belongs to the handlers alone; they may write into it as they like. */
    static Piece given(ByteBuf buffer) {
        return new Piece(buffer, null, 0);
    }

    /**
     * A buffer that shares its memory and its count with {@code held}, of which one reference stays here. The first
     * {@code unchangeable} bytes of that memory must stay what they are.
     */
    static Piece shared(ByteBuf buffer, ByteBuf held, int unchangeable) {
        held.retain();
        return new Piece(buffer, held, unchangeable);
    }

    ByteBuf handed() {
        return handed;
    }

    /** Says what the handlers did wrong with this buffer, {@code null} if nothing; then releases what is left of it. */
    @Nullable
    String fault() {
        return held == null ? faultOfGiven() : faultOfShared(held);
    }

    private @Nullable String faultOfGiven() {
        int count = handed.refCnt();
        if (count == 0) {
            return null;
        }
        handed.release(count);
        return "was not released (reference count 0 expected, but it is " + count + ")";
    }

    private @Nullable String faultOfShared(ByteBuf memory) {
        int count = memory.refCnt();
        if (count == 0) {
            return "was released once too often (somebody else still holds it)";
        }
        String fault = count > 1 ? "was not released (reference count 1 expected, but it is " + count + ")" : null;
        if (!Arrays.equals(heldBytes, ByteBufUtil.getBytes(memory, 0, heldBytes.length))) {
            fault = "was written into (somebody else holds it too, and its bytes changed)";
        }
        memory.release(count);
        return fault;
    }
}
