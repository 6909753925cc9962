package io.asynchat.demo.chat.server;

import io.asynchat.Producer;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The form in which sessions get messages. One instance is one encoding: a message is encoded once for each. What only pages are
 * sent is nothing by default.
 *
 * <p><b>Thread:</b> any; a producer is used on its session's event loop.
 */
public interface Encoding {
    /** Writes a message, framed as the sessions' protocol has it. */
    void write(ChatMessage message, ByteBuf to);

    /**
     * Writes names with a heading.
     *
     * @param of what these are: users or rooms
     */
    default void writeList(String of, String heading, List<String> names, ByteBuf to) {
        write(ChatMessage.notice(heading), to);
        names.forEach(name -> write(ChatMessage.notice(name), to));
    }

    /**
     * The user is logged in.
     *
     * @param token resumes the session
     * @param lastNumber the last number of the page's lines that was handled; 0 if none was
     */
    default void writeLogin(String name, String token, long lastNumber, ByteBuf to) {}

    /**
     * A line was handled.
     *
     * @param number the page's
     * @param id of the first message that follows from the line; null if none does
     */
    default void writeAck(long number, @Nullable MessageId id, ByteBuf to) {}

    /** Messages of the room may be missing before those that follow. */
    default void writeGap(ByteBuf to) {}

    /** Returns what shows a room to a user who has entered it; null if users of this encoding ask for it themselves. */
    default @Nullable Producer room(String name, Supplier<List<String>> members, List<ChatMessage> history) {
        return null;
    }
}
