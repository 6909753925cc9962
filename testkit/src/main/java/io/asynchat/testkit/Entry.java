package io.asynchat.testkit;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One line of a {@link Transcript}: a name, bytes, or both. Two are equal if both agree. */
final class Entry {

    private static final byte[] NONE = {};

    private final String name;
    private final byte @Nullable [] bytes;

    Entry(String name, byte @Nullable [] bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    String name() {
        return name;
    }

    byte[] bytes() {
        return bytes == null ? NONE : bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Entry that && name.equals(that.name) && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        if (bytes == null) {
            return name;
        }
        String quoted = Visible.quoted(bytes, 0, bytes.length);
        return name.isEmpty() ? quoted : name + " " + quoted;
    }
}
