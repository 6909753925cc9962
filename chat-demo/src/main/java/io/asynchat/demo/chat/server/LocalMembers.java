package io.asynchat.demo.chat.server;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How many members of a room are on this node, by event loop and encoding.
 *
 * <p><b>Thread:</b> the sequencer's event loop. The sessions themselves are in the {@link RoomMembers}, each on its own loop.
 */
final class LocalMembers {
    private static final class Group {
        final RoomMembers members;
        int users; // as the sequencer knows them

        Group(RoomMembers members) {
            this.members = members;
        }
    }

    private final List<Group> groups = new ArrayList<>(2); // a few: event loops times encodings
    private final List<Encoding> encodings = new ArrayList<>(1); // of these groups

    void add(EventLoop loop, Encoding encoding) {
        Group group = find(loop, encoding);
        if (group == null) {
            group = new Group(new RoomMembers(loop, encoding));
            groups.add(group);
            if (!encodings.contains(encoding)) {
                encodings.add(encoding);
            }
        }
        group.users++;
    }

    void remove(EventLoop loop, Encoding encoding) {
        Objects.requireNonNull(find(loop, encoding)).users--;
    }

    /** Returns the members among which a session of this loop and encoding is. */
    RoomMembers of(EventLoop loop, Encoding encoding) {
        return Objects.requireNonNull(find(loop, encoding)).members;
    }

    private @Nullable Group find(EventLoop loop, Encoding encoding) {
        for (Group group : groups) {
            if (group.members.loop() == loop && group.members.encoding() == encoding) {
                return group;
            }
        }
        return null;
    }

    /** The encodings in which something that is said here is needed. */
    List<Encoding> encodings() {
        return encodings;
    }

    void forEach(Consumer<RoomMembers> action) {
        for (Group group : groups) {
            if (group.users > 0) {
                action.accept(group.members);
            }
        }
    }
}
