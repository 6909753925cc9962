package io.asynchat.testkit;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One line of a {@link Transcript}: a name, bytes, or both. Two entries are equal if both parts are. */
final class Entry {

    private static final byte[] NONE = {};
    private static final int BYTES_BEFORE = 40;

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
        return textFrom(0);
    }

    /** Returns the text for a report, with the bytes from {@code first} on. */
    String textFrom(int first) {
        if (bytes == null) {
            return name;
        }
        String quoted = Printable.quoted(bytes, Math.min(first, bytes.length), bytes.length);
        return (name.isEmpty() ? "" : name + " ") + (first > 0 ? "(from byte " + first + ") " : "") + quoted;
    }

    /** Returns the index of the first byte to show of two entries that differ: a little before the difference. */
    static int firstShown(Entry one, Entry other) {
        int difference = Arrays.mismatch(one.bytes(), other.bytes());
        return difference < BYTES_BEFORE * 2 ? 0 : difference - BYTES_BEFORE;
    }
}
