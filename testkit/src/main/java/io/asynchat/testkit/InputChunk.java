package io.asynchat.testkit;

import io.asynchat.testkit.BufferKind.Made;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.LeakPresenceDetector.ResourceScope;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One buffer that is handed to the handlers, with the checks made on it after the run. */
final class InputChunk {

    private final Made made;
    private final byte[] heldBytes;

    /** Counts this buffer alone; counts nothing where {@link PerTestLeakDetector} is not in place. */
    private final ResourceScope scope = new ResourceScope("one chunk");

    private InputChunk(Supplier<Made> buffer) {
        ResourceScope before = PerTestLeakDetector.enter(scope);
        try {
            made = buffer.get();
        } finally {
            PerTestLeakDetector.enter(before);
        }
        heldBytes = made.held() == null ? new byte[0] : ByteBufUtil.getBytes(made.held(), 0, made.unchangeable());
    }

    static InputChunk of(BufferKind kind, byte[] wire, int from, int to) {
        return new InputChunk(() -> kind.make(wire, from, to));
    }

    /** Creates a chunk whose fault names the handler that received it last. */
    static InputChunk traced(byte[] wire, int from, int to) {
        return new InputChunk(() -> Made.given(new TracedByteBuf(Arrays.copyOfRange(wire, from, to))));
    }

    /** Returns the buffer; its reference is for the handlers. */
    ByteBuf buffer() {
        return made.buffer();
    }

    /** Returns what the handlers did wrong with this buffer, or {@code null}; then releases the references that are left. */
    @Nullable
    String fault() {
        return made.held() == null ? faultOfOwned() : faultOfShared(made.held());
    }

    private @Nullable String faultOfOwned() {
        if (buffer() instanceof TracedByteBuf traced) {
            return faultOfTraced(traced);
        }
        // The reference count is not enough: Netty may reuse a released object for another buffer.
        if (!scope.hasOpenResources()) {
            return null;
        }
        int count = buffer().refCnt();
        buffer().release(count);
        return "was not released (reference count 0 expected, but it is " + count + ")";
    }

    private static @Nullable String faultOfTraced(TracedByteBuf buffer) {
        int count = buffer.refCnt();
        if (count == 0) {
            return null;
        }
        Class<?> receiver = buffer.lastReceiver();
        buffer.release(count);
        return "was not released (reference count 0 expected, but it is " + count + ")"
                + (receiver == null ? "" : "; it was last passed to " + receiver.getName());
    }

    private @Nullable String faultOfShared(ByteBuf memory) {
        int count = memory.refCnt();
        if (count == 0) {
            return "was released once too often (it has another owner)";
        }
        String fault = count > 1 ? "was not released (reference count 1 expected, but it is " + count + ")" : null;
        if (!Arrays.equals(heldBytes, ByteBufUtil.getBytes(memory, 0, heldBytes.length))) {
            fault = "was written into (its bytes changed, and it has another owner)";
        }
        memory.release(count);
        return fault;
    }
}
