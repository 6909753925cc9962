package io.asynchat.demo.chat;

import java.util.ArrayDeque;
import java.util.Collection;

/**
 * The last lines that were said in a room. What all rooms remember together is bounded, but for the main room: a stranger
 * with many rooms makes no one forget but himself and those like him. On the house's loop.
 */
final class History {
    static final int LINES = 50;

    /** What the histories of a house may hold together, in characters. */
    static final class Budget {
        private static final int CHARACTERS = 4 << 20;
        private int held;

        private boolean isExceeded() {
            return held > CHARACTERS;
        }
    }

    private final Budget budget;
    private final ArrayDeque<String> lines = new ArrayDeque<>(0);

    History(Budget budget) {
        this.budget = budget;
    }

    void add(String line) {
        lines.add(line);
        budget.held += line.length();
        while (lines.size() > LINES || (budget.isExceeded() && !lines.isEmpty())) {
            budget.held -= lines.remove().length();
        }
    }

    /** The last so many lines, or all there are, the oldest first. */
    Collection<String> last(int most) {
        return lines.stream().skip(Math.max(0, lines.size() - most)).toList();
    }

    /** The room is closed. */
    void forget() {
        lines.forEach(line -> budget.held -= line.length());
        lines.clear();
    }
}
