package io.asynchat.demo.chat.server.cluster;

import java.util.PriorityQueue;

/** A clock in milliseconds, with the actions that are due at times to come. */
final class VirtualTime {
    private record Action(long at, long order, Runnable run) implements Comparable<Action> {
        @Override
        public int compareTo(Action other) {
            return at == other.at ? Long.compare(order, other.order) : Long.compare(at, other.at);
        }
    }

    private final PriorityQueue<Action> actions = new PriorityQueue<>();
    private long now;
    private long order;

    long now() {
        return now;
    }

    void after(long delay, Runnable action) {
        actions.add(new Action(now + Math.max(0, delay), order++, action));
    }

    /** Runs what is due up to a time. */
    void advance(long millis) {
        long until = now + millis;
        while (!actions.isEmpty() && actions.peek().at() <= until) {
            Action next = actions.remove();
            now = Math.max(now, next.at());
            next.run().run();
        }
        now = until;
    }
}
