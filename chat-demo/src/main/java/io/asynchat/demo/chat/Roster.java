package io.asynchat.demo.chat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who or what is here, in the order of coming, and the answer to who asks. The answer is written once for all who ask
 * before it changes: a thousand names are not encoded for each. On the house's loop.
 */
final class Roster<T extends Roster.Named> {
    /** What can be listed. */
    interface Named {
        /** As it is shown. */
        String name();

        /** Equal for names that are the same. */
        String key();
    }

    private final String heading;
    private final Map<String, T> byKey = new LinkedHashMap<>();
    private byte @Nullable [] answer; // until something comes or goes

    Roster(String heading) {
        this.heading = heading;
    }

    /** False if the name is taken. */
    boolean add(T named) {
        if (byKey.putIfAbsent(named.key(), named) != null) {
            return false;
        }
        answer = null;
        return true;
    }

    void remove(T named) {
        byKey.remove(named.key());
        answer = null;
    }

    @Nullable
    T find(String name) {
        return byKey.get(Names.key(name));
    }

    Collection<T> all() {
        return byKey.values();
    }

    int size() {
        return byKey.size();
    }

    boolean isEmpty() {
        return byKey.isEmpty();
    }

    /** The heading, and a name a line. */
    byte[] answer() {
        byte[] answer = this.answer;
        if (answer == null) {
            ByteBuf lines = ByteBufAllocator.DEFAULT.buffer();
            try {
                Text.writeLine(lines, heading);
                byKey.values().forEach(named -> Text.writeLine(lines, named.name()));
                answer = ByteBufUtil.getBytes(lines);
            } finally {
                lines.release();
            }
            this.answer = answer;
        }
        return answer;
    }
}
