package io.asynchat.demo.chat.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Users or rooms by name, in the order in which they came. Its listing is encoded once until the next change: a thousand names
 * are not encoded for each user who asks.
 *
 * <p><b>Thread:</b> the sequencer's event loop.
 */
final class Directory<T extends Directory.Named> {
    /** What has a name. */
    interface Named {
        /** The name as it is shown. */
        String name();

        /** A key that is equal for names that are the same. */
        String key();
    }

    private final String content; // users or rooms
    private final String heading;
    private final Map<String, T> byKey = new LinkedHashMap<>();
    private final Map<Encoding, byte[]> listings = new HashMap<>(2); // until the next change

    Directory(String content, String heading) {
        this.content = content;
        this.heading = heading;
    }

    /** Adds an entry. Returns false if the name is taken. */
    boolean add(T named) {
        boolean free = byKey.putIfAbsent(named.key(), named) == null;
        if (free) {
            listings.clear();
        }
        return free;
    }

    /** Puts an entry in the place of the one of its key, whose name is the same. */
    void replace(T named) {
        byKey.replace(named.key(), named);
    }

    /** Removes an entry if it is there. */
    boolean remove(T named) {
        boolean removed = byKey.remove(named.key(), named);
        if (removed) {
            listings.clear();
        }
        return removed;
    }

    void clear() {
        byKey.clear();
        listings.clear();
    }

    @Nullable
    T find(String key) {
        return byKey.get(key);
    }

    Collection<T> all() {
        return byKey.values();
    }

    List<String> names() {
        return byKey.values().stream().map(Named::name).toList();
    }

    int size() {
        return byKey.size();
    }

    boolean isEmpty() {
        return byKey.isEmpty();
    }

    /** Returns the heading and the names. */
    byte[] listing(Encoding encoding) {
        return listings.computeIfAbsent(encoding, this::encode);
    }

    private byte[] encode(Encoding encoding) {
        ByteBuf lines = ByteBufAllocator.DEFAULT.buffer();
        try {
            encoding.writeList(content, heading, names(), lines);
            return ByteBufUtil.getBytes(lines);
        } finally {
            lines.release();
        }
    }
}
