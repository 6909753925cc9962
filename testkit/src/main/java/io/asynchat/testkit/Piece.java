package io.asynchat.testkit;

import io.asynchat.testkit.BufferKind.Made;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.LeakPresenceDetector.ResourceScope;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One buffer that is handed to the handlers, and what must be true of it once they are done. */
final class Piece {

    private final Made made;
    private final byte[] heldBytes;

    /** Counts this buffer alone; counts nothing where {@link PerTestLeakDetector} is not in place. */
    private final ResourceScope scope = new ResourceScope("one piece");

    Piece(BufferKind kind, byte[] wire, int from, int to) {
        ResourceScope before = PerTestLeakDetector.enter(scope);
        try {
            made = kind.make(wire, from, to);
        } finally {
            PerTestLeakDetector.enter(before);
        }
        heldBytes = made.held() == null ? new byte[0] : ByteBufUtil.getBytes(made.held(), 0, made.unchangeable());
    }

    ByteBuf handed() {
        return made.buffer();
    }

    /** Says what the handlers did wrong with this buffer, {@code null} if nothing; then releases what is left of it. */
    @Nullable
    String fault() {
        return made.held() == null ? faultOfGiven() : faultOfShared(made.held());
    }

    private @Nullable String faultOfGiven() {
        // Not by the reference count: once released, Netty may have used the same object again for another buffer.
        if (!scope.hasOpenResources()) {
            return null;
        }
        int count = handed().refCnt();
        handed().release(count);
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
