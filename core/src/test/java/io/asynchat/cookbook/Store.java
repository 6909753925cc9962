package io.asynchat.cookbook;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Values by key, for the key-value examples: at most so many characters in all. Each character stands for a byte.
 *
 * <p>Shared by all connections, and so by several event loops.
 */
final class Store {
    /** What is kept for a key. */
    record Value(String bytes, String flags, long version) {
        Value(String bytes) {
            this(bytes, "0", 0);
        }

        Value with(String changed) {
            return new Value(changed, flags, version);
        }
    }

    private static final int OVERHEAD = 64; // of an entry, so that empty values are not free

    private final Map<String, Value> values = new HashMap<>();
    private final long most;
    private long size;
    private long version;

    Store(long most) {
        this.most = most;
    }

    synchronized @Nullable Value get(String key) {
        return values.get(key);
    }

    /**
     * Replaces a value, null for none, by what {@code next} makes of it; an equal one leaves it as it is.
     *
     * @return what is kept now
     * @throws IllegalStateException if there is no room for it; nothing changes then
     */
    synchronized @Nullable Value update(String key, UnaryOperator<@Nullable Value> next) {
        Value before = values.get(key);
        Value after = next.apply(before);
        if (Objects.equals(after, before)) {
            return before;
        }
        long grown = size - sizeOf(key, before) + sizeOf(key, after);
        if (grown > Math.max(size, most)) {
            throw new IllegalStateException("store: full at " + most + " bytes");
        }
        size = grown;
        if (after == null) {
            values.remove(key);
            return null;
        }
        Value kept = new Value(after.bytes(), after.flags(), ++version);
        values.put(key, kept);
        return kept;
    }

    synchronized void clear() {
        values.clear();
        size = 0;
    }

    private static long sizeOf(String key, @Nullable Value value) {
        return value == null ? 0 : key.length() + value.bytes().length() + OVERHEAD;
    }
}
