package io.asynchat.demo.chat.server;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last messages of a room. What all rooms except the main one keep together is bounded: a user who fills many rooms takes
 * history from those rooms only.
 *
 * <p><b>Thread:</b> the sequencer's event loop.
 */
final class History {
    /** The maximum number of messages. */
    static final int MAX_MESSAGES = 50;

    /** What the histories of several rooms may hold together, in characters. */
    static final class Budget {
        private static final int MAX_CHARACTERS = 4 << 20;
        private int held; // grows and shrinks with the histories

        private boolean isExceeded() {
            return held > MAX_CHARACTERS;
        }
    }

    private final Budget budget;
    private final ArrayDeque<ChatMessage> messages = new ArrayDeque<>(0);

    History(Budget budget) {
        this.budget = budget;
    }

    void add(ChatMessage message) {
        messages.add(message);
        budget.held += size(message);
        while (messages.size() > MAX_MESSAGES || (budget.isExceeded() && !messages.isEmpty())) {
            budget.held -= size(messages.remove());
        }
    }

    private static int size(ChatMessage message) {
        return message.name().length() + message.text().length();
    }

    /** Returns the last {@code max} messages, or all if there are fewer, the oldest first. */
    List<ChatMessage> last(int max) {
        return messages.stream().skip(Math.max(0, messages.size() - max)).toList();
    }

    /**
     * Returns the messages after the one with that place in the log.
     *
     * @param after null for a user who has no message of the room
     * @return null if it is not known that these are all: the message is not here, or others came before the first one that is
     */
    @Nullable
    List<ChatMessage> since(@Nullable MessageId after, long epoch) {
        if (after == null) {
            return messages.size() == MAX_MESSAGES ? null : List.copyOf(messages);
        }
        boolean found = after.epoch() == epoch
                && messages.stream()
                        .anyMatch(each -> each.position() == after.position() && each.index() == after.index());
        return found
                ? messages.stream()
                        .dropWhile(each -> each.position() != after.position() || each.index() != after.index())
                        .skip(1)
                        .toList()
                : null;
    }

    /** Drops all messages, when the room is closed. */
    void clear() {
        messages.forEach(message -> budget.held -= size(message));
        messages.clear();
    }
}
